import type { CallOutput, CallParsed } from '../../../shared/contract.ts';
import type { LoanView, MediumRecord, MediumStory } from '../../../shared/contract/media.ts';
import { isDevice } from '../../../shared/domain/media.ts';
import type { MediumKind } from '../../../shared/domain/media.ts';
import { appendAudit } from '../audit/index.ts';
import type { Dockings } from '../intake/index.ts';
import type { SignedIn } from '../people/index.ts';
import type { IndexStore, SqlValue, Transaction } from '../store/index.ts';
import { MediumError } from './errors.ts';
import { lend, takeBack } from './loans.ts';
import { readMedia, readStory } from './read.ts';

type Change = CallParsed<'media.update'>;

/** What people may write, and what a device tells itself: that is never written over by hand. */
const COLUMNS = {
  name: 'name',
  ownerUnit: 'owner_unit',
  note: 'note',
  maker: 'maker',
  model: 'model',
  serial: 'serial',
} as const satisfies Partial<Record<keyof Change, string>>;
const TOLD_BY_DEVICE: ReadonlySet<string> = new Set(['maker', 'model', 'serial']);

export interface MediaRegisterOptions {
  readonly store: IndexStore;
  readonly dockings: Pick<Dockings, 'approve'>;
  /** The station's clock, ms. */
  readonly now?: () => number;
}

/** The register: every medium that was ever docked, whose it is, where it is, and who has it. Rows are history: none is removed. */
export class MediaRegister {
  readonly #store: IndexStore;
  readonly #dockings: Pick<Dockings, 'approve'>;
  readonly #now: () => number;

  constructor({ store, dockings, now = Date.now }: MediaRegisterOptions) {
    this.#store = store;
    this.#dockings = dockings;
    this.#now = now;
  }

  /** Every medium, the one that was docked last first. */
  list(): Promise<MediumRecord[]> {
    return readMedia(this.#store.read, this.#now());
  }

  /** One medium with its dockings, clocks and loans. @throws MediumError `no-such-medium` */
  async get(mediumId: string): Promise<MediumStory> {
    const story = await readStory(this.#store.read, mediumId, this.#now());
    if (!story) throw noSuchMedium();
    return story;
  }

  /**
   * Writes down what people know of a medium.
   * @throws MediumError `no-such-medium`; `told-by-device` for maker, model or serial of a device that tells them itself
   */
  async update(
    { mediumId, managed, retired, ...texts }: Change,
    person: SignedIn,
  ): Promise<CallOutput<'media.update'>> {
    await this.#store.write(async (tx) => {
      const row = await tx.get<Record<string, SqlValue>>('SELECT * FROM medium WHERE id = ?', [mediumId]);
      if (!row) throw noSuchMedium();
      const changes = new Map<string, SqlValue>();
      for (const [field, column] of Object.entries(COLUMNS)) {
        const text = texts[field as keyof typeof COLUMNS];
        if (text === undefined || (text || null) === row[column]) continue;
        // What a device on a cable tells of itself would come back with its next docking.
        if (TOLD_BY_DEVICE.has(field) && isDevice(row['kind'] as MediumKind) && row[column] !== null) {
          throw new MediumError('told-by-device', 'the device tells this itself');
        }
        changes.set(column, text || null);
      }
      if (managed !== undefined && managed !== (row['managed'] === 1)) changes.set('managed', managed ? 1 : 0);
      if (retired !== undefined && retired !== (row['retired_at'] !== null)) {
        changes.set('retired_at', retired ? this.#now() : null);
      }
      if (changes.size === 0) return;
      const columns = [...changes.keys()];
      await tx.run(`UPDATE medium SET ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`, [
        ...changes.values(),
        mediumId,
      ]);
      // What was written is in the row; the trail tells which of it, and the two that decide about erasing and use.
      await appendAudit(tx, {
        person: person.personId,
        action: 'medium-registered',
        subject: mediumId,
        facts: {
          fields: columns.join(' '),
          ...(changes.has('managed') ? { managed: changes.get('managed') === 1 } : {}),
          ...(changes.has('retired_at') ? { retired: changes.get('retired_at') !== null } : {}),
        },
      });
    });
    return {};
  }

  /** A lead lets a medium in. @throws MediumError `no-such-medium` */
  async approve(mediumId: string, person: SignedIn): Promise<void> {
    await this.#known(mediumId);
    await this.#dockings.approve(mediumId, person.personId);
  }

  /** @throws MediumError `no-such-medium`, `medium-retired`, `already-lent`, `due-is-past` */
  lend(order: CallParsed<'media.lend'>, person: SignedIn): Promise<LoanView> {
    return this.#store.write(async (tx) => {
      const row = await demand(tx, order.mediumId);
      if (row.retired_at !== null) throw new MediumError('medium-retired', 'a retired medium is not lent');
      return lend(tx, order, person, this.#now());
    });
  }

  /** Somebody has it in their hand again. @throws MediumError `no-such-medium`, `not-lent` */
  takeBack(mediumId: string, person: SignedIn): Promise<void> {
    return this.#store.write(async (tx) => {
      await demand(tx, mediumId);
      await takeBack(tx, mediumId, person, this.#now());
    });
  }

  async #known(mediumId: string): Promise<void> {
    if (!(await this.#store.read.get('SELECT 1 FROM medium WHERE id = ?', [mediumId]))) throw noSuchMedium();
  }
}

async function demand(tx: Transaction, mediumId: string): Promise<{ retired_at: number | null }> {
  const row = await tx.get<{ retired_at: number | null }>('SELECT retired_at FROM medium WHERE id = ?', [mediumId]);
  if (!row) throw noSuchMedium();
  return row;
}

const noSuchMedium = () => new MediumError('no-such-medium', 'there is no such medium');
