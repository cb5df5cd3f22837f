import { appendAudit } from '../audit/index.ts';
import { Dockings } from '../intake/index.ts';
import type { IndexStore, Reader } from '../store/index.ts';

/** Where the index of a data folder came from, when it is not simply its own. */
export interface Restored {
  readonly at: number;
  /** The moment up to which the index knows what happened. */
  readonly knowsUntil: number;
  readonly generation: string | null;
  readonly how: 'restored' | 'recovered';
}

const NAME = 'restored';

/** Whether this index was brought back, and from when it is; null when it is simply the station's own. */
export async function readRestored(reader: Reader): Promise<Restored | null> {
  const row = await reader.get<{ value: Uint8Array }>('SELECT value FROM setting WHERE name = ?', [NAME]);
  return row ? (JSON.parse(Buffer.from(row.value).toString('utf8')) as Restored) : null;
}

/**
 * An index that was brought back may be older than the world: cards were erased meanwhile, instances delivered. So nothing that is
 * not confirmed is believed any longer. Dockings end (a card that is still there is docked and listed anew); every instance that is
 * not confirmed is sent, committed and read back again, the same object under the same UID, which an archive may get twice
 * without harm. What was being erased is called not verified.
 */
export async function lookAnew(
  store: IndexStore,
  dataFolder: string,
  restored: Restored,
  personId: string,
  facts: Record<string, string | number | boolean | null>,
): Promise<void> {
  const dockings = new Dockings({ store, dataFolder, onChange: () => undefined });
  const open = await store.read.all<{ id: string }>('SELECT id FROM docking WHERE ended_at IS NULL');
  for (const { id } of open) await dockings.end(id);
  await store.write(async (tx) => {
    const again = await tx.run(
      `UPDATE instance SET state = 'built', state_at = ?, attempts = 0, next_attempt_at = 0, last_code = NULL, commitment_uid = NULL
       WHERE state IN ('built', 'stored', 'committed')`,
      [Date.now()],
    );
    await tx.run(
      'INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
      [NAME, Buffer.from(JSON.stringify(restored))],
    );
    await appendAudit(tx, {
      person: personId,
      action: restored.how === 'restored' ? 'restored-from-backup' : 'recovered',
      subject: restored.generation ?? 'index',
      facts: { ...facts, knowsUntil: restored.knowsUntil, dockingsEnded: open.length, sentAgain: again },
    });
  });
}
