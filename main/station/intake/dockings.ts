import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { appendAudit } from '../audit/index.ts';
import type { IndexStore, Transaction } from '../store/index.ts';
import { CannotDockError, ListingPartialError, SourceGoneError } from './errors.ts';
import { groupKeyOf, groupWhenReady } from './group-step.ts';
import { Speed } from './lane-progress.ts';
import { isPartial } from './listing.ts';
import type { MediumFacts, Source } from './source.ts';
import { VolumeSource } from './volume/volume-source.ts';

export interface OpenDocking {
  readonly id: string;
  readonly source: Source;
  readonly speed: Speed;
  readonly abort: AbortController;
  /** What keeps the station from reading on right now. In memory only: a full disk could not be written down. */
  problem: string | null;
}

interface DockingRow {
  id: string;
  root: string;
  identity: string;
  listed_at: number | null;
  cancelled_at: number | null;
}

type ShownAs = Partial<Pick<MediumFacts, 'kind' | 'label'>>;

export interface DockingsOptions {
  readonly store: IndexStore;
  readonly dataFolder: string;
  readonly onChange: (dockingId: string) => void;
}

/** The media that are docked now, and the rows that say so. One docking is one connection of a medium. */
export class Dockings {
  readonly #options: DockingsOptions;
  readonly #open = new Map<string, OpenDocking>();
  #beginning: Promise<unknown> = Promise.resolve();

  constructor(options: DockingsOptions) {
    this.#options = options;
  }

  find(dockingId: string): OpenDocking | null {
    return this.#open.get(dockingId) ?? null;
  }

  /** Where the media lie that are docked now. */
  roots(): string[] {
    return [...this.#open.values()].map(({ source }) => source.root);
  }

  isOpen(dockingId: string): boolean {
    return this.#open.has(dockingId);
  }

  /**
   * Docks the volume at a path; the same medium docked already answers its docking.
   * @param shownAs what people are told it is, where that is not what the path looks like
   * @throws CannotDockError `no-such-folder`, `not-a-folder`, `own-data-folder`
   */
  begin(folder: string, personId: string | null, shownAs: ShownAs = {}): Promise<string> {
    const turn = this.#beginning.then(() => this.#begin(folder, personId, shownAs));
    this.#beginning = turn.catch(() => undefined);
    return turn;
  }

  async #begin(folder: string, personId: string | null, shownAs: ShownAs): Promise<string> {
    const source = await VolumeSource.open(folder);
    const within = (inner: string, outer: string) => `${inner}/`.startsWith(`${outer}/`);
    if (within(source.root, this.#options.dataFolder) || within(this.#options.dataFolder, source.root)) {
      const practiceCard = within(source.root, path.join(this.#options.dataFolder, 'practice'));
      if (!practiceCard) {
        source.close();
        throw new CannotDockError('own-data-folder', "the station's own data folder cannot be docked");
      }
    }
    for (const docking of this.#open.values()) {
      // Identity alone is not enough: cloned cards share it. Another place is another medium.
      if (docking.source.root !== source.root) continue;
      const same = docking.source.medium.identity === source.medium.identity;
      if (same && (await docking.source.isConnected())) {
        source.close();
        return docking.id;
      }
      await this.end(docking.id);
    }
    const id = randomUUID();
    const medium = { ...source.medium, ...shownAs };
    const now = Date.now();
    await this.#options.store.write(async (tx) => {
      const known = await tx.get<{ id: string }>('SELECT id FROM medium WHERE identity = ?', [medium.identity]);
      const mediumId = known?.id ?? randomUUID();
      await tx.run(
        `INSERT INTO medium (id, identity, kind, label, filesystem, size_bytes, first_docked_at) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET label = excluded.label`,
        [mediumId, medium.identity, medium.kind, medium.label, medium.filesystem, medium.sizeBytes, now],
      );
      await tx.run(
        'INSERT INTO docking (id, medium_id, root, read_only, started_at, person_id) VALUES (?, ?, ?, ?, ?, ?)',
        [id, mediumId, source.root, medium.readOnly ? 1 : 0, now, personId],
      );
      await appendAudit(tx, {
        person: personId,
        action: 'docked',
        subject: id,
        facts: { medium: mediumId, kind: medium.kind },
      });
    });
    this.#remember(id, source);
    return id;
  }

  #remember(id: string, source: Source): void {
    this.#open.set(id, { id, source, speed: new Speed(), abort: new AbortController(), problem: null });
    this.#options.onChange(id);
  }

