import type { IndexStore, Transaction } from '../../main/station/store/index.ts';

/** Rows as a walked card leaves them, written straight into a store: for tests of what is decided by them. */
export interface CustodyRows {
  docking(id: string, state?: { ended?: boolean }): Promise<void>;
  /** A capture with its items; each item's content is its hash. */
  capture(id: string, options?: CaptureRowOptions): Promise<void>;
}

export interface CaptureRowOptions {
  readonly docking?: string;
  readonly stage?: 'unfiled' | 'filed' | 'delivered' | 'confirmed' | 'rejected';
  readonly kind?: string;
  readonly duplicateOf?: string;
  /** Content by file name; the first one is the primary item. */
  readonly items?: Readonly<Record<string, string>>;
  readonly onMedium?: 'present' | 'erasing' | 'absent' | 'kept';
}

const KINDS: Readonly<Record<string, string>> = {
  JPG: 'jpeg',
  DNG: 'dng',
  CR2: 'cr2',
  HEIC: 'heic',
  MOV: 'mov',
  AAE: 'aae',
};

/** The person `p`, the medium `m`, and writers for the rest. */
export async function custodyRows(store: IndexStore): Promise<CustodyRows> {
  let position = 0;
  await store.write(async (tx) => {
    await tx.run(
      "INSERT INTO person (id, login, display_name, role, created_at) VALUES ('p', 'ann', 'Ann', 'lead', 0)",
    );
    await tx.run(
      "INSERT INTO medium (id, identity, kind, label, first_docked_at) VALUES ('m', 'm', 'card', 'CARD', 0)",
    );
  });
  const item = async (tx: Transaction, captureId: string, name: string, sha256: string, options: CaptureRowOptions) => {
    position += 1;
    const kind = KINDS[name.split('.')[1] ?? ''] ?? 'unknown';
    await tx.run(
      `INSERT INTO item (id, docking_id, position, path, size, modified_at, kind, stage, on_medium, group_key, capture_id,
                         sha256, second_sha256, unsealed_sha256, inspected_at)
       VALUES (?, ?, ?, ?, 1, 0, ?, 'proven', ?, ?, ?, ?, ?, ?, 1)`,
      [
        `${captureId}/${name}`,
        options.docking ?? 'd1',
        position,
        `${position}/${name}`,
        kind,
        options.onMedium ?? 'present',
        captureId,
        captureId,
        sha256,
        sha256,
        sha256,
      ],
    );
  };
  return {
    async docking(id, { ended = false } = {}) {
      await store.write((tx) =>
        tx.run(
          `INSERT INTO docking (id, medium_id, root, read_only, started_at, listed_at, ended_at) VALUES (?, 'm', '/card', 0, 1, 1, ?)`,
          [id, ended ? 2 : null],
        ),
      );
    },
    async capture(id, options = {}) {
      const items = Object.entries(options.items ?? { 'A.JPG': `content of ${id}` });
      await store.write(async (tx) => {
        await tx.run(
          `INSERT INTO capture (id, docking_id, stage, kind, primary_item_id, created_at, display, duplicate_of, inspection)
           VALUES (?, ?, ?, ?, ?, 1, 'ok', ?, '{}')`,
          [
            id,
            options.docking ?? 'd1',
            options.stage ?? 'unfiled',
            options.kind ?? 'photo',
            `${id}/${items[0]![0]}`,
            options.duplicateOf ?? null,
          ],
        );
        for (const [name, content] of items) await item(tx, id, name, content, options);
      });
    },
  };
}
