import { randomUUID } from 'node:crypto';
import { PhotodockError } from '../../../shared/domain/errors.ts';
import type { RejectReason } from '../../../shared/domain/reasons.ts';
import type { CaptureKind, CaptureStage } from '../../../shared/domain/stages.ts';
import type { Laterality, Region } from '../../../shared/domain/terminology.ts';
import { newUid, vlPhotographicImageStorage } from '../archive/index.ts';
import { appendAudit } from '../audit/index.ts';
import { setCaptureStage } from '../capture-stage.ts';
import { heldSql } from '../holds/index.ts';
import type { SignedIn } from '../people/index.ts';
import type { IndexStore, Transaction } from '../store/index.ts';
import type { Terminology } from '../terminology/index.ts';
import { Turn } from '../turn.ts';
import type { CachedEntry, Worklist } from '../worklist/index.ts';

/** What a person says about captures when filing them. */
export interface FilingOrder {
  readonly captureIds: readonly string[];
  readonly worklistItemId: string;
  readonly region: { readonly scheme: string; readonly code: string };
  readonly laterality: Laterality | null;
  readonly view: string | null;
  readonly burnedIn: boolean;
  readonly recognizable: boolean;
}

export interface Refused {
  readonly captureId: string;
  readonly code: string;
}

/** The order as a whole cannot be followed: unknown region, missing side, unusable worklist entry. */
export class FilingError extends PhotodockError {}

interface CaptureRow {
  id: string;
  docking_id: string;
  stage: CaptureStage;
  kind: CaptureKind;
  display: 'ok' | 'cannot';
  primary_item_id: string;
  duplicate_of: string | null;
}

/** Kinds that can become a VL Photographic Image. Video has its own object and its own issue. */
const DELIVERABLE: ReadonlySet<CaptureKind> = new Set(['photo', 'raw+jpeg', 'raw', 'live-photo', 'heic']);

/** The act of filing, and its opposite, rejecting. */
export class Filing {
  readonly #store: IndexStore;
  readonly #worklist: Worklist;
  readonly #terminology: Terminology;
  readonly #turn: Turn;

  constructor(store: IndexStore, worklist: Worklist, terminology: Terminology, turn = new Turn()) {
    this.#store = store;
    this.#worklist = worklist;
    this.#terminology = terminology;
    this.#turn = turn;
  }

