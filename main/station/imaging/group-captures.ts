import { isPicture, isRaw, isSidecar, isVideo, type ItemKind } from './item-kind.ts';

export type GroupableItem = {
  itemId: string;
  /** Relative to the medium, `/` between folders. */
  path: string;
  kind: ItemKind;
  /** `YYYY-MM-DDTHH:mm:ss[.sss]`, the camera's clock. */
  capturedAtLocal: string | null;
  cameraSerial: string | null;
};

export type CaptureGroup = {
  /** In the order of their paths. */
  itemIds: string[];
  /** The item that stands for the capture: what is shown and becomes the record. */
  primaryItemId: string;
  kind: 'photo' | 'raw+jpeg' | 'raw' | 'live-photo' | 'heic' | 'video' | 'other';
};

/** Picture members of one capture were taken within this time (ms): files of one release of the shutter get their times one by one. */
const SAME_SHOT_MS = 2000;

type Item = GroupableItem & { folder: string; base: string; extension: string; time: number | null };
type Cluster = { folder: string; base: string; items: Item[] };

/**
 * Puts items that are one clinical object into one capture: RAW+JPEG, HEIC+MOV+AAE (Live Photo), a video with its THM, sidecars
 * with what they describe. Same folder and base name, and picture times within two seconds; two pictures of one format are
 * always two captures. Every item comes back in exactly one group; the order of the input does not matter.
 */
export function groupCaptures(items: readonly GroupableItem[]): CaptureGroup[] {
  const sorted = items.map(prepare).sort((a, b) => compare(a.path, b.path) || compare(a.itemId, b.itemId));
  const names = new Map<string, Item[]>();
  for (const item of sorted) append(names, keyOf(item.folder, item.base), item);
  const fullNames = new Map(
    sorted.filter((item) => !isSidecar(item.kind)).map((item) => [item.path.toLowerCase(), item]),
  );
  for (const item of sorted) {
    const host = isSidecar(item.kind) ? hostKey(item, names, fullNames) : null;
    if (host === null) continue;
    const own = keyOf(item.folder, item.base);
    names.set(
      own,
      names.get(own)!.filter((other) => other !== item),
    );
    append(names, host, item);
  }
  const clusters = [...names.values()].flatMap((sameName) => clusterSameName(sameName));
  return joinSiblingFolders(clusters)
    .map(toGroup)
    .sort((a, b) => compare(a.path, b.path))
    .map(({ group }) => group);
}

function prepare(item: GroupableItem): Item {
  const slash = item.path.lastIndexOf('/');
  const name = item.path.slice(slash + 1).toLowerCase();
  const dot = name.lastIndexOf('.');
  const time = item.capturedAtLocal === null ? Number.NaN : Date.parse(`${item.capturedAtLocal}Z`);
  return {
    ...item,
    folder: item.path.slice(0, Math.max(slash, 0)).toLowerCase(),
    base: dot > 0 ? name.slice(0, dot) : name,
    extension: dot > 0 ? name.slice(dot + 1) : '',
    time: Number.isNaN(time) ? null : time,
  };
}

/** Sidecars that carry another name than what they describe: `IMG_1.CR2.xmp`, and Apple's `IMG_O1234.AAE` of `IMG_1234`. */
function hostKey(item: Item, names: Map<string, Item[]>, fullNames: Map<string, Item>): string | null {
  const host = fullNames.get(`${item.folder === '' ? '' : `${item.folder}/`}${item.base}`);
  if (host !== undefined) return keyOf(host.folder, host.base);
  const original = /^img_[eo](\d+)$/u.exec(item.base);
  if (item.kind !== 'aae' || original === null) return null;
  const hasOwnHost = names.get(keyOf(item.folder, item.base))!.some((other) => isPicture(other.kind));
  const key = keyOf(item.folder, `img_${original[1]}`);
  return !hasOwnHost && names.get(key)?.some((other) => isPicture(other.kind)) ? key : null;
}

