import { errorCode, PhotodockError } from '../../../shared/domain/errors.ts';
import type { KeepReason } from '../../../shared/domain/reasons.ts';
import { appendAudit } from '../audit/index.ts';
import { recordEvidence } from '../evidence.ts';
import type { DockedRow, Dockings, Listing, ObjectInHand, OpenDocking, SeenObject } from '../intake/index.ts';
import {
  EraseRefusedError,
  isPartial,
  listedFileOf,
  MediaLanes,
  ObjectReplacedError,
  SourceGoneError,
} from '../intake/index.ts';
import type { SignedIn } from '../people/index.ts';
import type { Step } from '../scheduler.ts';
import type { IndexStore, MediumContent, SealedStore } from '../store/index.ts';
import { stationTrouble } from '../station-trouble.ts';
import type { Turn } from '../turn.ts';
import { recordListing } from './absence.ts';
import type { CustodyRow, OnMediumNow } from './custody-row.ts';
import { captureEvidence, companionsOf, itemEvidence } from './custody-row.ts';
import { judgeAll, readCustody } from './custody.ts';
import { mayErase } from './gate.ts';
import { mayNotBeErased } from './may-not-be-erased.ts';
import type { PhonesMayBeErased } from './may-not-be-erased.ts';
import type { ErasePolicy } from './original-may-leave.ts';

export class ReleaseError extends PhotodockError {}

/** Tries of looking at an object before it is kept as one that cannot be read. */
const ERASE_TRIES = 3;
/** Tries of a whole new listing before what it cannot prove is called unverified. */
const CHECK_TRIES = 3;
const shortBackoff = (attempt: number) => 300 * attempt;

export interface ReleaseOptions {
  readonly store: IndexStore;
  readonly sealed: SealedStore;
  readonly dockings: Dockings;
  readonly turn: Turn;
  readonly policy: ErasePolicy;
  readonly commitmentOffered: boolean;
  readonly phonesMayBeErased: PhonesMayBeErased;
  readonly onChange: (dockingId: string) => void;
  /** Called when a docking's erased objects were all looked for again. */
  readonly onChecked: (dockingId: string) => Promise<void>;
}

/** Erasing what the gate lets go, and looking whether it is really gone. */
export class Release {
  readonly #options: ReleaseOptions;

  constructor(options: ReleaseOptions) {
    this.#options = options;
  }

  /** What would be erased and what stays, with every reason. */
  async preview(dockingId: string) {
    const { store, policy, commitmentOffered, dockings } = this.#options;
    const rows = (await readCustody(store.read, dockingId)).filter((row) => row.on_medium !== 'absent');
    const judged = judgeAll(rows, policy, commitmentOffered);
    const erasable = judged.filter(({ verdict }) => verdict.ok);
    return {
      connected: dockings.isOpen(dockingId),
      erasable: erasable.length,
      erasableBytes: erasable.reduce((total, { row }) => total + row.size, 0),
      kept: judged.flatMap(({ row, verdict }) => (verdict.ok ? [] : [{ row, because: verdict.because }])),
    };
  }

  /**
   * Orders the erasure of everything the gate lets go right now; the rest is marked as kept, with why.
   * @throws ReleaseError `not-connected`, `medium-read-only`, `personal-phone`
   */
  async order(dockingId: string, person: SignedIn): Promise<number> {
    const { store, dockings, policy, commitmentOffered, phonesMayBeErased, onChange } = this.#options;
    const docking = dockings.find(dockingId);
    if (!docking) throw new ReleaseError('not-connected', 'the medium is not docked any more');
    const refused = await mayNotBeErased(store.read, dockingId, phonesMayBeErased);
    if (docking.source.medium.readOnly) throw new ReleaseError('medium-read-only', 'the medium is write-protected');
    if (refused !== null) throw new ReleaseError(refused, 'this medium is only read here');
    const queued = await store.write(async (tx) => {
      const judged = judgeAll(await readCustody(tx, dockingId), policy, commitmentOffered);
      let count = 0;
      for (const { row, verdict } of judged) {
        if (row.on_medium === 'absent' || row.on_medium === 'erasing') continue;
        if (verdict.ok) {
          await tx.run(
            `UPDATE item SET on_medium = 'erasing', kept_because = '[]', erase_ordered_at = ?, erase_ordered_by = ?, unlinked_at = NULL
             WHERE id = ?`,
            [Date.now(), person.personId, row.id],
          );
          count += 1;
        } else {
          // What is known to be missing stays known: it is no news at the next listing.
          await tx.run(
            `UPDATE item SET on_medium = 'kept',
               kept_because = CASE WHEN kept_because = '["object-missing"]' THEN kept_because ELSE ? END
             WHERE id = ?`,
            [JSON.stringify(verdict.because), row.id],
          );
        }
      }
      await appendAudit(tx, {
        person: person.personId,
        action: 'erase-ordered',
        subject: dockingId,
        facts: { items: count },
      });
      return count;
    });
    onChange(dockingId);
    return queued;
  }

