import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { appendAudit } from '../audit/index.ts';
import type { IndexStore, Transaction } from '../store/index.ts';
import { CannotDockError, ListingPartialError, SourceGoneError } from './errors.ts';
import { groupKeyOf, groupWhenReady } from './group-step.ts';
import { Speed } from './lane-progress.ts';
import { isPartial, listedFileOf } from './listing.ts';
import type { ListedRow } from './listing.ts';
import type { ExposureValues, ListedFile, Listing, MediumFacts, Source } from './source.ts';
import { VolumeSource } from './volume/volume-source.ts';

export interface OpenDocking {
  readonly id: string;
  readonly source: Source;
  readonly speed: Speed;
  readonly abort: AbortController;
  /** What keeps the station from reading on right now. In memory only: a full disk could not be written down. */
  problem: string | null;
  /** The program that has the device open, where that is the problem and can be told. */
  problemHolder: string | null;
  /** What a device has announced and the index could not take yet. */
  readonly unrecorded: ListedFile[];
  /** How a device on a cable is set now; null while it has not told. */
  exposure: ExposureValues | null;
  /** What was set when the first picture of this docking came: what came later is compared with it. */
  firstExposure: ExposureValues | null;
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
  /** A medium that was never docked here waits until a lead says that it may be read. */
  readonly unknownNeedApproval?: boolean;
  /** Told in the transaction that begins a docking: the medium is here. */
  readonly onDocked?: (tx: Transaction, mediumId: string) => Promise<unknown>;
  /** Opens the device that a docking of before the restart was of; null when it is not there. */
  readonly openDevice?: (root: string) => Promise<Source | null>;
}

