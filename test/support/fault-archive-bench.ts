import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import type { CallOutput } from '../../shared/contract.ts';
import { makeFaultCard } from './fault-card.ts';
import type { HostileArchive, HostileScenarioName } from './hostile-archive.ts';
import { startHostileArchive } from './hostile-archive.ts';
import { freePort, removeFolder, tempFolder } from './server-process.ts';
import type { TestStation } from './station.ts';
import { startTestStation } from './station.ts';
import { dockAndRead, fileAll } from './walk-card.ts';

export type Protocol = 'dimse' | 'dicomweb';

/** A real station whose archive behaves as the named scenario says. */
export interface ArchiveBench {
  readonly station: TestStation;
  readonly archive: HostileArchive;
  /** From now on the archive behaves as another scenario, and what was negotiated with the former one is cut off. */
  become(scenario: HostileScenarioName): void;
  /** Docks a new card of two pictures and files them; answers when the filing is done. */
  fileNewCard(): Promise<FiledCard>;
  stop(): Promise<void>;
}

export interface FiledCard {
  readonly root: string;
  readonly original: ReadonlyMap<string, string>;
  readonly dockingId: string;
  captures(): Promise<CallOutput<'captures.list'>['captures']>;
  /** What the lead is shown of this card. */
  review(): Promise<CallOutput<'review.list'>['rows']>;
}

export const PICTURES_PER_CARD = 2;

export async function startArchiveBench(protocol: Protocol, scenario: HostileScenarioName): Promise<ArchiveBench> {
  const folder = await tempFolder('hostile');
  const stationPort = await freePort();
  const archive = await startHostileArchive({ scenario: 'honest', stationAet: 'PHOTODOCK', stationPort });
  const line = await openLine(archive.dicomPort);
  const peer = { host: '127.0.0.1', port: line.port, calledAet: archive.aet };
  const commitment = { commitment: true, commitmentTimeoutSeconds: 2 };
  const station = await startTestStation({
    config: {
      station: { name: 'FAULTS', aet: 'PHOTODOCK', listen: { host: '127.0.0.1', port: stationPort } },
      archive:
        protocol === 'dimse'
          ? { kind: protocol, name: 'Hostile', ...peer, ...commitment, readBack: { kind: 'move' } }
          : { kind: protocol, name: 'Hostile', baseUrl: archive.dicomWebUrl, ...commitment },
      worklist: { ...peer, daysBack: 30, daysAhead: 30 },
      intake: { mountRoots: [], watchFolders: [] },
    },
  });
  await station.firstLead();
  await station.until('worklist.list', {}, ({ items }) => items.length > 0);
  const become = (name: HostileScenarioName) => {
    archive.become(name);
    line.cut();
  };
  become(scenario);
  let cards = 0;
  return {
    station,
    archive,
    become,
    async fileNewCard() {
      const { root, original, pictures } = await makeFaultCard(
        path.join(folder, `card${cards++}`),
        cards,
        PICTURES_PER_CARD,
      );
      const dockingId = await dockAndRead(station, root);
      const { filed } = await fileAll(station, dockingId);
      if (filed.length !== pictures.length) throw new Error('the card could not be filed');
      return {
        root,
        original,
        dockingId,
        captures: async () =>
          (await station.call('captures.list', { dockingId })).captures.filter((one) => one.kind !== 'other'),
        review: async () => (await station.call('review.list', {})).rows.filter((row) => row.dockingId === dockingId),
      };
    },
    async stop() {
      await station.stop();
      await line.close();
      await archive.stop();
      await removeFolder(folder);
    },
  };
}

/** A line to a port that can be cut: a station keeps an association open for a while after each instance. */
async function openLine(target: number): Promise<{ port: number; cut(): void; close(): Promise<void> }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((near) => {
    const far = net.connect({ port: target, host: '127.0.0.1' });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.pipe(other);
      one.on('error', () => other.destroy()).on('close', () => (sockets.delete(one), other.destroy()));
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => sockets.forEach((socket) => socket.destroy());
  return {
    port: (server.address() as net.AddressInfo).port,
    cut,
    async close() {
      server.close();
      cut();
    },
  };
}
