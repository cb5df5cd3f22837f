import { errorCode, PhotodockError } from '../../../shared/domain/errors.ts';
import { appendAudit } from '../audit/index.ts';
import { recordEvidence } from '../evidence.ts';
import { imageSource } from '../image-source.ts';
import type { Imaging, ItemKind } from '../imaging/index.ts';
import { isHousekeeping, isPicture, kindOf } from '../imaging/index.ts';
import type { Step } from '../scheduler.ts';
import { openContent } from '../sealed-content.ts';
import { stationTrouble } from '../station-trouble.ts';
import type { IndexStore, MediumContent, SealedRef, SealedStore, Transaction } from '../store/index.ts';
import { SEAL_TROUBLE } from '../store/index.ts';
import type { Dockings } from './dockings.ts';
import { DeviceNotReadyError, ListingFailedError, SourceGoneError } from './errors.ts';
import { groupWhenReady } from './group-step.ts';
import { listedFileOf } from './listing.ts';
import { MediaLanes } from './media-lanes.ts';
import { takenAt } from './stream/taken-at.ts';
import type { DockedRow } from './media-lanes.ts';
import type { Source } from './source.ts';

interface ItemRow {
  id: string;
  docking_id: string;
  path: string;
  path_bytes: Uint8Array | null;
  size: number;
  modified_at: number;
  kind: ItemKind | null;
  stage: string;
  group_key: string;
  sha256: string | null;
  sealed_name: string | null;
  sealed_key: Uint8Array | null;
  second_read_how: string | null;
}

export interface IntakeStepOptions {
  readonly store: IndexStore;
  readonly sealed: SealedStore;
  readonly imaging: Imaging;
  readonly dockings: Dockings;
  readonly onChange: (dockingId: string) => void;
}

/** Tries of one item before it is called unreadable; each a little later than the one before. */
const READ_TRIES = 3;
const PROVE_TRIES = 2;
/** Times that an item is sealed anew because its sealed file does not open, before the disk of the station is to blame. */
const SEAL_TRIES = 3;
/** Rows of volumes that are sealed or proven at a time. */
const TOGETHER = 6;
/** Tries of a whole listing before a partial one is taken, with what it lacks named. */
const LIST_TRIES = 3;
const shortBackoff = (attempt: number) => Math.min(200 * attempt, 5000);
/** The same file of the same medium was called absent in an earlier docking: that medium did not do what it was told. */
const CAME_BACK = `EXISTS (
  SELECT 1 FROM item before JOIN docking b ON b.id = before.docking_id
  WHERE before.sha256 = item.sha256 AND before.path = item.path AND before.on_medium = 'absent'
    AND b.medium_id = (SELECT d.medium_id FROM docking d WHERE d.id = item.docking_id))`;

const OPEN_DOCKING = 'd.ended_at IS NULL AND d.cancelled_at IS NULL AND d.listed_at IS NOT NULL';
/** Of volumes that are being read: who waits to unplug a card waits for nobody's previews. */
const READING_VOLUME = `SELECT 1 FROM docking d JOIN medium m ON m.id = d.medium_id
  WHERE ${OPEN_DOCKING} AND m.kind IN ('card', 'stick', 'folder')
    AND EXISTS (SELECT 1 FROM item i WHERE i.docking_id = d.id AND i.stage IN ('listed', 'sealed')) LIMIT 1`;
/** What can be looked at: what is proven, and what stays sealed because its docking is over. Each part by an index of its own. */
const toInspect = (which: string) => `
  SELECT id FROM (
    SELECT i.id, i.live, d.started_at, i.position FROM item i JOIN docking d ON d.id = i.docking_id
    WHERE i.stage = 'proven' AND i.inspected_at IS NULL ${which}
    UNION ALL
    SELECT i.id, i.live, d.started_at, i.position FROM item i JOIN docking d ON d.id = i.docking_id
    WHERE i.stage IN ('listed', 'sealed') AND i.stage = 'sealed' AND i.inspected_at IS NULL AND d.ended_at IS NOT NULL ${which}
  ) ORDER BY live DESC, started_at, position LIMIT ?`;
const TO_INSPECT = toInspect('');
const TO_INSPECT_LIVE = toInspect('AND i.live = 1');

