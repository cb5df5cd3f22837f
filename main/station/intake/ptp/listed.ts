import type { PtpClient } from './client.ts';
import type { ObjectInfo } from './datasets/object-info.ts';
import { pathName, storageNames, type DeviceObject, type DeviceTree } from './objects.ts';
import { refusedAs } from './operate.ts';
import { ALL } from './operations.ts';
import type { NamedObject } from './paths.ts';

/** A picture in a new folder, in a new folder at most. */
const MOST_NEW_FOLDERS = 4;

/** A listing, good for one session. */
export class Listed {
  readonly session: number;
  readonly at = performance.now();
  readonly tree: DeviceTree & { readonly objects: DeviceObject[] };
  readonly byPath: Map<string, NamedObject>;
  readonly twins: readonly string[];

  constructor(session: number, tree: DeviceTree, named: readonly NamedObject[], twins: readonly string[]) {
    this.session = session;
    this.tree = { ...tree, objects: [...tree.objects] };
    this.byPath = new Map(named.map((object) => [object.file.path, object]));
    this.twins = twins;
  }

  byHandle(handle: number): NamedObject | undefined {
    return [...this.byPath.values()].find((object) => object.handle === handle);
  }

  /** What was announced after it was made. */
  add(object: NamedObject): void {
    const before = this.byHandle(object.handle);
    if (before) this.byPath.delete(before.file.path);
    else this.tree.objects.push(object);
    this.byPath.set(object.file.path, object);
  }
}

/** Where a new object lies: in a folder that is known, or in a new one below such a folder or the root. Null: cannot be told by itself. */
export async function foldersAbove(
  client: PtpClient,
  { tree }: Listed,
  info: ObjectInfo,
): Promise<readonly string[] | null> {
  const below: string[] = [];
  let { parent } = info;
  for (let depth = 0; depth < MOST_NEW_FOLDERS; depth++) {
    const known = tree.folders.get(parent);
    if (known) return [...known, ...below];
    const storage = storageNames(tree.storages).get(info.storageId);
    if (parent === 0 || parent === ALL) return storage === undefined ? null : [storage, ...below];
    const above = await client.objectInfo(parent).catch(refusedAs(null));
    if (!above?.isFolder) return null;
    below.unshift(pathName(above.name));
    ({ parent } = above);
  }
  return null;
}
