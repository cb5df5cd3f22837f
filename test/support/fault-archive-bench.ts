import path from 'node:path';
import type { CallOutput } from '../../shared/contract.ts';
import type { FaultCard } from './fault-card.ts';
import { makeFaultCard } from './fault-card.ts';
import type { CustodyScene } from './fault-invariants.ts';
import { storeKeyOf } from './fault-store.ts';
import type { HostileArchive, HostileScenarioName } from './hostile-archive.ts';
import { startHostileArchive } from './hostile-archive.ts';
import type { HostileLine } from './hostile-line.ts';
import { openHostileLine } from './hostile-line.ts';
import { freePort, removeFolder, tempFolder } from './server-process.ts';
import type { TestStation } from './station.ts';
import { startTestStation } from './station.ts';
import { dockAndRead, fileAll } from './walk-card.ts';

export type Protocol = 'dimse' | 'dicomweb';

/** A real station that speaks TLS with an archive, and both the archive and the line to it behave as the named scenario says. */
export interface ArchiveBench {
  readonly station: TestStation;
  readonly archive: HostileArchive;
  /** Everything the invariants of custody are looked for in. */
  readonly scene: CustodyScene;
  /** From now on the archive behaves as another scenario, and what was negotiated with the former one is cut off. */
  become(scenario: HostileScenarioName): Promise<void>;
  /** The line breaks once, after this many more bytes. */
  cutAfter(bytes: number): void;
  /** Docks a new card and files its pictures; answers when the filing is done. */
  fileNewCard(pictures?: number): Promise<FiledCard>;
  stop(): Promise<void>;
}

export interface FiledCard extends FaultCard {
  readonly dockingId: string;
  captures(): Promise<CallOutput<'captures.list'>['captures']>;
  /** What the lead is shown of this card. */
  review(): Promise<CallOutput<'review.list'>['rows']>;
}

/** The archive of the bench: how long the station waits for it, seconds. Short, because much of it never answers. */
const PATIENCE = { commitmentTimeoutSeconds: 1, silenceSeconds: 1, answerSeconds: 3 };

/** Opens the bench; it is honest until it becomes something else. */
export async function startArchiveBench(protocol: Protocol): Promise<ArchiveBench> {
  const folder = await tempFolder('hostile');
  const stationPort = await freePort();
  let line: HostileLine | undefined;
  const archive = await startHostileArchive({
    scenario: 'honest',
    stationAet: 'PHOTODOCK',
    stationPort,
    onDeath: () => line?.cut(),
  });
  const opened = (line = await openHostileLine(protocol === 'dimse' ? archive.dicomPort : archive.webPort));
  const tls = { ca: opened.ca };
  const known = { kind: protocol, name: 'Hostile', commitment: true, ...PATIENCE, tls };
  const station = await startTestStation({
    config: {
      station: { name: 'FAULTS', aet: 'PHOTODOCK', listen: { host: '127.0.0.1', port: stationPort } },
      archive:
        protocol === 'dimse'
          ? { ...known, host: '127.0.0.1', port: opened.port, calledAet: archive.aet, readBack: { kind: 'move' } }
          : { ...known, baseUrl: `https://127.0.0.1:${opened.port}/dicom-web` },
      worklist: { host: '127.0.0.1', port: archive.dicomPort, calledAet: archive.aet, daysBack: 30, daysAhead: 30 },
      intake: { mountRoots: [], watchFolders: [] },
    },
  });
  await station.firstLead();
  await station.until('worklist.list', {}, ({ items }) => items.length > 0);
  const cards: FaultCard[] = [];
  const scene: CustodyScene = {
    station,
    key: await storeKeyOf(station.dataDir),
    cards,
    archive,
    commitmentOffered: true,
    memory: { objects: new Map() },
  };
  return {
    station,
    archive,
    scene,
    async become(name) {
      archive.become(name);
      await opened.become(name);
    },
    cutAfter: opened.cutAfter,
    async fileNewCard(pictures = 2) {
      const number = cards.length + 1;
      const card = await makeFaultCard(path.join(folder, `card${number}`), number, pictures);
      cards.push(card);
      const dockingId = await dockAndRead(station, card.root);
      const { filed } = await fileAll(station, dockingId);
      if (filed.length !== card.pictures.length) throw new Error('the card could not be filed');
      return {
        ...card,
        dockingId,
        captures: async () =>
          (await station.call('captures.list', { dockingId })).captures.filter((one) => one.kind !== 'other'),
        review: async () => (await station.call('review.list', {})).rows.filter((row) => row.dockingId === dockingId),
      };
    },
    async stop() {
      await station.stop();
      await opened.close();
      await archive.stop();
      await removeFolder(folder);
    },
  };
}
