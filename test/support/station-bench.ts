import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { readDoorFile } from '../../main/client/index.ts';
import type { FaultCard } from './fault-card.ts';
import { makeFaultCard } from './fault-card.ts';
import type { CustodyMemory } from './fault-invariants.ts';
import { custodyViolations } from './fault-invariants.ts';
import { storeKeyOf } from './fault-store.ts';
import type { HostileArchive } from './hostile-archive.ts';
import { startHostileArchive } from './hostile-archive.ts';
import { freePort } from './server-process.ts';
import type { TestStation, TestStationOptions } from './station.ts';
import { startTestStation } from './station.ts';
import { dockAndRead, fileAll, untilConfirmed } from './walk-card.ts';

/** How the station of the prepared life ended: as it should, or killed with work in its -wal file. */
export type Ending = 'ended' | 'killed';

/**
 * A data folder with a real life in it, to be damaged in copies: one card confirmed, one filed and not taken by the archive yet, one sealed
 * and not filed.
 */
export interface StationBench {
  readonly archive: HostileArchive;
  readonly config: object;
  /** The prepared data folder. Never changed. */
  prepared(ending: Ending): string;
  /** A copy of the prepared data folder in a place of its own, or within `parent`. */
  copy(ending: Ending, parent?: string): Promise<string>;
  /** Starts a station there; the bench ends it when the next one starts. */
  start(dataDir: string, options?: Partial<TestStationOptions>): Promise<TestStation>;
  /** Ends the station that runs. */
  stop(): Promise<void>;
  /** Signs in and waits until the whole life has come to its end: everything there, nothing left to deliver. */
  expectWhole(station: TestStation): Promise<void>;
  newCard(pictures: number): Promise<FaultCard>;
  violations(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const PICTURES = 2;

export async function openStationBench(folder: string): Promise<StationBench> {
  const archive = await startHostileArchive({
    scenario: 'honest',
    stationAet: 'PHOTODOCK',
    stationPort: await freePort(),
  });
  const config = {
    station: { name: 'STATION', aet: 'PHOTODOCK' },
    archive: { kind: 'dicomweb', name: 'Hostile', baseUrl: archive.dicomWebUrl },
    worklist: { host: '127.0.0.1', port: archive.dicomPort, calledAet: archive.aet, daysBack: 30, daysAhead: 30 },
    intake: { mountRoots: [], watchFolders: [] },
  };
  const base: Record<Ending, string> = { ended: path.join(folder, 'ended'), killed: path.join(folder, 'killed') };
  const cards: FaultCard[] = [];
  const memory: CustodyMemory = { objects: new Map() };
  let running: TestStation | null = null;
  let copies = 0;

  const newCard = async (pictures: number) => {
    const card = await makeFaultCard(path.join(folder, `card${cards.length}`), cards.length + 1, pictures);
    cards.push(card);
    return card;
  };
  const stop = async () => {
    const station = running;
    running = null;
    await station?.kill('SIGKILL');
    await station?.stop();
  };
  const start = async (dataDir: string, options: Partial<TestStationOptions> = {}) => {
    await stop();
    const station = await startTestStation({ config, dataDir, keep: true, ...options });
    running = station;
    return station;
  };

  // The life. Written once, and ended in both ways.
  const life = path.join(folder, 'life');
  await mkdir(life, { mode: 0o700 });
  let station = await start(life);
  await station.firstLead();
  await station.until('worklist.list', {}, ({ items }) => items.length > 0);
  const dockings: string[] = [];
  for (const end of ['confirmed', 'sealed', 'filed']) {
    const dockingId = await dockAndRead(station, (await newCard(PICTURES)).root);
    dockings.push(dockingId);
    if (end === 'filed') archive.become('busy-503');
    if (end !== 'sealed') await fileAll(station, dockingId);
    if (end === 'confirmed') await untilConfirmed(station, dockingId);
    if (end === 'filed') {
      await station.until('captures.list', { dockingId }, ({ captures }) =>
        captures.every((one) => one.kind === 'other' || one.stage === 'filed'),
      );
      await station.until('station.status', {}, ({ waiting }) => waiting.some(({ step }) => step === 'store'));
    }
  }
  const key = await storeKeyOf(life);
  await station.kill('SIGKILL');
  await copyFolder(life, base.killed);
  station = await start(life);
  await station.signIn();
  await station.kill('SIGTERM');
  await copyFolder(life, base.ended);
  await rm(life, { recursive: true });
  running = null;

  return {
    archive,
    config,
    prepared: (ending) => base[ending],
    async copy(ending, parent = folder) {
      const to = path.join(parent, `copy${copies++}`);
      await copyFolder(base[ending], to);
      return to;
    },
    start,
    stop,
    async expectWhole(whole) {
      archive.become('honest');
      await whole.signIn();
      await whole.call('captures.retry', {});
      for (const [at, dockingId] of dockings.entries()) {
        const done = await whole.until('dockings.get', { dockingId }, ({ equation }) => equation.inDelivery === 0);
        const { equation } = done;
        const ends =
          at === 1 ? equation.unfiled === PICTURES + 1 : equation.confirmed === PICTURES && equation.unfiled === 1;
        if (!ends || equation.listed !== PICTURES + 1)
          throw new Error(`docking ${at} came to ${JSON.stringify(equation)}`);
      }
      await whole.until('station.status', {}, ({ idle }) => idle);
      const { checks } = await whole.call('station.doctor', {});
      const bad = checks.filter(({ state, step }) => state === 'failed' && step !== 'worklist');
      if (bad.length > 0) throw new Error(`the doctor finds ${JSON.stringify(bad)}`);
    },
    newCard,
    violations: async () =>
      running?.session === undefined
        ? []
        : custodyViolations({
            station: running,
            key,
            cards,
            archive: { held: async () => (await archive.held()).filter(({ fault }) => fault === undefined) },
            commitmentOffered: false,
            memory,
          }),
    async close() {
      await stop();
      await archive.stop();
    },
  };
}

/** Without what belongs to a running process alone. */
async function copyFolder(from: string, to: string): Promise<void> {
  const leave = (file: string) => !/(-shm|\/run|\/logs)$/.test(file);
  await cp(from, to, { recursive: true, preserveTimestamps: true, filter: leave });
}

/** Relative path to SHA-256 of everything in a data folder that matters. */
export async function fingerprints(folder: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file);
    if (!entry.isFile() || /^(logs|run)\/|-shm$|^station\.json$|^reserve/.test(name)) continue;
    // SQLite makes an empty -wal where there is none.
    if (name.endsWith('-wal') && (await stat(file)).size === 0) continue;
    found.set(
      name,
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    );
  }
  return found;
}

/** Puts the right bytes back: every file as the prepared folder has it. */
export async function heal(folder: string, prepared: string): Promise<void> {
  const [now, right] = [await fingerprints(folder), await fingerprints(prepared)];
  for (const [name, hash] of right) {
    if (now.get(name) === hash) continue;
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await cp(path.join(prepared, name), path.join(folder, name), { force: true });
  }
  for (const name of now.keys()) if (!right.has(name)) await rm(path.join(folder, name));
}

/** Whether a station runs on this folder. */
export async function isRunning(folder: string): Promise<boolean> {
  return (await readDoorFile(folder)) !== null;
}