  /** After a restart: dockings whose medium is still there go on, the others ended while nobody looked. */
  async resume(): Promise<void> {
    const rows = await this.#options.store.read.all<DockingRow>(
      `SELECT d.id, d.root, m.identity, d.listed_at, d.cancelled_at
       FROM docking d JOIN medium m ON m.id = d.medium_id WHERE d.ended_at IS NULL`,
    );
    for (const row of rows) {
      const source = await VolumeSource.open(row.root).catch(() => null);
      if (source?.medium.identity === row.identity) this.#remember(row.id, source);
      else {
        source?.close();
        await this.end(row.id);
      }
    }
  }

  /** Looks whether each open medium is still there; ends those that are gone. */
  async checkConnections(): Promise<void> {
    for (const docking of this.#open.values()) {
      if (!(await docking.source.isConnected())) await this.end(docking.id);
    }
  }

  /** The medium at this path was unplugged. */
  async vanished(root: string): Promise<void> {
    for (const docking of this.#open.values()) {
      if (docking.source.root === root) await this.end(docking.id);
    }
  }

  /**
   * Lists the medium and writes the manifest in one transaction: a docking has its whole manifest or none.
   * @param takePartial takes a listing that lacks something, and names what it lacks: it keeps the docking from *clear*
   * @throws SourceGoneError, ListingFailedError, ListingPartialError
   */
  async list(dockingId: string, takePartial: boolean): Promise<void> {
    const docking = this.#open.get(dockingId);
    if (!docking) throw new SourceGoneError();
    const listing = await docking.source.list(docking.abort.signal);
    if (isPartial(listing) && !takePartial) throw new ListingPartialError();
    await this.#options.store.write(async (tx) => {
      const row = await tx.get<DockingRow>('SELECT * FROM docking WHERE id = ? AND listed_at IS NULL', [dockingId]);
      if (!row) return;
      for (const [position, file] of listing.files.entries()) {
        await tx.run(
          `INSERT INTO item (id, docking_id, position, path, path_bytes, size, modified_at, stage, on_medium, group_key)
           VALUES (?, ?, ?, ?, ?, ?, ?, 'listed', 'present', ?)`,
          [
            randomUUID(),
            dockingId,
            position,
            file.path,
            file.pathBytes,
            file.size,
            file.modifiedAt,
            groupKeyOf(file.path),
          ],
        );
      }
      for (const entry of listing.notFollowed) {
        await tx.run('INSERT OR IGNORE INTO not_followed (docking_id, path, what) VALUES (?, ?, ?)', [
          dockingId,
          entry.path,
          entry.what,
        ]);
      }
      await tx.run('UPDATE docking SET listed_at = ? WHERE id = ?', [Date.now(), dockingId]);
      await appendAudit(tx, {
        person: null,
        action: 'listed',
        subject: dockingId,
        facts: { items: listing.files.length, notFollowed: listing.notFollowed.length },
      });
    });
    this.#options.onChange(dockingId);
  }

  /** Says what keeps the station from reading on, or that nothing does any more. */
  setProblem(dockingId: string, code: string | null): void {
    const docking = this.#open.get(dockingId);
    if (!docking || docking.problem === code) return;
    docking.problem = code;
    this.#options.onChange(dockingId);
  }

  /** Stops reading; nothing that is sealed is touched. Can be resumed while the medium is there. */
  async setCancelled(dockingId: string, cancelled: boolean, personId: string): Promise<void> {
    await this.#options.store.write(async (tx) => {
      await tx.run('UPDATE docking SET cancelled_at = ? WHERE id = ? AND ended_at IS NULL', [
        cancelled ? Date.now() : null,
        dockingId,
      ]);
      await appendAudit(tx, {
        person: personId,
        action: cancelled ? 'docking-cancelled' : 'docking-resumed',
        subject: dockingId,
      });
    });
    this.#options.onChange(dockingId);
  }

  /**
   * The medium is gone. What was not read cannot be read any more; what was erased but not yet checked stays
   * `erase-unverified`; what is sealed stays sealed.
   */
  async end(dockingId: string): Promise<void> {
    const docking = this.#open.get(dockingId);
    docking?.abort.abort();
    docking?.source.close();
    this.#open.delete(dockingId);
    await this.#options.store.write(async (tx) => {
      const ended = await tx.run('UPDATE docking SET ended_at = ? WHERE id = ? AND ended_at IS NULL', [
        Date.now(),
        dockingId,
      ]);
      if (ended === 0) return;
      await tx.run(
        "UPDATE item SET stage = 'unreadable', code = 'unplugged' WHERE docking_id = ? AND stage = 'listed'",
        [dockingId],
      );
      await tx.run("UPDATE item SET code = 'unplugged-before-second-read' WHERE docking_id = ? AND stage = 'sealed'", [
        dockingId,
      ]);
      await tx.run("UPDATE item SET on_medium = 'erase-unverified' WHERE docking_id = ? AND on_medium = 'erasing'", [
        dockingId,
      ]);
      await groupAllReady(tx, dockingId);
      await appendAudit(tx, { person: null, action: 'undocked', subject: dockingId });
    });
    this.#options.onChange(dockingId);
  }

  /** Forgets the open media without ending their dockings: the station stops, the cards stay where they are. */
  close(): void {
    for (const docking of this.#open.values()) {
      docking.abort.abort();
      docking.source.close();
    }
    this.#open.clear();
  }
}

async function groupAllReady(tx: Transaction, dockingId: string): Promise<void> {
  const keys = await tx.all<{ group_key: string }>(
    "SELECT DISTINCT group_key FROM item WHERE docking_id = ? AND stage IN ('sealed', 'proven') AND capture_id IS NULL",
    [dockingId],
  );
  for (const { group_key: key } of keys) await groupWhenReady(tx, dockingId, key);
}