  /** The durable steps: erase one object at a time, then list the medium anew. */
  steps(): Step[] {
    const { store, dockings } = this.#options;
    // One object of a medium at a time; a phone that takes minutes for each keeps no card waiting.
    const erasing = new MediaLanes(dockings, 1);
    const erase: Step = {
      name: 'erase',
      concurrency: 1,
      backoff: shortBackoff,
      media: erasing.media,
      find: (limit) =>
        erasing.find(limit, (dockingId, most) =>
          store.read.all<DockedRow>(
            `SELECT id, docking_id FROM item WHERE docking_id = ? AND on_medium = 'erasing' AND unlinked_at IS NULL
             ORDER BY position LIMIT ?`,
            [dockingId, most],
          ),
        ),
      run: (id, _signal, attempt) => this.#erase(id, attempt).finally(() => erasing.forget(id)),
    };
    const check: Step = {
      name: 'check-absent',
      concurrency: 16,
      find: async (limit) =>
        (
          await store.read.all<{ docking_id: string }>(
            `SELECT docking_id FROM item WHERE on_medium = 'erasing' GROUP BY docking_id
             HAVING sum(unlinked_at IS NULL) = 0 LIMIT ?`,
            [limit],
          )
        )
          .map((row) => row.docking_id)
          .filter((id) => dockings.isOpen(id)),
      backoff: shortBackoff,
      run: (id, _signal, attempt) => this.#checkAbsent(id, attempt),
    };
    return [erase, check];
  }

