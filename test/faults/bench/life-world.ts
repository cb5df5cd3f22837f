import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { FaultCard } from '../../support/fault-card.ts';
import { makeFaultCard } from '../../support/fault-card.ts';
import type { CustodyScene } from '../../support/fault-invariants.ts';
import { custodyViolations } from '../../support/fault-invariants.ts';
import { FaultPoints } from '../../support/fault-points.ts';
import { inSnapshot, storeKeyOf } from '../../support/fault-store.ts';
import type { OrthancServer } from '../../support/orthanc.ts';
import { startOrthanc } from '../../support/orthanc.ts';
import { freePort } from '../../support/server-process.ts';
import type { TestStation } from '../../support/station.ts';
import { startTestStation } from '../../support/station.ts';

export type Protocol = 'dimse' | 'dicomweb';

export interface LifeOptions {
  readonly protocol: Protocol;
  /** An empty folder for the cards and everything else. */
  readonly folder: string;
  /** Where the data folder is made; default beside the cards. */
  readonly dataParent?: string;
  /** Root of a (broken) build of the station. */
  readonly build?: string;
}

/** A real station that announces its durable points, a real Orthanc, and cards whose lives they go through. */
export class LifeWorld {
  readonly station: TestStation;
  readonly points: FaultPoints;
  readonly orthanc: OrthancServer;
  readonly cards: FaultCard[] = [];
  /** Cards whose life is not over. */
  readonly unfinished = new Set<FaultCard>();
  readonly #options: LifeOptions;
  readonly #scene: CustodyScene;
  #lastPicture: Buffer | null = null;

  private constructor(
    options: LifeOptions,
    made: { station: TestStation; points: FaultPoints; orthanc: OrthancServer; key: Uint8Array },
  ) {
    this.#options = options;
    this.station = made.station;
    this.points = made.points;
    this.orthanc = made.orthanc;
    this.#scene = {
      station: made.station,
      key: made.key,
      cards: this.cards,
      archive: made.orthanc,
      commitmentOffered: options.protocol === 'dimse',
      memory: { objects: new Map() },
    };
  }

  static async open(options: LifeOptions): Promise<LifeWorld> {
    const { protocol, folder, dataParent = folder } = options;
    const stationPort = await freePort();
    const orthanc = await startOrthanc({
      stationAet: 'PHOTODOCK',
      stationHost: '127.0.0.1',
      stationPort,
      worklist: [{ patientName: 'Fault^Bench', patientId: 'MRN-1', studyInstanceUid: '1.2.826.0.1.3680043.10.1.7' }],
    });
    try {
      const points = await FaultPoints.open(path.join(folder, 'points'));
      const dataDir = path.join(dataParent, 'data');
      await mkdir(dataDir, { recursive: true, mode: 0o700 });
      const peer = { host: orthanc.host, port: orthanc.dicomPort, calledAet: orthanc.aet };
      const station = await startTestStation({
        dataDir,
        faults: points.folder,
        ...(options.build === undefined ? {} : { build: options.build }),
        config: {
          station: { name: 'FAULTS', aet: 'PHOTODOCK', listen: { host: '127.0.0.1', port: stationPort } },
          archive:
            protocol === 'dimse'
              ? { kind: protocol, name: 'Orthanc', ...peer, commitmentTimeoutSeconds: 1, readBack: { kind: 'move' } }
              : { kind: protocol, name: 'Orthanc', baseUrl: orthanc.dicomWebUrl },
          worklist: peer,
          intake: { mountRoots: [], watchFolders: [] },
          policy: { retentionDays: 1 },
        },
      });
      await station.firstLead();
      await station.until('worklist.list', {}, ({ items }) => items.length > 0);
      return new LifeWorld(options, { station, points, orthanc, key: await storeKeyOf(dataDir) });
    } catch (error) {
      await orthanc.stop();
      throw error;
    }
  }

  /** A new card: pictures, a note that nobody can file, and now and then a picture taken over from the card before. */
  async newCard(pictures: number, withCopy: boolean): Promise<FaultCard> {
    const number = this.cards.length + 1;
    const copies = withCopy && this.#lastPicture ? [this.#lastPicture] : [];
    const card = await makeFaultCard(path.join(this.#options.folder, `card${number}`), number, pictures, copies);
    this.#lastPicture = await readFile(path.join(card.root, card.pictures[0]!));
    this.cards.push(card);
    this.unfinished.add(card);
    return card;
  }

  /**
   * So many days pass that the retention of what is confirmed ends. They are written into the index of the stopped station: nothing in
   * the product can make time pass.
   */
  async letDaysPass(): Promise<void> {
    await this.station.kill('SIGTERM');
    await inSnapshot(this.station.dataDir, this.#scene.key, async (index) => {
      await index.run(
        `INSERT INTO station_day (number, date, counted_at)
         SELECT max(number) + 2, 'passed ' || max(number), max(counted_at) FROM station_day`,
      );
      await index.run("UPDATE capture SET retention_day = 1 WHERE retention_day IS NULL AND stage = 'confirmed'");
      await index.exec('COMMIT');
    });
    await this.station.restart();
  }

  violations(): Promise<string[]> {
    return custodyViolations(this.#scene);
  }

  async close(): Promise<void> {
    await this.station.stop();
    await this.orthanc.stop();
  }
}
