import { createHash } from 'node:crypto';
import { errorCode, PhotodockError } from '../../../shared/domain/errors.ts';
import { appendAudit } from '../audit/index.ts';
import { setCaptureStage } from '../capture-stage.ts';
import { recordEvidence } from '../evidence.ts';
import type { Step } from '../scheduler.ts';
import type { IndexStore, SealedStore, Transaction } from '../store/index.ts';
import { dueTimes, IS_DUE, LONGEST_MS, nextAttemptAt } from './backoff.ts';
import type { CommitmentOutcome, Destination } from './destination.ts';
import { newUid, samePixelStream } from './dicom/index.ts';
import { mostReadBack } from './most-read-back.ts';
import { judgeCommitment } from './judge-commitment.ts';

interface InstanceRow {
  id: string;
  capture_id: string;
  sop_instance_uid: string;
  sop_class_uid: string;
  study_instance_uid: string;
  series_instance_uid: string;
  transfer_syntax_uid: string;
  state: string;
  object_sha256: string;
  pixel_sha256: string;
  pixel_length: number;
  sealed_name: string;
  /** Null once this station has shredded its copy of the object. */
  sealed_key: Uint8Array | null;
  attempts: number;
}

export interface DeliveryOptions {
  readonly store: IndexStore;
  readonly sealed: SealedStore;
  readonly destination: Destination;
  readonly onChange: () => void;
  /** The archive could not be asked: its health is worth a look. */
  readonly onTrouble?: () => void;
}

const COMMITMENT_BATCH = 100;

const addressOf = (row: InstanceRow) => ({
  sopClassUid: row.sop_class_uid,
  sopInstanceUid: row.sop_instance_uid,
  studyInstanceUid: row.study_instance_uid,
  seriesInstanceUid: row.series_instance_uid,
  transferSyntaxUid: row.transfer_syntax_uid,
});

/** A failed try: remembered with its code and its next time; optionally the instance goes back to an earlier state. */
async function failed(
  tx: Transaction,
  row: InstanceRow,
  code: string,
  backTo?: 'built' | 'stored',
  notBefore = 0,
): Promise<void> {
  const attempts = row.attempts + 1;
  // What was shredded cannot be sent again: it is asked for again until the archive has it.
  const state = backTo === 'built' && row.sealed_key === null ? null : (backTo ?? null);
  // Reports on requests made before it is stored anew speak of a copy that is gone.
  if (state === 'built') {
    await tx.run('DELETE FROM commitment_reference WHERE sop_instance_uid = ?', [row.sop_instance_uid]);
    await setCaptureStage(tx, row.capture_id, 'filed');
  }
  await tx.run(
    `UPDATE instance SET attempts = ?, last_code = ?, next_attempt_at = ?, state = coalesce(?, state),
            state_at = CASE WHEN ? IS NULL THEN state_at ELSE ? END
     WHERE id = ? AND state != 'confirmed'`,
    [attempts, code, Math.max(nextAttemptAt(attempts), notBefore), state, state, Date.now(), row.id],
  );
}

/** How long a busy archive asked to be left alone (Retry-After), ms; never longer than any other wait. */
function askedToWait(error: unknown): number {
  const asked = error instanceof PhotodockError ? error.details['retryAfterMs'] : null;
  return typeof asked === 'number' ? Math.min(asked, LONGEST_MS) : 0;
}

async function reached(tx: Transaction, row: InstanceRow, state: 'stored' | 'committed' | 'confirmed'): Promise<void> {
  // Attempts count tries of one step; `stored` does not clear them, or an archive that loses everything would be asked
  // without a pause for ever.
  await tx.run(
    `UPDATE instance SET state = ?, state_at = ?, next_attempt_at = 0, commitment_uid = NULL,
            attempts = CASE WHEN ? = 'confirmed' THEN 0 ELSE attempts END,
            last_code = CASE WHEN ? = 'confirmed' THEN NULL ELSE last_code END
     WHERE id = ?`,
    [state, Date.now(), state, state, row.id],
  );
}