  #side(region: Region, laterality: Laterality | null): Laterality {
    const allowed = this.#terminology.lateralityAllowed(region);
    if (laterality === null) {
      const [only, ...others] = allowed;
      if (only && others.length === 0) return only;
      throw new FilingError('laterality-needed', `${region.meaning}: say the side (${allowed.join(', ')})`);
    }
    // U, "side not known", may be said aloud for a paired region; it is never assumed.
    if (laterality !== 'U' && !allowed.includes(laterality)) {
      throw new FilingError('laterality-not-allowed', `${region.meaning}: allowed are ${allowed.join(', ')}`);
    }
    return laterality;
  }

  /**
   * Files captures to a worklist entry, all in one transaction; each that cannot be filed is named with its reason.
   * @throws FilingError `unknown-region`, `laterality-needed`, `laterality-not-allowed`, `no-such-worklist-item`,
   *   `worklist-incomplete`
   */
  async file(order: FilingOrder, person: SignedIn): Promise<{ filed: string[]; refused: Refused[] }> {
    const region = this.#terminology.byCode(order.region.scheme, order.region.code);
    if (!region || region.retired) throw new FilingError('unknown-region', 'this is no region of CID 4029');
    const laterality = this.#side(region, order.laterality);
    const cached = await this.#worklist.find(order.worklistItemId);
    if (!cached) throw new FilingError('no-such-worklist-item', 'there is no such worklist entry');
    if (cached.entry.incomplete.length > 0) {
      throw new FilingError('worklist-incomplete', `the worklist did not send: ${cached.entry.incomplete.join(', ')}`);
    }
    return this.#store.write(async (tx) => {
      const { done, refused } = await onEachOriginal(
        tx,
        order.captureIds,
        async (capture) => whyNot(capture),
        (capture) => this.#fileOne(tx, capture, { ...order, region, laterality, cached }, person),
      );
      await tx.run(
        `INSERT INTO term_use (person_id, scheme, code, used_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (person_id, scheme, code) DO UPDATE SET used_at = excluded.used_at`,
        [person.personId, region.scheme, region.code, Date.now()],
      );
      return { filed: done, refused };
    });
  }

  async #fileOne(
    tx: Transaction,
    capture: CaptureRow,
    order: Omit<FilingOrder, 'region' | 'laterality'> & { region: Region; laterality: Laterality; cached: CachedEntry },
    person: SignedIn,
  ): Promise<void> {
    const now = Date.now();
    const { entry } = order.cached;
    await tx.run(
      `UPDATE capture SET worklist_item_id = ?, worklist_entry = ?, region_scheme = ?, region_code = ?, region_meaning = ?,
              laterality = ?, view = ?, burned_in = ?, recognizable = ?, filed_by = ?, filed_at = ? WHERE id = ?`,
      [
        order.cached.id,
        JSON.stringify(entry),
        order.region.scheme,
        order.region.code,
        order.region.meaning,
        order.laterality,
        order.view?.trim() || null,
        order.burnedIn ? 1 : 0,
        order.recognizable ? 1 : 0,
        person.personId,
        now,
        capture.id,
      ],
    );
    await setCaptureStage(tx, capture.id, 'filed');
    const seriesUid = await seriesFor(
      tx,
      capture.docking_id,
      entry.studyInstanceUid,
      entry.scheduledProcedureStepId ?? '',
    );
    const last = await tx.get<{ number: number | null }>(
      'SELECT max(instance_number) AS number FROM instance WHERE series_instance_uid = ?',
      [seriesUid],
    );
    const sopInstanceUid = newUid();
    await tx.run(
      `INSERT INTO instance (id, capture_id, sop_instance_uid, sop_class_uid, study_instance_uid, series_instance_uid,
                             instance_number, state, created_at, state_at) VALUES (?, ?, ?, ?, ?, ?, ?, 'planned', ?, ?)`,
      [
        randomUUID(),
        capture.id,
        sopInstanceUid,
        vlPhotographicImageStorage,
        entry.studyInstanceUid,
        seriesUid,
        (last?.number ?? 0) + 1,
        now,
        now,
      ],
    );
    await appendAudit(tx, {
      person: person.personId,
      action: 'filed',
      subject: capture.id,
      facts: {
        sop: sopInstanceUid,
        study: entry.studyInstanceUid,
        region: `${order.region.scheme}:${order.region.code}`,
        laterality: order.laterality,
      },
    });
  }

  /** Rejects captures: they stay sealed for the retention time, and are never delivered. */
  async reject(
    captureIds: readonly string[],
    reason: RejectReason,
    person: SignedIn,
  ): Promise<{ rejected: string[]; refused: Refused[] }> {
    return this.#store.write(async (tx) => {
      const { done, refused } = await onEachOriginal(
        tx,
        captureIds,
        async (capture) => {
          if (capture.stage !== 'unfiled') return 'not-unfiled';
          return (await isHeld(tx, capture.id)) ? 'hold' : null;
        },
        async ({ id }) => {
          await tx.run(
            'UPDATE capture SET rejected_reason = ?, rejected_by = ?, rejected_at = ? WHERE id = ? OR duplicate_of = ?',
            [reason, person.personId, Date.now(), id, id],
          );
          await setCaptureStage(tx, id, 'rejected');
          await appendAudit(tx, { person: person.personId, action: 'rejected', subject: id, facts: { reason } });
        },
      );
      return { rejected: done, refused };
    });
  }

  /**
   * Takes a rejection back, until its sealed bytes are shredded: what was erased from the medium on the ground of it can still
   * be filed from the quarantine. What is queued for erasing stays on the medium, because the gate looks again.
   */
  async restore(captureIds: readonly string[], person: SignedIn): Promise<{ restored: string[]; refused: Refused[] }> {
    return this.#turn.take(() => this.#restore(captureIds, person));
  }

  #restore(captureIds: readonly string[], person: SignedIn): Promise<{ restored: string[]; refused: Refused[] }> {
    return this.#store.write(async (tx) => {
      const { done, refused } = await onEachOriginal(
        tx,
        captureIds,
        async (capture) => {
          if (capture.stage !== 'rejected') return 'not-rejected';
          const primary = await tx.get<{ shredded_at: number | null }>('SELECT shredded_at FROM item WHERE id = ?', [
            capture.primary_item_id,
          ]);
          return primary && primary.shredded_at !== null ? 'already-shredded' : null;
        },
        async ({ id }) => {
          await tx.run(
            'UPDATE capture SET rejected_reason = NULL, rejected_by = NULL, rejected_at = NULL WHERE id = ? OR duplicate_of = ?',
            [id, id],
          );
          await setCaptureStage(tx, id, 'unfiled');
          await appendAudit(tx, { person: person.personId, action: 'restored', subject: id });
        },
      );
      return { restored: done, refused };
    });
  }
}