function refOf(row: ItemRow): SealedRef {
  if (row.sealed_name === null || row.sealed_key === null)
    throw new PhotodockError('not-sealed', 'the item has no sealed file');
  return { id: row.id, name: row.sealed_name, key: row.sealed_key };
}

async function rowOf(store: IndexStore, id: string): Promise<ItemRow> {
  const row = await store.read.get<ItemRow>('SELECT * FROM item WHERE id = ?', [id]);
  if (!row) throw new PhotodockError('no-such-item', 'there is no such item');
  return row;
}

/** The durable steps from a listed item to a capture: list, seal, prove, inspect. */
export function intakeSteps(options: IntakeStepOptions): Step[] {
  const { store, sealed, imaging, dockings, onChange } = options;
  const ids = async (sql: string, limit: number) =>
    (await store.read.all<{ id: string; docking_id: string }>(sql, [limit]))
      .filter((row) => dockings.isOpen(row.docking_id))
      .map((row) => row.id);

  const sealing = new MediaLanes(dockings, TOGETHER);
  const proving = new MediaLanes(dockings, TOGETHER);
  const rowsOf = (stage: 'listed' | 'sealed') => (dockingId: string, limit: number) =>
    store.read.all<DockedRow>(
      `SELECT i.id, i.docking_id, i.live FROM item i JOIN docking d ON d.id = i.docking_id
       WHERE i.docking_id = ? AND i.stage = ? AND ${OPEN_DOCKING} ORDER BY i.live DESC, i.position LIMIT ?`,
      [dockingId, stage, limit],
    );

  /** Failed reads of the medium by item; what the station's own trouble made fail is no read of the medium. */
  const reads = new Map<string, number>();
  const reseals = new Map<string, number>();
  const countOf = (counts: Map<string, number>, id: string): number => {
    const count = (counts.get(id) ?? 0) + 1;
    counts.set(id, count);
    return count;
  };

  /** A failed read: is the medium gone (then the docking ends), the station in trouble (wait), or the item bad? */
  async function readFailed(row: ItemRow, error: unknown, tries: number): Promise<void> {
    const code = errorCode(error);
    const docking = dockings.find(row.docking_id);
    const trouble = stationTrouble(code);
    if (trouble !== undefined) {
      dockings.setProblem(row.docking_id, trouble);
      throw error;
    }
    if (!docking || !(await docking.source.isConnected())) {
      if (docking) await dockings.end(row.docking_id);
      return;
    }
    const attempt = countOf(reads, row.id);
    if (attempt < tries) throw error;
    await store.write(async (tx) => {
      const changed = await tx.run(
        "UPDATE item SET stage = 'unreadable', code = ? WHERE id = ? AND stage IN ('listed', 'sealed')",
        [code, row.id],
      );
      if (changed === 0) return;
      await recordEvidence(tx, { itemId: row.id, kind: 'read-failed', ok: false, facts: { code, attempts: attempt } });
      await appendAudit(tx, { person: null, action: 'unreadable', subject: row.id, facts: { code } });
      await groupWhenReady(tx, row.docking_id, row.group_key);
    });
    reads.delete(row.id);
    onChange(row.docking_id);
  }

  const list: Step = {
    name: 'list',
    concurrency: 16,
    // Somebody is unlocking a phone just now.
    backoff: (attempt) => Math.min(200 * attempt, 1500),
    find: (limit) =>
      ids(
        `SELECT d.id, d.id AS docking_id FROM docking d
         WHERE d.ended_at IS NULL AND d.listed_at IS NULL AND d.cancelled_at IS NULL AND d.awaits_approval = 0
         ORDER BY d.started_at LIMIT ?`,
        limit,
      ),
    async run(id, _signal, attempt) {
      try {
        await dockings.list(id, attempt >= LIST_TRIES);
        dockings.setProblem(id, null);
      } catch (error) {
        if (!(error instanceof SourceGoneError)) {
          const isSaid = error instanceof ListingFailedError || error instanceof DeviceNotReadyError;
          // A device that answers its listing with what is no answer is one that does not answer.
          const isDevices = errorCode(error).startsWith('device-');
          const why = isSaid ? error.code : isDevices ? 'device-not-answering' : null;
          const holder = error instanceof DeviceNotReadyError ? error.details['holder'] : null;
          dockings.setProblem(id, stationTrouble(errorCode(error)) ?? why, typeof holder === 'string' ? holder : null);
          throw error;
        }
        await dockings.end(id);
      }
    },
  };

  const seal: Step = {
    name: 'seal',
    concurrency: TOGETHER,
    backoff: shortBackoff,
    media: sealing.media,
    find: (limit) => sealing.find(limit, rowsOf('listed')),
    async run(id) {
      const row = await rowOf(store, id);
      const docking = dockings.find(row.docking_id);
      if (!docking || row.stage !== 'listed') return;
      try {
        const content = await docking.source.contentOf(listedFileOf(row));
        if (isHousekeeping(row.path, 'unknown') && (await markHousekeeping(row, content))) return;
        const ref = sealed.plan(row.id);
        const reading = { signal: docking.abort.signal };
        const expected = { size: row.size, modifiedAt: row.modified_at };
        const result = await sealed.sealFile(ref, content, expected, reading);
        docking.speed.add(result.size);
        await store.write(async (tx) => {
          const changed = await tx.run(
            `UPDATE item SET stage = 'sealed', sha256 = ?, kind = ?, sealed_name = ?, sealed_key = ?, code = NULL
             WHERE id = ? AND stage = 'listed'`,
            [result.sha256, kindOf(result.firstBytes), ref.name, ref.key, row.id],
          );
          if (changed === 0) return;
          const facts = { sha256: result.sha256, bytes: result.size };
          await recordEvidence(tx, { itemId: row.id, kind: 'source-hash', ok: true, facts });
          await appendAudit(tx, { person: null, action: 'sealed', subject: row.id, facts });
        });
        reads.delete(row.id);
        dockings.setProblem(row.docking_id, null);
        onChange(row.docking_id);
      } catch (error) {
        await readFailed(row, error, READ_TRIES);
      } finally {
        sealing.forget(id);
      }
    },
  };

  /** A camera's own index file, told by an explicit list and by its content: not a picture, so it stays on the medium. */
  async function markHousekeeping(row: ItemRow, content: MediumContent): Promise<boolean> {
    const { firstBytes } = await sealed.peekFile(content);
    const kind = kindOf(firstBytes);
    if (!isHousekeeping(row.path, kind)) return false;
    await store.write(async (tx) => {
      await tx.run(
        `UPDATE item SET stage = 'housekeeping', kind = ?, on_medium = 'kept', kept_because = '["housekeeping"]'
         WHERE id = ? AND stage = 'listed'`,
        [kind, row.id],
      );
      await appendAudit(tx, { person: null, action: 'housekeeping', subject: row.id });
      await groupWhenReady(tx, row.docking_id, row.group_key);
    });
    onChange(row.docking_id);
    return true;
  }

  const prove: Step = {
    name: 'prove',
    concurrency: TOGETHER,
    backoff: shortBackoff,
    media: proving.media,
    find: (limit) => proving.find(limit, rowsOf('sealed')),
    async run(id) {
      const row = await rowOf(store, id);
      const docking = dockings.find(row.docking_id);
      if (!docking || row.stage !== 'sealed') return;
      try {
        const content = await docking.source.contentOf(listedFileOf(row));
        const proof = await sealed.proveFile(refOf(row), content, row.size, { signal: docking.abort.signal });
        docking.speed.add(row.size);
        const secondOk = proof.secondSha256 === row.sha256;
        const unsealedOk = proof.unsealedSha256 === row.sha256;
        await store.write(async (tx) => {
          await recordProof(tx, row, proof, secondOk, unsealedOk);
          if (!secondOk || !unsealedOk) return;
          await tx.run(
            `UPDATE item SET stage = 'proven', second_sha256 = ?, second_read_how = ?, unsealed_sha256 = ?,
               code = CASE WHEN ${CAME_BACK} THEN 'came-back' END
             WHERE id = ? AND stage = 'sealed'`,
            [proof.secondSha256, proof.how, proof.unsealedSha256, row.id],
          );
          await appendAudit(tx, { person: null, action: 'proven', subject: row.id, facts: { how: proof.how } });
        });
        if (!unsealedOk) throw new PhotodockError('unsealed-hash-differs', 'the sealed copy opens to other bytes');
        if (!secondOk)
          throw new PhotodockError('second-read-differs', 'the medium gave other bytes on the second read');
        reads.delete(row.id);
        reseals.delete(row.id);
        dockings.setProblem(row.docking_id, null);
        onChange(row.docking_id);
      } catch (error) {
        await proveFailed(row, docking.source, error).catch((cause: unknown) => readFailed(row, cause, PROVE_TRIES));
      } finally {
        proving.forget(id);
      }
    },
  };

  async function proveFailed(row: ItemRow, source: Source, error: unknown): Promise<void> {
    const code = errorCode(error);
    if (!SEAL_TROUBLE.has(code) && code !== 'unsealed-hash-differs') throw error;
    if (countOf(reseals, row.id) > SEAL_TRIES)
      throw new PhotodockError('station-disk', 'sealed files do not stay as they were written');
    await sealAnew(row, source, code);
    onChange(row.docking_id);
  }

  /**
   * The sealed file does not open to what was read: the station's disk, not the medium, which is still there. It is sealed anew, and only
   * when the new file is durable does the row leave the old one.
   */
  async function sealAnew(row: ItemRow, source: Source, why: string): Promise<void> {
    const ref = sealed.plan(row.id);
    const result = await sealed.sealFile(ref, await source.contentOf(listedFileOf(row)), {
      size: row.size,
      modifiedAt: row.modified_at,
    });
    if (result.sha256 !== row.sha256)
      throw new PhotodockError('second-read-differs', 'the medium gave other bytes on the second read');
    await store.write(async (tx) => {
      const changed = await tx.run(
        "UPDATE item SET sealed_name = ?, sealed_key = ? WHERE id = ? AND stage = 'sealed' AND sealed_name = ?",
        [ref.name, ref.key, row.id, row.sealed_name],
      );
      if (changed === 0) return;
      await recordEvidence(tx, { itemId: row.id, kind: 'unsealed-hash', ok: false, facts: { code: why } });
      await appendAudit(tx, { person: null, action: 'sealed-anew', subject: row.id, facts: { code: why } });
    });
  }

  const inspect: Step = {
    name: 'inspect',
    concurrency: 2,
    backoff: shortBackoff,
    // Previews wait until every open card is proven: the nurse wants to unplug first. What somebody has just taken does not wait.
    find: async (limit) => {
      const reading = await store.read.get(READING_VOLUME);
      const rows = await store.read.all<{ id: string }>(reading ? TO_INSPECT_LIVE : TO_INSPECT, [limit]);
      return rows.map((row) => row.id);
    },
    async run(id, signal) {
      const row = await rowOf(store, id);
      const kind = row.kind ?? 'unknown';
      // Opened here and not inside read(): a seal that does not open is the station's trouble, not the picture's.
      const bytes = isPicture(kind) ? await openContent(store, sealed, refOf(row), row.sha256) : new Uint8Array(0);
      const inspection = await imaging.inspect(imageSource(kind, bytes), signal);
      const { thumbnail, ...told } = inspection;
      const facts = row.second_read_how === 'sender-hash' ? { ...told, capturedAt: takenAt(row.modified_at) } : told;
      await store.write(async (tx) => {
        await tx.run('UPDATE item SET inspected_at = ?, inspection = ? WHERE id = ?', [
          Date.now(),
          JSON.stringify(facts),
          row.id,
        ]);
        if (thumbnail) {
          await tx.run('INSERT OR REPLACE INTO thumbnail (item_id, media_type, bytes) VALUES (?, ?, ?)', [
            row.id,
            thumbnail.mediaType,
            thumbnail.bytes,
          ]);
        }
        await groupWhenReady(tx, row.docking_id, row.group_key);
      });
      onChange(row.docking_id);
    },
  };

  return [list, seal, prove, inspect];
}

async function recordProof(
  tx: Transaction,
  row: ItemRow,
  proof: { secondSha256: string; how: string; unsealedSha256: string },
  secondOk: boolean,
  unsealedOk: boolean,
): Promise<void> {
  await recordEvidence(tx, {
    itemId: row.id,
    kind: 'second-read',
    ok: secondOk,
    facts: { sha256: proof.secondSha256, how: proof.how },
  });
  await recordEvidence(tx, {
    itemId: row.id,
    kind: 'unsealed-hash',
    ok: unsealedOk,
    facts: { sha256: proof.unsealedSha256 },
  });
}
