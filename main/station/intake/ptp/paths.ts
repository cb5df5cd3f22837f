import type { ListedFile } from '../source.ts';
import { readDate } from './datasets/dates.ts';
import { pathName, type DeviceObject } from './objects.ts';

export interface NamedObject extends DeviceObject {
  readonly file: ListedFile;
}

type Identity = Pick<ListedFile, 'path' | 'size' | 'modifiedAt'>;

/** When an object was written, ms since the epoch: as the device says it, else when it was taken; 0 when it says neither. */
export function modifiedAtOf(object: DeviceObject): number {
  return (readDate(object.info.modifiedAt) ?? readDate(object.info.capturedAt))?.at ?? 0;
}

/**
 * Gives each object its path, `<storage>/<folders>/<name>`. Two of the same name in one folder are legal on devices: they are told apart by
 * size and time, never by a number that would move when one of them is deleted.
 * @param known paths that were given before; an object that is one of them gets it again, so its path does not depend on who else is there
 * @returns those that cannot be told apart at all under `twins`
 */
export function namePaths(
  objects: readonly DeviceObject[],
  known: readonly Identity[],
): { named: NamedObject[]; twins: string[] } {
  const keyOf = ({ path, size, modifiedAt }: Identity) => `${path}\n${size}\n${modifiedAt}`;
  const knownKeys = new Set(known.map(keyOf));
  const plain = objects.map((object) => ({
    object,
    path: [...object.folders, pathName(object.info.name)].join('/'),
    size: object.info.size,
    modifiedAt: modifiedAtOf(object),
  }));
  const counts = Map.groupBy(plain, ({ path }) => path);
  const candidates = plain.map((one) => {
    const apart = pathApart(one);
    const isKnown = (path: string) => knownKeys.has(keyOf({ ...one, path }));
    if (isKnown(apart)) return { ...one, path: apart };
    if (isKnown(one.path)) return one;
    const isAlone = counts.get(one.path)!.length === 1;
    return isAlone ? one : { ...one, path: apart };
  });
  const named: NamedObject[] = [];
  const twins: string[] = [];
  for (const [path, group] of Map.groupBy(candidates, (one) => one.path)) {
    const [first, ...others] = group;
    if (others.length > 0) {
      twins.push(path);
      continue;
    }
    const { object, size, modifiedAt } = first!;
    named.push({ ...object, file: { path, pathBytes: null, size, modifiedAt } });
  }
  named.sort((one, other) => (one.file.path < other.file.path ? -1 : 1));
  return { named, twins: twins.toSorted() };
}

/** `IMG_0001~2048-20250101T120000.AAE`: the ending stays, so that the object is still what its name says. */
function pathApart({ object, path, size }: Identity & { readonly object: DeviceObject }): string {
  const time = (object.info.modifiedAt || object.info.capturedAt).replaceAll(/[^\dTZ+-]/gu, '').slice(0, 15);
  const dot = path.lastIndexOf('.');
  const at = dot > path.lastIndexOf('/') + 1 ? dot : path.length;
  return `${path.slice(0, at)}~${size}-${time}${path.slice(at)}`;
}
