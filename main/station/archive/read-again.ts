import { createHash } from 'node:crypto';
import { appendAudit } from '../audit/index.ts';
import { setCaptureStage } from '../capture-stage.ts';
import { recordEvidence } from '../evidence.ts';
import type { IndexStore } from '../store/index.ts';
import { nextAttemptAt } from './backoff.ts';
import type { Destination } from './destination.ts';
import { samePixelStream } from './dicom/index.ts';
import { mostReadBack } from './most-read-back.ts';

/** A confirmed instance, as its row has it. */
export interface Delivered {
  readonly id: string;
  readonly capture_id: string;
  readonly sop_class_uid: string;
  readonly sop_instance_uid: string;
  readonly study_instance_uid: string;
  readonly series_instance_uid: string;
  readonly transfer_syntax_uid: string;
  readonly pixel_sha256: string;
  readonly pixel_length: number;
  /** Null when this station has shredded its copy of the object. */
  readonly sealed_key: Uint8Array | null;
}

export interface ReadAgain {
  readonly equal: boolean;
  /** The archive does not know it any more. */
  readonly missing: boolean;
  readonly facts: Readonly<Record<string, string | number | null>>;
}

/** Asks the archive for a confirmed instance once more. @throws when it cannot be asked: that is no evidence of anything */
export async function readAgain(destination: Destination, row: Delivered, signal: AbortSignal): Promise<ReadAgain> {
  const stream = await destination.readBack(
    {
      sopClassUid: row.sop_class_uid,
      sopInstanceUid: row.sop_instance_uid,
      studyInstanceUid: row.study_instance_uid,
      seriesInstanceUid: row.series_instance_uid,
      transferSyntaxUid: row.transfer_syntax_uid,
    },
    mostReadBack(row.pixel_length),
    signal,
  );
  const equal = stream !== null && samePixelStream(stream, row.pixel_length, row.pixel_sha256);
  const received = equal ? row.pixel_sha256 : stream && createHash('sha256').update(stream).digest('hex');
  return {
    equal,
    missing: stream === null,
    facts: {
      archive: destination.name,
      expected: row.pixel_sha256,
      received,
      bytes: stream?.length ?? 0,
      when: 'retention over',
    },
  };
}

/**
 * The archive had proven that it holds it, and does not any more: the capture goes back into delivery. The same object is sent
 * again under its own UID; where other pixels lie there, or where its object is shredded, it waits until the archive is mended.
 */
export async function deliverAgain(
  store: IndexStore,
  destination: Destination,
  row: Delivered,
  answer: ReadAgain,
): Promise<void> {
  const canSend = answer.missing && row.sealed_key !== null;
  const waiting = destination.commitmentOffered ? 'committed' : 'stored';
  await store.write(async (tx) => {
    const changed = await tx.run(
      `UPDATE instance SET state = ?, state_at = ?, attempts = 1, last_code = ?, next_attempt_at = ?, commitment_uid = NULL
       WHERE id = ? AND state = 'confirmed'`,
      [
        canSend ? 'built' : waiting,
        Date.now(),
        answer.missing ? 'archive-lost-it' : 'read-back-differs',
        nextAttemptAt(1),
        row.id,
      ],
    );
    if (changed === 0) return;
    await recordEvidence(tx, { captureId: row.capture_id, kind: 'read-back', ok: false, facts: answer.facts });
    await setCaptureStage(tx, row.capture_id, canSend ? 'filed' : 'delivered');
    await appendAudit(tx, {
      person: null,
      action: answer.missing ? 'archive-lost-it' : 'read-back-failed',
      subject: row.sop_instance_uid,
      facts: { sha256: row.pixel_sha256, sentAgain: canSend },
    });
  });
}
