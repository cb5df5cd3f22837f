import { passing } from '#durable';
import type { Delivered, Destination, ReadAgain } from '../archive/index.ts';
import { deliverAgain, readAgain } from '../archive/index.ts';
import { appendAudit } from '../audit/index.ts';
import { recordEvidence } from '../evidence.ts';
import type { Step } from '../scheduler.ts';
import type { IndexStore, SealedStore, Transaction } from '../store/index.ts';
import type { RetentionPolicy } from './due.ts';
import { findDue, isDue } from './due.ts';

export interface RetentionOptions {
  readonly store: IndexStore;
  readonly sealed: SealedStore;
  readonly destination: Destination;
  readonly policy: RetentionPolicy;
  readonly onChange: () => void;
}

interface CaptureRow {
  id: string;
  stage: 'confirmed' | 'rejected';
  primary_item_id: string;
}

interface ItemRow {
  id: string;
  capture_id: string;
  stage: string;
  sha256: string;
}

/** When nothing was due, the next look may wait: retention is counted in days. */
const LOOK_MS = 2000;

/**
 * The end of retention: the keys of sealed files are erased from the index, and with them the only way into the files, which
 * are removed after that. Rows, hashes, evidence and certificates stay.
 */
export function shredStep(options: RetentionOptions): Step {
  const { store, sealed, destination, policy, onChange } = options;
  let lookAt = 0;
  // The index's -wal file may still hold pages with erased keys, also from before the last start.
  let settled = false;
  return {
    name: 'shred',
    concurrency: 1,
    // Nobody waits for it, and an archive that is away should not be asked all the time.
    backoff: (attempt) => Math.min(3_600_000, 60_000 * 2 ** (attempt - 1)),
    async find(limit) {
      if (performance.now() < lookAt) return [];
      const due = await findDue(store.read, policy, limit);
      if (due.length > 0) return due;
      lookAt = performance.now() + LOOK_MS;
      if (!settled) {
        await removeShredded(store, sealed);
        settled = await store.settle();
      }
      return [];
    },
    async run(id, signal) {
      if (!(await isDue(store.read, policy, id))) return;
      const delivered = await deliveredOf(store, id);
      const answer = delivered ? await readAgain(destination, delivered, signal) : null;
      if (delivered && answer && !answer.equal) {
        await deliverAgain(store, destination, delivered, answer);
        onChange();
        return;
      }
      settled = false;
      // Whatever people did while the archive was asked counts: everything is looked at again where it is done.
      await store.write((tx) => shred(tx, policy, id, answer?.facts ?? null));
      await removeShredded(store, sealed);
      onChange();
    },
  };
}

/** The confirmed instance of a capture; null when it was rejected. */
async function deliveredOf(store: IndexStore, captureId: string): Promise<Delivered | null> {
  const row = await store.read.get<Delivered>(
    `SELECT n.* FROM instance n JOIN capture c ON c.id = n.capture_id
     WHERE c.id = ? AND c.stage = 'confirmed' AND n.state = 'confirmed'`,
    [captureId],
  );
  return row ?? null;
}

async function shred(
  tx: Transaction,
  policy: RetentionPolicy,
  id: string,
  readBack: ReadAgain['facts'] | null,
): Promise<void> {
  if (!(await isDue(tx, policy, id))) return;
  const captures = await tx.all<CaptureRow>(
    'SELECT id, stage, primary_item_id FROM capture WHERE id = ? OR duplicate_of = ? ORDER BY duplicate_of IS NOT NULL',
    [id, id],
  );
  const original = captures[0]!;
  // Restored, or sent again, since it was found.
  if (original.stage === 'confirmed' && readBack === null) return;
  if (readBack) await recordEvidence(tx, { captureId: id, kind: 'read-back', ok: true, facts: readBack });
  const archived = await archivedContent(tx, original);
  const isShreddable = (item: ItemRow) => {
    // A copy that was never read a second time may be the better one of the two.
    if (item.stage !== 'proven') return false;
    if (original.stage === 'rejected') return policy.rejectedMayBeShredded;
    return item.sha256 === archived || policy.originalsMayBeShredded;
  };
  const now = Date.now();
  let shredded = 0;
  let keptOfAll = 0;
  for (const capture of captures) {
    const items = await tx.all<ItemRow>(
      'SELECT id, capture_id, stage, sha256 FROM item WHERE capture_id = ? AND sealed_key IS NOT NULL',
      [capture.id],
    );
    for (const item of items.filter(isShreddable)) {
      await tx.run('UPDATE item SET sealed_key = NULL, shredded_at = ? WHERE id = ?', [now, item.id]);
      await tx.run('DELETE FROM thumbnail WHERE item_id = ?', [item.id]);
      await recordEvidence(tx, {
        itemId: item.id,
        kind: 'shredded',
        ok: true,
        facts: { sha256: item.sha256, ground: original.stage, inArchive: item.sha256 === archived },
      });
      shredded += 1;
    }
    const kept = items.filter((item) => item.stage === 'proven' && !isShreddable(item)).length;
    keptOfAll += kept;
    await tx.run('UPDATE capture SET shredded_at = ?, shred_kept = ? WHERE id = ?', [now, kept, capture.id]);
  }
  if (original.stage === 'confirmed') await tx.run('UPDATE instance SET sealed_key = NULL WHERE capture_id = ?', [id]);
  await appendAudit(tx, {
    person: null,
    action: 'shredded',
    subject: id,
    facts: { items: shredded, kept: keptOfAll, ground: original.stage, days: policy.retentionDays },
  });
}

/** The one content whose pixel stream the archive holds bit for bit; null where it holds a derived picture, or none. */
async function archivedContent(tx: Transaction, original: CaptureRow): Promise<string | null> {
  const row = await tx.get<{ sha256: string }>(
    `SELECT i.sha256 FROM item i JOIN instance n ON n.capture_id = ? WHERE i.id = ? AND n.derivation IS NULL`,
    [original.id, original.primary_item_id],
  );
  return row?.sha256 ?? null;
}

/** Removes the files to which no key is left. Repeated after a kill: the names stay in their rows until their files are gone. */
export async function removeShredded(store: IndexStore, sealed: SealedStore): Promise<void> {
  for (const table of ['item', 'instance'] as const) {
    const rows = await store.read.all<{ id: string; name: string }>(
      `SELECT id, sealed_name AS name FROM ${table} WHERE sealed_name IS NOT NULL AND sealed_key IS NULL`,
    );
    if (rows.length === 0) continue;
    for (const { name } of rows) {
      passing('before sealed file removed');
      await sealed.remove(name);
      passing('sealed file removed');
    }
    await store.write(async (tx) => {
      for (const { id } of rows) await tx.run(`UPDATE ${table} SET sealed_name = NULL WHERE id = ?`, [id]);
    });
  }
}
