import { createHash, randomUUID } from 'node:crypto';
import type { FrameFacts, FrameSealed } from '../../../../shared/contract/capture.ts';
import { PhotodockError } from '../../../../shared/domain/errors.ts';
import type { MediumKind } from '../../../../shared/domain/media.ts';
import { appendAudit } from '../../audit/index.ts';
import { recordEvidence } from '../../evidence.ts';
import { kindOf } from '../../imaging/index.ts';
import type { IndexStore, SealedStore } from '../../store/index.ts';
import { groupKeyOf } from '../group-step.ts';

/** A picture of a live camera was not taken in; the window keeps it. */
export class FrameError extends PhotodockError {}

export interface FramesOptions {
  readonly store: IndexStore;
  readonly sealed: SealedStore;
  readonly onChange: (dockingId: string) => void;
}

interface DockingRow {
  readonly kind: MediumKind;
  readonly awaits_approval: number;
  readonly ended_at: number | null;
}

/**
 * Pictures that the window took from a live camera. The window holds the only copy there is, so it gets its answer when the bytes are sealed
 * durably, were opened again, and stand in the index: before that it does not let go of them.
 */
export class Frames {
  readonly #options: FramesOptions;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: FramesOptions) {
    this.#options = options;
  }

  /**
   * Takes one picture in. The same bytes sent again answer the same item: a window that heard no answer may always ask again, also when the
   * docking has ended since, for the picture was taken in it.
   * @throws FrameError `no-such-docking`, `frame-not-of-camera`, `awaits-approval`, `frame-differs`, `frame-not-jpeg`
   */
  take(dockingId: string, facts: FrameFacts, bytes: Uint8Array, personId: string): Promise<FrameSealed> {
    // One after the other: the same picture may be on its way twice.
    const taking = this.#turn.then(() => this.#take(dockingId, facts, bytes, personId));
    this.#turn = taking.catch(() => undefined);
    return taking;
  }

  async #take(dockingId: string, facts: FrameFacts, bytes: Uint8Array, personId: string): Promise<FrameSealed> {
    const { store, sealed, onChange } = this.#options;
    const docking = await store.read.get<DockingRow>(
      `SELECT m.kind, d.awaits_approval, d.ended_at FROM docking d JOIN medium m ON m.id = d.medium_id WHERE d.id = ?`,
      [dockingId],
    );
    if (!docking) throw new FrameError('no-such-docking', 'there is no such docking');
    if (docking.kind !== 'dermatoscope')
      throw new FrameError('frame-not-of-camera', 'the docking is of no live camera');
    if (docking.awaits_approval === 1)
      throw new FrameError('awaits-approval', 'a lead has to let this camera in first');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    if (sha256 !== facts.sha256) throw new FrameError('frame-differs', 'what arrived is not what was sent');
    if (kindOf(bytes.subarray(0, 1 << 16)) !== 'jpeg') throw new FrameError('frame-not-jpeg', 'the picture is no JPEG');
    const known = await store.read.get<{ id: string }>('SELECT id FROM item WHERE docking_id = ? AND sha256 = ?', [
      dockingId,
      sha256,
    ]);
    if (known) return { itemId: known.id, sha256 };

    const id = randomUUID();
    const ref = sealed.plan(id);
    const sealing = await sealed.sealBytes(ref, bytes);
    const trouble = sealing.sha256 === sha256 ? await sealed.verify(ref, sha256) : 'seal-broken';
    if (trouble !== null) {
      await sealed.remove(ref.name);
      throw new FrameError(trouble, 'the sealed picture does not open to what was sealed');
    }
    await store.write(async (tx) => {
      const last = await tx.get<{ position: number | null }>(
        'SELECT max(position) AS position FROM item WHERE docking_id = ?',
        [dockingId],
      );
      const position = (last?.position ?? -1) + 1;
      const name = `frame-${String(position + 1).padStart(4, '0')}.jpg`;
      const now = Date.now();
      await tx.run(
        `INSERT INTO item (id, docking_id, position, path, size, modified_at, kind, stage, on_medium, absent_at, group_key, live,
                           arrived_at, shot, sha256, second_sha256, second_read_how, unsealed_sha256, sealed_name, sealed_key)
         VALUES (?, ?, ?, ?, ?, ?, 'jpeg', 'proven', 'absent', ?, ?, 1, ?, ?, ?, ?, 'sender-hash', ?, ?, ?)`,
        [
          id,
          dockingId,
          position,
          name,
          bytes.length,
          facts.takenAt,
          now,
          groupKeyOf(name),
          now,
          JSON.stringify({ takenAt: facts.takenAt, optics: facts.optics }),
          sha256,
          facts.sha256,
          sha256,
          ref.name,
          ref.key,
        ],
      );
      await recordEvidence(tx, { itemId: id, kind: 'source-hash', ok: true, facts: { sha256, bytes: bytes.length } });
      // There is no second read of a live camera: what the window shows was hashed by the window, and the two hashes are compared.
      await recordEvidence(tx, {
        itemId: id,
        kind: 'second-read',
        ok: true,
        facts: { sha256: facts.sha256, how: 'sender-hash' },
      });
      await recordEvidence(tx, { itemId: id, kind: 'unsealed-hash', ok: true, facts: { sha256 } });
      await recordEvidence(tx, { itemId: id, kind: 'checked-absent', ok: true, facts: { how: 'never-stored' } });
      await appendAudit(tx, {
        person: personId,
        action: 'picture-taken',
        subject: id,
        facts: { docking: dockingId, sha256, bytes: bytes.length },
      });
    });
    onChange(dockingId);
    return { itemId: id, sha256 };
  }
}
