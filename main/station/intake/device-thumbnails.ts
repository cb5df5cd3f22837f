import { imageSource } from '../image-source.ts';
import type { Imaging } from '../imaging/index.ts';
import { isPicture, kindOf } from '../imaging/index.ts';
import type { Step } from '../scheduler.ts';
import type { IndexStore } from '../store/index.ts';
import type { Dockings } from './dockings.ts';
import { listedFileOf } from './listing.ts';
import type { ListedRow } from './listing.ts';
import type { DockedRow } from './media-lanes.ts';
import { MediaLanes } from './media-lanes.ts';

export interface DeviceThumbnailsOptions {
  readonly store: IndexStore;
  readonly imaging: Imaging;
  readonly dockings: Dockings;
  readonly onChange: (dockingId: string) => void;
}

/**
 * Asks devices for their own small pictures of what is not read yet, between the pieces of what is being read. They are decoded by the
 * imaging process like everything that comes from outside, and the picture itself takes their place once it was looked at.
 */
export function deviceThumbnailsStep(options: DeviceThumbnailsOptions): Step {
  const { store, imaging, dockings, onChange } = options;
  /** A device is asked once for each: what it has none of it will not have later. */
  const asked = new Set<string>();
  const lanes = new MediaLanes(dockings, 1);
  return {
    name: 'device-thumbnail',
    concurrency: 2,
    media: lanes.media,
    find: (limit) =>
      lanes.find(limit, async (dockingId, most) => {
        if (!dockings.find(dockingId)?.source.live) return [];
        const rows = await store.read.all<DockedRow>(
          `SELECT i.id, i.docking_id FROM item i JOIN docking d ON d.id = i.docking_id
           WHERE i.docking_id = ? AND i.stage = 'listed' AND d.cancelled_at IS NULL
             AND NOT EXISTS (SELECT 1 FROM thumbnail t WHERE t.item_id = i.id)
           ORDER BY i.live DESC, i.position LIMIT ?`,
          [dockingId, most + 60],
        );
        return rows.filter((row) => !asked.has(row.id)).slice(0, most);
      }),
    async run(id, signal) {
      asked.add(id);
      lanes.forget(id);
      const row = await store.read.get<ListedRow & { docking_id: string }>(
        "SELECT docking_id, path, path_bytes, size, modified_at FROM item WHERE id = ? AND stage = 'listed'",
        [id],
      );
      const live = row && dockings.find(row.docking_id)?.source.live;
      if (!row || !live) return;
      const bytes = await live.thumbnail(listedFileOf(row)).catch(() => null);
      const kind = bytes && kindOf(bytes);
      if (!bytes || !kind || !isPicture(kind)) return;
      const { thumbnail } = await imaging.inspect(imageSource(kind, bytes), signal);
      if (!thumbnail) return;
      await store.write((tx) =>
        tx.run('INSERT OR IGNORE INTO thumbnail (item_id, media_type, bytes) VALUES (?, ?, ?)', [
          id,
          thumbnail.mediaType,
          thumbnail.bytes,
        ]),
      );
      onChange(row.docking_id);
    },
  };
}