/** Splits items of one folder and base name into captures. */
function clusterSameName(items: readonly Item[]): Cluster[] {
  const first = items[0];
  if (first === undefined) return [];
  const { folder, base } = first;
  const videos = items.filter((item) => isVideo(item.kind));
  const videoThumbnails =
    videos.length > 0 ? items.filter(({ kind, extension }) => kind === 'jpeg' && extension === 'thm') : [];
  const stills: Cluster[] = [];
  for (const item of items) {
    if (!isPicture(item.kind) || videoThumbnails.includes(item)) continue;
    const home = stills.find((cluster) => cluster.items.every((other) => isSameShot(item, other)));
    if (home === undefined) stills.push({ folder, base, items: [item] });
    else home.items.push(item);
  }
  const moving: Cluster[] = [];
  for (const video of videos) {
    const still = video.kind === 'mov' ? stills.find(canBeLive) : undefined;
    if (still === undefined) moving.push({ folder, base, items: [video] });
    else still.items.push(video);
  }
  const hosts = [...stills, ...moving];
  const videoHost = moving[0] ?? hosts[0];
  for (const thumbnail of videoThumbnails) videoHost!.items.push(thumbnail);
  const sidecars = items.filter((item) => isSidecar(item.kind));
  if (hosts[0] !== undefined) hosts[0].items.push(...sidecars);
  else if (sidecars.length > 0) hosts.push({ folder, base, items: sidecars });
  // What nobody knows is never tied to a picture: a person decides about it alone.
  for (const item of items) if (item.kind === 'unknown') hosts.push({ folder, base, items: [item] });
  return hosts;
}

function isSameShot(a: Item, b: Item): boolean {
  if (a.kind === b.kind || (isRaw(a.kind) && isRaw(b.kind))) return false;
  if (a.cameraSerial !== null && b.cameraSerial !== null && a.cameraSerial !== b.cameraSerial) return false;
  return a.time === null || b.time === null || Math.abs(a.time - b.time) <= SAME_SHOT_MS;
}

function canBeLive({ items }: Cluster): boolean {
  return items.some(({ kind }) => kind === 'heic' || kind === 'jpeg') && !items.some(({ kind }) => isVideo(kind));
}

/** A camera may write RAW and JPEG into two folders: they are one capture when name, time and camera serial are known and agree. */
function joinSiblingFolders(clusters: readonly Cluster[]): Cluster[] {
  const developed = new Map<string, Cluster[]>();
  const rest: Cluster[] = [];
  const raws: Cluster[] = [];
  for (const cluster of clusters) {
    const hasRaw = cluster.items.some(({ kind }) => isRaw(kind));
    const hasDeveloped = cluster.items.some(({ kind }) => kind === 'jpeg' || kind === 'heic');
    if (hasRaw && !hasDeveloped) raws.push(cluster);
    else rest.push(cluster);
    if (hasDeveloped && !hasRaw) append(developed, siblingKey(cluster), cluster);
  }
  for (const raw of raws) {
    const shot = raw.items.find(({ kind }) => isRaw(kind))!;
    const partners = (developed.get(siblingKey(raw)) ?? []).filter(
      (cluster) => cluster.folder !== raw.folder && cluster.items.every((item) => isProvenSameShot(shot, item)),
    );
    if (partners.length === 1) partners[0]!.items.push(...raw.items);
    else rest.push(raw);
  }
  return rest;
}

function isProvenSameShot(raw: Item, other: Item): boolean {
  if (!isPicture(other.kind)) return true;
  const hasProof = raw.time !== null && other.time !== null && raw.cameraSerial !== null && other.cameraSerial !== null;
  return hasProof && isSameShot(raw, other);
}

function toGroup({ items }: Cluster): { path: string; group: CaptureGroup } {
  const ordered = items.toSorted((a, b) => compare(a.path, b.path) || compare(a.itemId, b.itemId));
  const primary = ordered.toSorted((a, b) => rank(a) - rank(b))[0]!;
  const itemIds = ordered.map(({ itemId }) => itemId);
  return {
    path: ordered[0]!.path,
    group: { itemIds, primaryItemId: primary.itemId, kind: captureKind(ordered, primary) },
  };
}

function captureKind(items: readonly Item[], primary: Item): CaptureGroup['kind'] {
  if (isVideo(primary.kind)) return 'video';
  if (!isPicture(primary.kind)) return 'other';
  if (isRaw(primary.kind)) return 'raw';
  if (items.some(({ kind }) => isRaw(kind))) return 'raw+jpeg';
  if (items.some(({ kind }) => isVideo(kind))) return 'live-photo';
  return primary.kind === 'heic' ? 'heic' : 'photo';
}

/** The lower, the better it stands for the capture. A THM stands for nothing. */
function rank({ kind, extension }: Item): number {
  if (kind === 'jpeg') return extension === 'thm' ? 5 : 0;
  if (kind === 'heic') return 1;
  if (isRaw(kind)) return 3;
  if (isPicture(kind)) return 2;
  return isVideo(kind) ? 4 : 6;
}

function keyOf(folder: string, base: string): string {
  return `${folder}/${base}`;
}

function siblingKey({ folder, base }: Cluster): string {
  return keyOf(folder.slice(0, Math.max(folder.lastIndexOf('/'), 0)), base);
}

function append<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
