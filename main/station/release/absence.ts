import type { ItemStage, OnMedium } from '../../../shared/domain/stages.ts';
import { appendAudit } from '../audit/index.ts';
import { recordEvidence } from '../evidence.ts';
import type { Listing } from '../intake/index.ts';
import { isPartial, provesAbsent } from '../intake/index.ts';
import type { Transaction } from '../store/index.ts';

interface Row {
  readonly id: string;
  readonly path: string;
  readonly stage: ItemStage;
  readonly on_medium: OnMedium;
  readonly kept_because: string;
  readonly unlinked_at: number | null;
}

/**
 * Writes down what a listing after erasing tells of every item of the docking. What was erased is absent only if the listing
 * proves it; what went without an order, what came back and what is new on the medium is said too.
 * @param listing null when the medium could not be listed: it proves nothing
 */
export async function recordListing(
  tx: Transaction,
  dockingId: string,
  listing: Listing | null,
  how: string,
): Promise<void> {
  const rows = await tx.all<Row>(
    'SELECT id, path, stage, on_medium, kept_because, unlinked_at FROM item WHERE docking_id = ? ORDER BY position',
    [dockingId],
  );
  const isAbsent = listing ? provesAbsent(listing) : () => false;
  const isMissed = (row: Row) =>
    row.stage !== 'housekeeping' &&
    ['present', 'kept', 'erase-unverified'].includes(row.on_medium) &&
    row.unlinked_at === null &&
    !row.kept_because.includes('object-missing') &&
    isAbsent(row.path);
  const files = new Set(listing?.files.map((file) => file.path));
  const facts = { how, whole: listing !== null && !isPartial(listing) };
  const missed = rows.filter(isMissed);
  for (const row of missed) await wentByItself(tx, row);
  for (const row of rows) {
    if (row.on_medium === 'erasing' && row.unlinked_at !== null) {
      // When something went that nobody erased, this may be another card or a damaged one: then the listing proves nothing.
      await checked(tx, row, isAbsent(row.path) && missed.length === 0, { ...facts, listed: files.has(row.path) });
    } else if (row.on_medium === 'absent' && files.has(row.path)) {
      await checked(tx, row, false, { ...facts, listed: true });
    }
  }
  if (!listing) return;
  if (facts.whole && missed.length === 0) await closeEarlier(tx, dockingId, isAbsent, how);
  // The new listing takes the place of the old one: what could be listed now is said anew, and by its own name.
  await tx.run('DELETE FROM not_followed WHERE docking_id = ?', [dockingId]);
  const known = new Set(rows.map((row) => row.path));
  const later = listing.files.filter((file) => !known.has(file.path));
  for (const { path, what } of [
    ...listing.notFollowed,
    ...later.map((file) => ({ path: file.path, what: 'appeared-later' as const })),
  ]) {
    await tx.run('INSERT OR IGNORE INTO not_followed (docking_id, path, what) VALUES (?, ?, ?)', [
      dockingId,
      path,
      what,
    ]);
  }
}

/**
 * What was ordered to be erased in an earlier docking, when the card was pulled before anybody looked: a whole listing of the
 * same medium tells. Identity alone does not say that it is the same medium, for cards are cloned: a file of the same path
 * and content in both dockings does.
 */
async function closeEarlier(
  tx: Transaction,
  dockingId: string,
  isAbsent: (path: string) => boolean,
  how: string,
): Promise<void> {
  const rows = await tx.all<{ id: string; path: string }>(
    `SELECT old.id, old.path FROM item old JOIN docking od ON od.id = old.docking_id
     JOIN docking d ON d.id = ? AND d.medium_id = od.medium_id
     WHERE old.on_medium = 'erase-unverified' AND od.ended_at IS NOT NULL AND EXISTS (
       SELECT 1 FROM item a JOIN item b ON b.path = a.path AND b.sha256 = a.sha256
       WHERE a.docking_id = od.id AND b.docking_id = d.id)`,
    [dockingId],
  );
  for (const row of rows) {
    if (isAbsent(row.path)) await checked(tx, row, true, { how, whole: true, listed: false, laterDocking: dockingId });
  }
}

async function checked(
  tx: Transaction,
  row: Pick<Row, 'id'>,
  absent: boolean,
  facts: Readonly<Record<string, string | boolean>>,
): Promise<void> {
  await tx.run('UPDATE item SET on_medium = ?, absent_at = ? WHERE id = ?', [
    absent ? 'absent' : 'erase-unverified',
    absent ? Date.now() : null,
    row.id,
  ]);
  await recordEvidence(tx, { itemId: row.id, kind: 'checked-absent', ok: absent, facts });
  await appendAudit(tx, { person: null, action: absent ? 'absent' : 'erase-unverified', subject: row.id });
}

/** An item that nobody erased is not there any more: said as what it is, so that a person can ask who took it. */
async function wentByItself(tx: Transaction, row: Row): Promise<void> {
  await tx.run(`UPDATE item SET on_medium = 'kept', kept_because = '["object-missing"]' WHERE id = ?`, [row.id]);
  await appendAudit(tx, { person: null, action: 'kept', subject: row.id, facts: { because: 'object-missing' } });
}