/**
 * Does something to the original of each capture, once even where a capture is asked for together with its copy; what is
 * refused is named with its reason.
 */
async function onEachOriginal(
  tx: Transaction,
  captureIds: readonly string[],
  refusal: (capture: CaptureRow) => Promise<string | null>,
  act: (capture: CaptureRow) => Promise<void>,
): Promise<{ done: string[]; refused: Refused[] }> {
  const acted = new Set<string>();
  const done: string[] = [];
  const refused: Refused[] = [];
  for (const asked of new Set(captureIds)) {
    const capture = await originalOf(tx, asked);
    if (capture && acted.has(capture.id)) {
      done.push(asked);
      continue;
    }
    const code = capture ? await refusal(capture) : 'no-such-capture';
    if (capture && code === null) {
      await act(capture);
      acted.add(capture.id);
      done.push(asked);
    } else {
      refused.push({ captureId: asked, code: code ?? 'no-such-capture' });
    }
  }
  return { done, refused };
}

/** The capture itself, or the content-identical one that stands for it: what is done to a copy is done to the original. */
async function originalOf(tx: Transaction, captureId: string): Promise<CaptureRow | null> {
  const row = await tx.get<CaptureRow>(
    'SELECT o.* FROM capture c JOIN capture o ON o.id = coalesce(c.duplicate_of, c.id) WHERE c.id = ?',
    [captureId],
  );
  return row ?? null;
}

/** A hold on a copy holds the original too: rejecting one is rejecting all of them. */
async function isHeld(tx: Transaction, originalId: string): Promise<boolean> {
  const row = await tx.get(
    `SELECT 1 FROM capture c WHERE (c.id = ? OR c.duplicate_of = ?) AND ${heldSql('c.id')} LIMIT 1`,
    [originalId, originalId],
  );
  return row !== undefined;
}

function whyNot(capture: CaptureRow): string | null {
  if (capture.stage !== 'unfiled') return 'not-unfiled';
  if (!DELIVERABLE.has(capture.kind)) return 'not-deliverable';
  return capture.display === 'ok' ? null : 'cannot-be-displayed';
}

/** One Series per docking and worklist entry; its number counts the Series that this station made in the Study. */
async function seriesFor(tx: Transaction, dockingId: string, studyUid: string, stepId: string): Promise<string> {
  const known = await tx.get<{ series_instance_uid: string }>(
    'SELECT series_instance_uid FROM series WHERE docking_id = ? AND study_instance_uid = ? AND step_id = ?',
    [dockingId, studyUid, stepId],
  );
  if (known) return known.series_instance_uid;
  const count = await tx.get<{ number: number | null }>(
    'SELECT max(number) AS number FROM series WHERE study_instance_uid = ?',
    [studyUid],
  );
  const seriesUid = newUid();
  await tx.run(
    'INSERT INTO series (series_instance_uid, docking_id, study_instance_uid, step_id, number, created_at) VALUES (?, ?, ?, ?, ?, ?)',
    [seriesUid, dockingId, studyUid, stepId, (count?.number ?? 0) + 1, Date.now()],
  );
  return seriesUid;
}
