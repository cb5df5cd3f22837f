import { createHash, randomUUID } from 'node:crypto';
import path from 'node:path';
import type { HoldView } from '../../../shared/contract.ts';
import { PhotodockError } from '../../../shared/domain/errors.ts';
import { appendAudit } from '../audit/index.ts';
import type { SignedIn } from '../people/index.ts';
import type { IndexStore, Reader, SqlValue, Transaction } from '../store/index.ts';
import type { Turn } from '../turn.ts';

export class HoldError extends PhotodockError {}

export type HoldSubject = { readonly dockingId: string } | { readonly captureIds: readonly string[] };

interface HoldRow {
  id: string;
  docking_id: string;
  capture_id: string | null;
  path: string | null;
  label: string;
  items: number;
  reason: string;
  placed_at: number;
  placed_by: string;
  lifted_at: number | null;
  lifted_by: string | null;
  lifted_reason: string | null;
}

const SELECT = `
  SELECT h.id, d.id AS docking_id, h.capture_id, p.path, m.label, h.reason, h.placed_at, b.display_name AS placed_by,
         h.lifted_at, l.display_name AS lifted_by, h.lifted_reason,
         (SELECT count(*) FROM item i WHERE CASE WHEN h.capture_id IS NULL THEN i.docking_id = d.id ELSE i.capture_id = c.id END) AS items
  FROM hold h LEFT JOIN capture c ON c.id = h.capture_id LEFT JOIN item p ON p.id = c.primary_item_id
  JOIN docking d ON d.id = coalesce(h.docking_id, c.docking_id) JOIN medium m ON m.id = d.medium_id
  JOIN person b ON b.id = h.placed_by LEFT JOIN person l ON l.id = h.lifted_by`;

/** Why a person wrote it must be provable later, and may name a patient: the audit trail keeps its fingerprint only. */
const fingerprint = (reason: string) => createHash('sha256').update(reason).digest('hex');

/** Forensic holds: what is held is neither rejected nor erased nor shredded until a lead lifts it. */
export class Holds {
  readonly #store: IndexStore;
  readonly #turn: Turn;

  constructor(store: IndexStore, turn: Turn) {
    this.#store = store;
    this.#turn = turn;
  }

  /**
   * Places a hold on a docking, or one on each capture. When this resolves, nothing of it will be erased any more.
   * @throws HoldError `no-such-docking`, `no-such-capture`
   */
  place(subject: HoldSubject, reason: string, person: SignedIn): Promise<string[]> {
    return this.#turn.take(() =>
      this.#store.write(async (tx) => {
        if ('dockingId' in subject) {
          const known = await tx.get('SELECT 1 FROM docking WHERE id = ?', [subject.dockingId]);
          if (!known) throw new HoldError('no-such-docking', 'there is no such docking');
          return [await this.#placeOne(tx, 'docking_id', subject.dockingId, reason, person)];
        }
        const placed: string[] = [];
        for (const captureId of new Set(subject.captureIds)) {
          const known = await tx.get('SELECT 1 FROM capture WHERE id = ?', [captureId]);
          if (!known) throw new HoldError('no-such-capture', 'there is no such capture');
          placed.push(await this.#placeOne(tx, 'capture_id', captureId, reason, person));
        }
        return placed;
      }),
    );
  }

  async #placeOne(
    tx: Transaction,
    on: 'docking_id' | 'capture_id',
    subject: string,
    reason: string,
    person: SignedIn,
  ): Promise<string> {
    const id = randomUUID();
    await tx.run(`INSERT INTO hold (id, ${on}, reason, placed_at, placed_by) VALUES (?, ?, ?, ?, ?)`, [
      id,
      subject,
      reason,
      Date.now(),
      person.personId,
    ]);
    await appendAudit(tx, {
      person: person.personId,
      action: 'hold-placed',
      subject,
      facts: { hold: id, reasonSha256: fingerprint(reason) },
    });
    return id;
  }

  /** Lifts holds; the reason stays on record beside the one for which they were placed. @throws HoldError `no-such-hold` */
  lift(holdIds: readonly string[], reason: string, person: SignedIn): Promise<string[]> {
    return this.#turn.take(() =>
      this.#store.write(async (tx) => {
        const lifted: string[] = [];
        for (const id of new Set(holdIds)) {
          const row = await tx.get<{ subject: string; lifted_at: number | null }>(
            'SELECT coalesce(docking_id, capture_id) AS subject, lifted_at FROM hold WHERE id = ?',
            [id],
          );
          if (!row) throw new HoldError('no-such-hold', 'there is no such hold');
          lifted.push(id);
          // Two leads at once: the first one's word stands.
          if (row.lifted_at !== null) continue;
          await tx.run('UPDATE hold SET lifted_at = ?, lifted_by = ?, lifted_reason = ? WHERE id = ?', [
            Date.now(),
            person.personId,
            reason,
            id,
          ]);
          await appendAudit(tx, {
            person: person.personId,
            action: 'hold-lifted',
            subject: row.subject,
            facts: { hold: id, reasonSha256: fingerprint(reason) },
          });
        }
        return lifted;
      }),
    );
  }

  /** Holds that stand, oldest first; with `lifted` also those that were lifted. */
  async list(lifted: boolean): Promise<HoldView[]> {
    return readHolds(this.#store.read, lifted ? '1' : 'h.lifted_at IS NULL', []);
  }

  /** The holds that cover a capture: placed on it, on its docking, or on anything of equal bytes. */
  async ofCapture(captureId: string): Promise<HoldView[]> {
    return readHolds(
      this.#store.read,
      `h.lifted_at IS NULL AND EXISTS (
         SELECT 1 FROM item mine JOIN item same ON same.id = mine.id OR same.sha256 = mine.sha256
         WHERE mine.capture_id IN (?, (SELECT duplicate_of FROM capture WHERE id = ?)) AND (same.docking_id = h.docking_id OR same.capture_id = h.capture_id))`,
      [captureId, captureId],
    );
  }
}

async function readHolds(reader: Reader, where: string, parameters: readonly SqlValue[]): Promise<HoldView[]> {
  const rows = await reader.all<HoldRow>(
    `${SELECT} WHERE ${where} ORDER BY h.placed_at, h.rowid LIMIT 5000`,
    parameters,
  );
  return rows.map((row) => ({
    id: row.id,
    dockingId: row.docking_id,
    captureId: row.capture_id,
    name: row.path === null ? row.label : path.posix.basename(row.path),
    mediumLabel: row.label,
    items: row.items,
    reason: row.reason,
    placedBy: row.placed_by,
    placedAt: row.placed_at,
    lifted:
      row.lifted_at === null ? null : { at: row.lifted_at, by: row.lifted_by ?? '', reason: row.lifted_reason ?? '' },
  }));
}