  /** Looks at the object on the medium now: the same bytes, others, or gone. `seen` is what was hashed. */
  async #look(docking: OpenDocking, row: CustodyRow, open: (() => Promise<MediumContent>) | null): Promise<Look> {
    if (row.sha256 === null) return { now: 'not-looked', seen: null };
    if (open === null) return { now: 'missing', seen: null };
    try {
      const { sha256, ...seen } = await this.#options.sealed.hashFile(await open(), row.size, docking.abort.signal);
      return { now: sha256 === row.sha256 ? 'same' : 'changed', seen };
    } catch (error) {
      if (['ENOENT', 'object-gone'].includes(errorCode(error)) && (await docking.source.isConnected()))
        return { now: 'missing', seen: null };
      if (['source-changed', 'ELOOP', 'ENOTDIR'].includes(errorCode(error))) return { now: 'changed', seen: null };
      throw error;
    }
  }

  async #erase(id: string, attempt: number): Promise<void> {
    const { store, dockings, turn, onChange } = this.#options;
    const place = await store.read.get<{ docking_id: string; group_key: string }>(
      'SELECT docking_id, group_key FROM item WHERE id = ?',
      [id],
    );
    const docking = place ? dockings.find(place.docking_id) : null;
    if (!place || !docking) return;
    const group = await readCustody(store.read, place.docking_id, place.group_key);
    const row = group.find((one) => one.id === id);
    if (row?.on_medium !== 'erasing' || row.unlinked_at !== null) return;
    try {
      const looks: Looks = new Map();
      for (const other of companionsOf(row, group)) {
        const gone = other.on_medium === 'absent' || other.unlinked_at !== null;
        looks.set(
          other.id,
          gone ? MISSING : await this.#look(docking, other, () => docking.source.contentOf(listedFileOf(other))),
        );
      }
      const sealedIsSound = await this.#sealedIsSound(row);
      // From the look to the deletion the object's folder is held open: no other card can slip in between.
      const inHand = await docking.source.take(listedFileOf(row));
      try {
        looks.set(row.id, await this.#look(docking, row, inHand ? async () => inHand.content : null));
        await turn.take(() => this.#eraseNow(row, inHand, looks, sealedIsSound));
      } finally {
        await inHand?.letGo();
      }
    } catch (error) {
      if (!(await docking.source.isConnected())) {
        await dockings.end(docking.id);
        return;
      }
      if (error instanceof EraseRefusedError) await this.#keep(row, ['erase-refused']);
      else if (error instanceof ObjectReplacedError) await this.#keep(row, ['object-changed']);
      // The station's own trouble proves nothing about the medium: it is tried until it is over.
      else if (attempt < ERASE_TRIES || stationTrouble(errorCode(error)) !== undefined) throw error;
      else await this.#keep(row, ['object-unreadable']);
    }
    onChange(docking.id);
  }

  /**
   * Whether the quarantine still holds the very bytes: the proof of the day it was read says nothing about a disk that failed since. What was
   * shredded has no sealed file that could be damaged.
   */
  async #sealedIsSound({ id, sha256 }: CustodyRow): Promise<boolean> {
    const { store, sealed } = this.#options;
    const row = await store.read.get<{ name: string; key: Uint8Array }>(
      'SELECT sealed_name AS name, sealed_key AS key FROM item WHERE id = ? AND sealed_name IS NOT NULL AND sealed_key IS NOT NULL',
      [id],
    );
    return !row || sha256 === null || (await sealed.verify({ id, ...row }, sha256)) === null;
  }

  /** Looking takes its time: the gate is asked by what people have said until this moment, and then it is done at once. */
  async #eraseNow(
    looked: CustodyRow,
    inHand: ObjectInHand | null,
    looks: Looks,
    sealedIsSound: boolean,
  ): Promise<void> {
    const { store, policy, commitmentOffered, phonesMayBeErased } = this.#options;
    const { id, docking_id, group_key } = looked;
    const group = await readCustody(store.read, docking_id, group_key);
    const row = group.find((one) => one.id === id);
    if (row?.on_medium !== 'erasing' || row.unlinked_at !== null) return;
    const { now, seen } = looks.get(id) ?? NOT_LOOKED;
    // Already gone: a kill between erasing and its record, or somebody's hand. Nothing to erase, all to check.
    const verdict = mayErase(
      itemEvidence(
        sealedIsSound ? row : { ...row, unsealed_sha256: 'does not open now' },
        now === 'missing' ? 'same' : now,
        policy,
      ),
      captureEvidence(row, commitmentOffered, policy),
      companionsOf(row, group).map((other) => itemEvidence(other, (looks.get(other.id) ?? NOT_LOOKED).now, policy)),
    );
    // What is gone cannot be kept: after a kill the gate may have changed its mind (a hold, a rejection undone), the medium has not.
    if (!verdict.ok && now !== 'missing') {
      await this.#keep(row, verdict.because);
      return;
    }
    if (now !== 'missing' && (await mayNotBeErased(store.read, docking_id, phonesMayBeErased)) !== null) {
      await this.#keep(row, ['personal-phone']);
      return;
    }
    const otherNames = inHand && seen ? await inHand.erase(seen) : 0;
    await store.write(async (tx) => {
      // The card may have been pulled meanwhile, which leaves the row as it must be: ordered, and not checked.
      await tx.run('UPDATE item SET unlinked_at = ? WHERE id = ?', [Date.now(), id]);
      const how = now === 'missing' ? 'was already gone' : 'deleted';
      const facts = { sha256: row.sha256, how, ground: row.capture_stage, otherNames };
      await recordEvidence(tx, { itemId: id, kind: 'object-same', ok: now === 'same', facts: { looked: now } });
      await recordEvidence(tx, { itemId: id, kind: 'erased', ok: true, facts });
      await appendAudit(tx, { person: null, action: 'erased', subject: id, facts });
    });
  }

  async #keep(row: CustodyRow, because: readonly KeepReason[]): Promise<void> {
    await this.#options.store.write(async (tx) => {
      await tx.run("UPDATE item SET on_medium = 'kept', kept_because = ? WHERE id = ?", [
        JSON.stringify(because),
        row.id,
      ]);
      await appendAudit(tx, { person: null, action: 'kept', subject: row.id, facts: { because: because.join(' ') } });
    });
  }

  /** Lists the medium anew, past its caches: what was erased must not be listed any more. */
  async #checkAbsent(dockingId: string, attempt: number): Promise<void> {
    const { store, dockings, onChange, onChecked } = this.#options;
    const docking = dockings.find(dockingId);
    if (!docking) return;
    let how: string = 'synced';
    let listing: Listing | null = null;
    try {
      how = await docking.source.forgetCaches();
      listing = await dockings.listAgain(docking);
      if (isPartial(listing) && attempt < CHECK_TRIES)
        throw new ReleaseError('listing-partial', 'a part is not listed');
    } catch (error) {
      if (error instanceof SourceGoneError || docking.abort.signal.aborted) {
        await dockings.end(dockingId);
        return;
      }
      // A medium that cannot be listed proves nothing: after a few tries that is said, and can be tried again by a person.
      if (attempt < CHECK_TRIES) throw error;
    }
    await store.write((tx) => recordListing(tx, dockingId, listing, how));
    await onChecked(dockingId);
    onChange(dockingId);
  }
}

type Looks = Map<string, Look>;

const MISSING: Look = { now: 'missing', seen: null };
const NOT_LOOKED: Look = { now: 'not-looked', seen: null };

interface Look {
  readonly now: OnMediumNow;
  readonly seen: SeenObject | null;
}