/** Whether a root names a device on a cable and no folder of this machine. */
const isDeviceRoot = (root: string) => root.startsWith('usb:');

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

  /** Ids of the open dockings, the one that began first first. */
  openNow(): string[] {
    return [...this.#open.keys()];
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

  /** Docks a device on a cable. The same device docked already answers its docking. */
  beginDevice(source: Source, personId: string | null): Promise<string> {
    const turn = this.#beginning.then(() => this.#dock(source, personId, {}));
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
    return this.#dock(source, personId, shownAs);
  }

  async #dock(source: Source, personId: string | null, shownAs: ShownAs): Promise<string> {
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
      const known = await tx.get<{ id: string; approved_at: number | null }>(
        'SELECT id, approved_at FROM medium WHERE identity = ?',
        [medium.identity],
      );
      const mediumId = known?.id ?? randomUUID();
      const { maker = null, model = null, serial = null, firmware = null } = medium.device ?? {};
      await tx.run(
        `INSERT INTO medium (id, identity, kind, label, filesystem, size_bytes, first_docked_at, maker, model, serial, firmware,
                             approved_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET label = excluded.label, maker = coalesce(excluded.maker, maker),
           model = coalesce(excluded.model, model), serial = coalesce(excluded.serial, serial),
           firmware = coalesce(excluded.firmware, firmware)`,
        [
          mediumId,
          medium.identity,
          medium.kind,
          medium.label,
          medium.filesystem,
          medium.sizeBytes,
          now,
          maker,
          model,
          serial,
          firmware,
          this.#options.unknownNeedApproval ? null : now,
        ],
      );
      const waits = this.#options.unknownNeedApproval === true && (known?.approved_at ?? null) === null;
      await tx.run(
        'INSERT INTO docking (id, medium_id, root, read_only, started_at, person_id, awaits_approval) VALUES (?, ?, ?, ?, ?, ?, ?)',
        [id, mediumId, source.root, medium.readOnly ? 1 : 0, now, personId, waits ? 1 : 0],
      );
      await appendAudit(tx, {
        person: personId,
        action: 'docked',
        subject: id,
        facts: { medium: mediumId, kind: medium.kind },
      });
      await this.#options.onDocked?.(tx, mediumId);
    });
    this.#remember(id, source);
    return id;
  }

  #remember(id: string, source: Source): void {
    this.#open.set(id, {
      id,
      source,
      speed: new Speed(),
      abort: new AbortController(),
      problem: null,
      unrecorded: [],
      problemHolder: null,
      exposure: null,
      firstExposure: null,
    });
    this.#options.onChange(id);
  }

  /** After a restart: dockings whose medium is still there go on, the others ended while nobody looked. */
  async resume(): Promise<void> {
    if (!this.#options.unknownNeedApproval) {
      // The policy was taken away meanwhile: nobody would be asked any more.
      await this.#options.store.write((tx) =>
        tx.run('UPDATE docking SET awaits_approval = 0 WHERE awaits_approval = 1 AND ended_at IS NULL'),
      );
    }
    const rows = await this.#options.store.read.all<DockingRow>(
      `SELECT d.id, d.root, m.identity, d.listed_at, d.cancelled_at
       FROM docking d JOIN medium m ON m.id = d.medium_id WHERE d.ended_at IS NULL`,
    );
    for (const row of rows) {
      const source = await this.#reopen(row.root).catch(() => null);
      if (source?.medium.identity === row.identity) {
        this.#remember(row.id, source);
        if (row.listed_at !== null) this.#follow(row.id, true);
      } else {
        source?.close();
        await this.end(row.id);
      }
    }
  }

  async #reopen(root: string): Promise<Source | null> {
    if (isDeviceRoot(root)) return (await this.#options.openDevice?.(root)) ?? null;
    return VolumeSource.open(root);
  }

  /** Looks whether each open medium is still there; ends those that are gone. */
  async checkConnections(): Promise<void> {
    for (const docking of this.#open.values()) {
      if (!(await docking.source.isConnected())) await this.end(docking.id);
      else if (docking.unrecorded.length > 0) await this.#arriving(docking, []);
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
    const listing = await docking.source.list(docking.abort.signal, []);
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
      await rememberDevice(tx, dockingId, docking.source.medium);
    });
    this.#follow(dockingId, false);
    this.#options.onChange(dockingId);
  }

  /**
   * Lists a docked medium once more, knowing what was listed before.
   * @throws SourceGoneError, ListingFailedError, DeviceNotReadyError
   */
  async listAgain(docking: OpenDocking): Promise<Listing> {
    const known = await this.#options.store.read.all<ListedRow>(
      'SELECT path, path_bytes, size, modified_at FROM item WHERE docking_id = ? ORDER BY position',
      [docking.id],
    );
    return docking.source.list(docking.abort.signal, known.map(listedFileOf));
  }

  /**
   * From the manifest on: what a device announces by itself becomes items of its docking, as it comes.
   * @param catchUp looks for what was taken while the station was down, too
   */
  #follow(dockingId: string, catchUp: boolean): void {
    const docking = this.#open.get(dockingId);
    const live = docking?.source.live;
    if (!docking || !live) return;
    const arriving = (files: readonly ListedFile[]) => this.#arriving(docking, files);
    live.listen({
      onAdded: (file) => void arriving([file]),
      onExposure: (values) => {
        docking.exposure = values;
        this.#options.onChange(dockingId);
      },
    });
    if (catchUp) {
      void this.listAgain(docking)
        .then((listing) => arriving(listing.files))
        .catch(() => undefined);
    }
    void live.exposure().then(
      (values) => {
        docking.exposure ??= values;
        this.#options.onChange(dockingId);
      },
      () => undefined,
    );
    void live.clockOffset().then(
      (ms) =>
        this.#options.store.write((tx) =>
          tx.run('UPDATE docking SET clock_offset_ms = ? WHERE id = ? AND clock_offset_ms IS NULL', [ms, dockingId]),
        ),
      () => undefined,
    );
  }

  /** A device announces an object once: what could not be written down (a full disk) is tried again until it is. */
  async #arriving(docking: OpenDocking, files: readonly ListedFile[]): Promise<void> {
    const all = [...docking.unrecorded.splice(0), ...files];
    await this.#arrived(docking, all).catch(() => void docking.unrecorded.push(...all));
  }

  /** New objects of a docked device are items like those of its manifest; those that are known already are not new. */
  async #arrived(docking: OpenDocking, files: readonly ListedFile[]): Promise<void> {
    const { exposure } = docking;
    const added = await this.#options.store.write(async (tx) => {
      const open = await tx.get('SELECT 1 FROM docking WHERE id = ? AND ended_at IS NULL AND listed_at IS NOT NULL', [
        docking.id,
      ]);
      if (!open) return 0;
      const last = await tx.get<{ position: number | null }>(
        'SELECT max(position) AS position FROM item WHERE docking_id = ?',
        [docking.id],
      );
      let position = last?.position ?? -1;
      let count = 0;
      for (const file of files) {
        if (await tx.get('SELECT 1 FROM item WHERE docking_id = ? AND path = ?', [docking.id, file.path])) continue;
        position += 1;
        count += 1;
        await tx.run(
          `INSERT INTO item (id, docking_id, position, path, path_bytes, size, modified_at, stage, on_medium, group_key, live,
                             arrived_at, shot)
           VALUES (?, ?, ?, ?, ?, ?, ?, 'listed', 'present', ?, 1, ?, ?)`,
          [
            randomUUID(),
            docking.id,
            position,
            file.path,
            file.pathBytes,
            file.size,
            file.modifiedAt,
            groupKeyOf(file.path),
            Date.now(),
            exposure && JSON.stringify({ exposure }),
          ],
        );
        await tx.run('DELETE FROM not_followed WHERE docking_id = ? AND path = ?', [docking.id, file.path]);
      }
      if (count > 0) {
        await appendAudit(tx, { person: null, action: 'arrived', subject: docking.id, facts: { items: count } });
      }
      return count;
    });
    if (added === 0) return;
    docking.firstExposure ??= exposure;
    this.#options.onChange(docking.id);
  }

  /** A lead says that this medium may be read, now and whenever it comes again. */
  async approve(mediumId: string, personId: string): Promise<void> {
    await this.#options.store.write(async (tx) => {
      const changed = await tx.run(
        'UPDATE medium SET approved_at = ?, approved_by = ? WHERE id = ? AND approved_at IS NULL',
        [Date.now(), personId, mediumId],
      );
      if (changed > 0) await appendAudit(tx, { person: personId, action: 'medium-approved', subject: mediumId });
      await tx.run('UPDATE docking SET awaits_approval = 0 WHERE medium_id = ?', [mediumId]);
    });
    for (const id of this.#open.keys()) this.#options.onChange(id);
  }

  /** Says what keeps the station from reading on, or that nothing does any more. */
  setProblem(dockingId: string, code: string | null, holder: string | null = null): void {
    const docking = this.#open.get(dockingId);
    if (!docking || (docking.problem === code && docking.problemHolder === holder)) return;
    docking.problem = code;
    docking.problemHolder = holder;
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

/** What a device told of itself once it answered: it may have said nothing while it was locked. */
async function rememberDevice(tx: Transaction, dockingId: string, medium: MediumFacts): Promise<void> {
  await tx.run('UPDATE docking SET read_only = ? WHERE id = ?', [medium.readOnly ? 1 : 0, dockingId]);
  if (!medium.device) return;
  const { maker, model, serial, firmware } = medium.device;
  await tx.run(
    `UPDATE medium SET label = ?, kind = ?, size_bytes = ?, maker = coalesce(?, maker), model = coalesce(?, model),
       serial = coalesce(?, serial), firmware = coalesce(?, firmware)
     WHERE id = (SELECT medium_id FROM docking WHERE id = ?)`,
    [medium.label, medium.kind, medium.sizeBytes, maker, model, serial, firmware, dockingId],
  );
}

async function groupAllReady(tx: Transaction, dockingId: string): Promise<void> {
  const keys = await tx.all<{ group_key: string }>(
    "SELECT DISTINCT group_key FROM item WHERE docking_id = ? AND stage IN ('sealed', 'proven') AND capture_id IS NULL",
    [dockingId],
  );
  for (const { group_key: key } of keys) await groupWhenReady(tx, dockingId, key);
}