/** Records what an archive reported about a commitment request, in one transaction, whenever and however it came. */
export async function recordCommitment(store: IndexStore, outcome: CommitmentOutcome): Promise<void> {
  await store.write(async (tx) => {
    const known = await tx.get('SELECT 1 FROM commitment WHERE transaction_uid = ?', [outcome.transactionUid]);
    if (!known) {
      await appendAudit(tx, { person: null, action: 'foreign-commitment-report', subject: outcome.transactionUid });
      return;
    }
    const asked = await tx.all<InstanceRow>(
      `SELECT i.* FROM instance i JOIN commitment_reference r ON r.sop_instance_uid = i.sop_instance_uid
       WHERE r.transaction_uid = ? AND i.state = 'stored'`,
      [outcome.transactionUid],
    );
    for (const row of asked) {
      const judged = judgeCommitment(outcome, addressOf(row));
      if (judged.verdict === 'failed') {
        const facts = { transaction: outcome.transactionUid, reason: judged.reason };
        await recordEvidence(tx, { captureId: row.capture_id, kind: 'commitment', ok: false, facts });
        await tx.run('UPDATE instance SET commitment_uid = NULL WHERE id = ?', [row.id]);
        await failed(tx, row, 'commitment-failed', judged.backTo);
        await appendAudit(tx, { person: null, action: 'commitment-failed', subject: row.sop_instance_uid, facts });
      } else if (judged.verdict === 'committed') {
        const facts = { transaction: outcome.transactionUid };
        await recordEvidence(tx, { captureId: row.capture_id, kind: 'commitment', ok: true, facts });
        await reached(tx, row, 'committed');
        await appendAudit(tx, { person: null, action: 'committed', subject: row.sop_instance_uid, facts });
      }
    }
    await tx.run('UPDATE commitment SET reported_at = ?, outcome = ? WHERE transaction_uid = ?', [
      Date.now(),
      outcome.failed.length > 0 ? 'failures' : 'success',
      outcome.transactionUid,
    ]);
  });
}

