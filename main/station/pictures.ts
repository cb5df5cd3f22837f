import type { PictureAnswer } from './door/index.ts';
import { imageSource } from './image-source.ts';
import type { ItemKind } from './imaging/index.ts';
import type { Rooms } from './rooms.ts';
import { openContent } from './sealed-content.ts';

interface PictureRow {
  id: string;
  kind: ItemKind;
  display: 'ok' | 'cannot';
  sha256: string | null;
  sealed_name: string | null;
  sealed_key: Uint8Array | null;
}

/** A picture of a capture (or, small only, of an item): its thumbnail out of the index, or its primary item unsealed and rendered by imaging. */
export async function pictureOf(
  rooms: Rooms,
  captureId: string,
  size: 'thumb' | 'screen' | 'full',
  signal: AbortSignal,
): Promise<PictureAnswer> {
  const row = await rooms.store.read.get<PictureRow>(
    `SELECT i.id, i.kind, i.sha256, c.display, i.sealed_name, i.sealed_key FROM capture c JOIN item i ON i.id = c.primary_item_id
     WHERE c.id = ?`,
    [captureId],
  );
  if (size === 'thumb') {
    // By the item's id too: the small picture of something that is only just arriving.
    const thumbnail = await rooms.store.read.get<{ media_type: string; bytes: Uint8Array }>(
      'SELECT media_type, bytes FROM thumbnail WHERE item_id = ?',
      [row?.id ?? captureId],
    );
    return thumbnail ? { status: 200, mediaType: thumbnail.media_type, bytes: thumbnail.bytes } : { status: 404 };
  }
  if (!row) return { status: 404 };
  if (row.sealed_name === null || row.sealed_key === null) return { status: 404 };
  if (row.display !== 'ok') return { status: 415 };
  const ref = { id: row.id, name: row.sealed_name, key: row.sealed_key };
  const bytes = await openContent(rooms.store, rooms.sealed, ref, row.sha256, true);
  const rendering = await rooms.imaging.render(imageSource(row.kind, bytes), size, signal);
  return { status: 200, mediaType: rendering.mediaType, bytes: rendering.bytes };
}
