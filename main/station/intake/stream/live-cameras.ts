import type { CaptureDeviceView, Optics } from '../../../../shared/contract/capture.ts';
import { NO_OPTICS } from '../../../../shared/contract/capture.ts';
import { PhotodockError } from '../../../../shared/domain/errors.ts';
import { appendAudit } from '../../audit/index.ts';
import type { IndexStore, Transaction } from '../../store/index.ts';
import type { Dockings } from '../dockings.ts';
import type { ShownCamera } from './dermatoscope-source.ts';
import { DermatoscopeSource } from './dermatoscope-source.ts';

class NoSuchCameraError extends PhotodockError {
  constructor() {
    super('no-such-medium', 'there is no such camera');
  }
}

interface MediumRow {
  readonly id: string;
  readonly label: string;
  readonly name: string | null;
  readonly maker: string | null;
  readonly model: string | null;
  readonly serial: string | null;
  readonly optics: string | null;
  readonly used_at: number | null;
}

/** A picture of a docking, as it was taken. */
interface FrameRow {
  readonly id: string;
  readonly sha256: string;
  readonly modified_at: number;
  readonly shot: string | null;
  readonly capture_id: string | null;
}

const SELECT = `SELECT m.id, m.label, m.name, m.maker, m.model, m.serial, m.optics,
    (SELECT max(d.started_at) FROM docking d WHERE d.medium_id = m.id) AS used_at
  FROM medium m WHERE m.kind = 'dermatoscope'`;

const viewOf = (row: MediumRow): CaptureDeviceView => ({
  mediumId: row.id,
  label: row.label,
  name: row.name,
  maker: row.maker,
  model: row.model,
  serial: row.serial,
  optics: row.optics === null ? NO_OPTICS : (JSON.parse(row.optics) as Optics),
  lastUsedAt: row.used_at ?? 0,
});

/** The cameras that the window shows live: docked while it has them, and what people have noted about them. */
export class LiveCameras {
  readonly #store: IndexStore;
  readonly #dockings: Dockings;

  constructor(store: IndexStore, dockings: Dockings) {
    this.#store = store;
    this.#dockings = dockings;
  }

  /** Those that were used here, the last one first. */
  async list(): Promise<CaptureDeviceView[]> {
    const rows = await this.#store.read.all<MediumRow>(
      `${SELECT} AND m.retired_at IS NULL ORDER BY used_at DESC LIMIT 100`,
    );
    return rows.map(viewOf);
  }

  async open(camera: ShownCamera, personId: string) {
    const source = await DermatoscopeSource.open(camera);
    const dockingId = await this.#dockings.beginDevice(source, personId);
    this.here(dockingId);
    const row = await this.#store.read.get<{ medium_id: string; awaits_approval: number }>(
      'SELECT medium_id, awaits_approval FROM docking WHERE id = ?',
      [dockingId],
    );
    return {
      dockingId,
      device: await this.#get(row?.medium_id ?? ''),
      awaitsApproval: row?.awaits_approval === 1,
    };
  }

  /** A window says that it has the camera of this docking; answers whether it is (still) docked. */
  here(dockingId: string): boolean {
    const source = this.#dockings.find(dockingId)?.source;
    if (!(source instanceof DermatoscopeSource)) return false;
    source.heard();
    return true;
  }

  async close(dockingId: string): Promise<void> {
    if (this.here(dockingId)) await this.#dockings.end(dockingId);
  }

  /** What a person says of the device's optics, for every picture from now on. @throws NoSuchCameraError */
  async noteOptics(mediumId: string, optics: Optics, personId: string): Promise<CaptureDeviceView> {
    return this.#note(mediumId, personId, (tx) =>
      tx.run("UPDATE medium SET optics = ? WHERE id = ? AND kind = 'dermatoscope'", [JSON.stringify(optics), mediumId]),
    );
  }

  /** What a person read on the device itself. @throws NoSuchCameraError */
  async describe(
    mediumId: string,
    { maker, model, serial }: { maker: string; model: string; serial: string },
    personId: string,
  ): Promise<CaptureDeviceView> {
    return this.#note(mediumId, personId, (tx) =>
      tx.run("UPDATE medium SET maker = ?, model = ?, serial = ? WHERE id = ? AND kind = 'dermatoscope'", [
        maker || null,
        model || null,
        serial || null,
        mediumId,
      ]),
    );
  }

  async frames(dockingId: string) {
    const rows = await this.#store.read.all<FrameRow>(
      `SELECT i.id, i.sha256, i.modified_at, i.shot, i.capture_id FROM item i
       JOIN docking d ON d.id = i.docking_id JOIN medium m ON m.id = d.medium_id
       WHERE i.docking_id = ? AND m.kind = 'dermatoscope' ORDER BY i.position DESC`,
      [dockingId],
    );
    return rows.map((row) => ({
      itemId: row.id,
      sha256: row.sha256,
      takenAt: row.modified_at,
      optics: (JSON.parse(row.shot ?? '{}') as { optics?: Optics }).optics ?? NO_OPTICS,
      captureId: row.capture_id,
    }));
  }

  async #note(
    mediumId: string,
    personId: string,
    write: (tx: Transaction) => Promise<number>,
  ): Promise<CaptureDeviceView> {
    await this.#store.write(async (tx) => {
      if ((await write(tx)) === 0) throw new NoSuchCameraError();
      await appendAudit(tx, { person: personId, action: 'device-described', subject: mediumId });
    });
    return this.#get(mediumId);
  }

  async #get(mediumId: string): Promise<CaptureDeviceView> {
    const row = await this.#store.read.get<MediumRow>(`${SELECT} AND m.id = ?`, [mediumId]);
    if (!row) throw new NoSuchCameraError();
    return viewOf(row);
  }
}