/** The durable steps from a built object to a confirmed capture: store, commit, read back. */
export function deliverySteps(options: DeliveryOptions): Step[] {
  const { store, sealed, destination, onChange, onTrouble } = options;
  const rowOf = async (id: string) => {
    const row = await store.read.get<InstanceRow>('SELECT * FROM instance WHERE id = ?', [id]);
    if (!row) throw new PhotodockError('no-such-instance', 'there is no such instance');
    return row;
  };
  const due = async (states: string, limit: number) =>
    (
      await store.read.all<{ id: string }>(
        `SELECT id FROM instance WHERE state IN (${states}) AND ${IS_DUE} ORDER BY state_at LIMIT ?`,
        [...dueTimes(destination.commitmentTimeoutMs), limit],
      )
    ).map((row) => row.id);
  /** The archive could not be asked: no evidence of anything, tried again later. */
  const guarded = async (row: InstanceRow, signal: AbortSignal, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (signal.aborted) return;
      await store.write((tx) => failed(tx, row, errorCode(error), undefined, Date.now() + askedToWait(error)));
      onTrouble?.();
    }
    onChange();
  };

  const send: Step = {
    name: 'store',
    concurrency: destination.concurrency,
    find: (limit) => due("'built'", limit),
    async run(id, signal) {
      const row = await rowOf(id);
      if (row.state !== 'built') return;
      await guarded(row, signal, async () => {
        if (row.sealed_key === null) throw new PhotodockError('object-shredded', 'the sealed object is shredded');
        const { bytes, sha256 } = await sealed.unseal({ id: row.id, name: row.sealed_name, key: row.sealed_key });
        if (sha256 !== row.object_sha256)
          throw new PhotodockError('object-changed', 'the sealed object opens to other bytes');
        const answer = await destination.store({ ...addressOf(row), bytes: Buffer.from(bytes.buffer) }, signal);
        const ok = answer.outcome === 'stored' || answer.outcome === 'warning';
        const facts = {
          outcome: answer.outcome,
          code: answer.code,
          archive: destination.name,
          sop: row.sop_instance_uid,
        };
        await store.write(async (tx) => {
          await recordEvidence(tx, { captureId: row.capture_id, kind: 'store-status', ok, facts });
          if (!ok) {
            await failed(tx, row, answer.outcome === 'refused' ? 'archive-refused' : 'archive-silent');
            return;
          }
          await reached(tx, row, 'stored');
          await setCaptureStage(tx, row.capture_id, 'delivered');
          await appendAudit(tx, { person: null, action: 'delivered', subject: row.sop_instance_uid, facts });
        });
      });
    },
  };

  const commit: Step = {
    name: 'commit',
    concurrency: 1,
    find: (limit) => due("'stored'", limit),
    async run(_id, signal) {
      const rows = await store.read.all<InstanceRow & { commitment_uid: string | null }>(
        `SELECT * FROM instance WHERE state = 'stored' AND ${IS_DUE} ORDER BY state_at LIMIT ?`,
        [...dueTimes(destination.commitmentTimeoutMs), COMMITMENT_BATCH],
      );
      if (rows.length === 0) return;
      const transactionUid = newUid();
      await store.write(async (tx) => {
        await tx.run('INSERT INTO commitment (transaction_uid, requested_at) VALUES (?, ?)', [
          transactionUid,
          Date.now(),
        ]);
        for (const row of rows) {
          await tx.run('INSERT INTO commitment_reference (transaction_uid, sop_instance_uid) VALUES (?, ?)', [
            transactionUid,
            row.sop_instance_uid,
          ]);
          // An earlier request that nobody reported on is a failed try; the new one waits its own time.
          await tx.run(
            `UPDATE instance SET commitment_uid = ?, next_attempt_at = ?,
                    attempts = attempts + ?, last_code = coalesce(?, last_code) WHERE id = ?`,
            [
              transactionUid,
              Date.now() + destination.commitmentTimeoutMs,
              row.commitment_uid === null ? 0 : 1,
              row.commitment_uid === null ? null : 'commitment-timeout',
              row.id,
            ],
          );
        }
        await appendAudit(tx, {
          person: null,
          action: 'commitment-requested',
          subject: transactionUid,
          facts: { instances: rows.length },
        });
      });
      const references = rows.map((row) => ({ sopClassUid: row.sop_class_uid, sopInstanceUid: row.sop_instance_uid }));
      try {
        await destination.requestCommitment(transactionUid, references, signal);
      } catch (error) {
        if (signal.aborted) return;
        await store.write(async (tx) => {
          for (const { id } of rows) {
            const row = await tx.get<InstanceRow>(
              "SELECT * FROM instance WHERE id = ? AND state = 'stored' AND commitment_uid = ?",
              [id, transactionUid],
            );
            if (!row) continue;
            await tx.run('UPDATE instance SET commitment_uid = NULL WHERE id = ?', [id]);
            await failed(tx, row, errorCode(error), undefined, Date.now() + askedToWait(error));
          }
        });
        onTrouble?.();
      }
      onChange();
    },
  };

  const readyForReadBack = destination.commitmentOffered ? 'committed' : 'stored';
  const readBack: Step = {
    name: 'read-back',
    concurrency: 2,
    find: (limit) => due(`'${readyForReadBack}'`, limit),
    async run(id, signal) {
      const row = await rowOf(id);
      // The row may have moved since it was found: without the commitment that this archive offers it is not read back.
      if (row.state !== readyForReadBack) return;
      await guarded(row, signal, async () => {
        const stream = await destination.readBack(addressOf(row), mostReadBack(row.pixel_length), signal);
        const same = stream !== null && samePixelStream(stream, row.pixel_length, row.pixel_sha256);
        await store.write(async (tx) => {
          const facts = {
            archive: destination.name,
            expected: row.pixel_sha256,
            // An equal stream may come with one byte of padding, which is no part of it: the hash is told without.
            received: same ? row.pixel_sha256 : stream && createHash('sha256').update(stream).digest('hex'),
            bytes: stream?.length ?? 0,
          };
          await recordEvidence(tx, { captureId: row.capture_id, kind: 'read-back', ok: same, facts });
          if (stream === null) {
            // It said "stored" and does not have it: send it again, same UID, same bytes.
            await failed(tx, row, 'archive-does-not-hold-it', 'built');
          } else if (!same) {
            await failed(tx, row, 'read-back-differs');
          } else {
            await reached(tx, row, 'confirmed');
            await setCaptureStage(tx, row.capture_id, 'confirmed');
          }
          await appendAudit(tx, {
            person: null,
            action: same ? 'confirmed' : 'read-back-failed',
            subject: row.sop_instance_uid,
            facts: { sha256: row.pixel_sha256 },
          });
        });
      });
    },
  };

  return destination.commitmentOffered ? [send, commit, readBack] : [send, readBack];
}
