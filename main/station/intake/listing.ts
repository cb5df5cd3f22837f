import type { ListedFile, Listing, NotFollowed } from './source.ts';

/** What could not be listed, unlike what is deliberately not followed: pictures may lie there that nobody has read. */
export const NOT_LISTED = ['unreadable-folder', 'unreadable-entry', 'listed-twice', 'appeared-later'] as const;

/** What a row of `item` says of the object as it was listed. */
export interface ListedRow {
  readonly path: string;
  readonly path_bytes: Uint8Array | null;
  readonly size: number;
  readonly modified_at: number;
}

/** The object that an item's row means, to be found on its medium. */
export function listedFileOf(row: ListedRow): ListedFile {
  return { path: row.path, pathBytes: row.path_bytes, size: row.size, modifiedAt: row.modified_at };
}

/** Whether a listing is known to be partial. */
export function isPartial(listing: Listing): boolean {
  const kinds: readonly NotFollowed['what'][] = NOT_LISTED;
  return listing.notFollowed.some((entry) => kinds.includes(entry.what));
}

/**
 * What a listing proves about a path: that nothing lies there. A path that is not listed proves nothing while a folder
 * above it could not be read.
 */
export function provesAbsent(listing: Listing): (path: string) => boolean {
  const named = new Set([...listing.files, ...listing.notFollowed].map((entry) => entry.path));
  const unlooked = new Set(
    listing.notFollowed.filter((entry) => entry.what !== 'appeared-later').map((entry) => entry.path),
  );
  return (path) => {
    if (named.has(path)) return false;
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      if (unlooked.has(path.slice(0, at))) return false;
    }
    return true;
  };
}
