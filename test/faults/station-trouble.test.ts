import { execFile } from 'node:child_process';
import { appendFile, mkdir, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startStation, StationNotStarted } from '../../main/client/index.ts';
import type { FaultCard } from '../support/fault-card.ts';
import { contentOf, makeFaultCard } from '../support/fault-card.ts';
import { testJpeg } from '../support/jpeg.ts';
import { freePort, removeFolder, tempFolder } from '../support/server-process.ts';
import type { TestStation } from '../support/station.ts';
import { startTestStation } from '../support/station.ts';

// Things people do to a station: start it twice, mistype its configuration, let its disk run full.

const execute = promisify(execFile);
const root = path.join(import.meta.dirname, '../..');
const stationMain = path.join(root, 'main/station/main.ts');
const nodePath = path.join(root, 'node_modules/.bin/node');

let folder: string;
let dataDir: string;
let station: TestStation | null = null;
beforeEach(async () => {
  folder = await tempFolder('trouble');
  dataDir = path.join(folder, 'data');
  await mkdir(dataDir, { mode: 0o700 });
});
afterEach(async () => {
  await station?.stop();
  station = null;
  await removeFolder(folder);
});

/** A station whose archive is nobody: nothing here needs one. */
async function config(): Promise<object> {
  return {
    station: { name: 'TROUBLE', aet: 'PHOTODOCK' },
    archive: { kind: 'dicomweb', name: 'Nobody', baseUrl: `http://127.0.0.1:${await freePort()}/dicom-web` },
    intake: { mountRoots: [], watchFolders: [] },
  };
}

/** Runs a station until it ends, which it must do by itself. */
async function refusal(configFile: string): Promise<{ code: string; message: string; stderr: string }> {
  const ended = await execute(nodePath, [stationMain, '--data', dataDir, '--config', configFile], {
    timeout: 30_000,
  }).then(
    () => {
      throw new Error('the station started');
    },
    (error: { code: unknown; stderr: string }) => error,
  );
  expect(ended.code).toBe(1);
  const told = JSON.parse(await readFile(path.join(dataDir, 'run', 'start-error.json'), 'utf8')) as {
    code: string;
    message: string;
  };
  return { ...told, stderr: ended.stderr };
}

describe('two stations on one data folder', () => {
  test('the second says so and touches nothing; the first goes on', async () => {
    station = await startTestStation({ config: await config(), dataDir });
    await station.firstLead();
    const doorFile = path.join(station.dataDir, 'run', 'door.json');
    const [pid, door] = [await station.pid(), await readFile(doorFile, 'utf8')];
    const { code, stderr } = await refusal(station.configFile!);
    expect(code).toBe('data-folder-in-use');
    expect(stderr).toContain('another station is running on this data folder');
    expect(await readFile(doorFile, 'utf8')).toBe(door);
    expect(await station.codeOf('station.status', {})).toBe(null);
    // A client that loses the race to start a station is led to the one that runs.
    await startStation({ dataDir: station.dataDir, configFile: station.configFile, nodePath, stationMain });
    expect(await station.pid()).toBe(pid);
    expect(await station.codeOf('station.status', {})).toBe(null);
  });

  test('a killed station leaves no lock behind', async () => {
    station = await startTestStation({ config: await config(), dataDir });
    await station.firstLead();
    await station.restart();
    await station.signIn();
    expect(await station.codeOf('station.status', {})).toBe(null);
  });
});

describe('a configuration that cannot be used', () => {
  test.each([
    ['a port out of range', { worklist: { host: 'mwl', port: 70_000, calledAet: 'MWL' } }, 'worklist.port'],
    ['an AE title of twenty letters', { station: { name: 'X', aet: 'TWENTYLETTERSAREMANY' } }, 'station.aet'],
    ['a key nobody knows', { policy: { eraseAtOnce: true } }, 'eraseAtOnce'],
    ['an archive of no kind', { archive: { kind: 'ftp', name: 'Old' } }, 'archive.kind'],
    [
      'commitment without a listener',
      { archive: { kind: 'dimse', name: 'P', host: 'p', port: 104, calledAet: 'P' } },
      'station.listen',
    ],
  ])('%s is named by its place', async (_what, wrong, place) => {
    const configFile = path.join(folder, 'station.json');
    await writeFile(configFile, JSON.stringify({ ...(await config()), ...wrong }));
    const { code, message, stderr } = await refusal(configFile);
    expect(code).toBe('config');
    expect(message).toContain(configFile);
    expect(message).toContain(place);
    expect(stderr).toContain(place);
  });

  test.each([
    ['is missing', null, 'cannot be read (ENOENT)'],
    ['is no JSON', '{"station": ', 'no valid JSON'],
  ])('a file that %s is named', async (_what, text, words) => {
    const configFile = path.join(folder, 'station.json');
    if (text !== null) await writeFile(configFile, text);
    const { code, message } = await refusal(configFile);
    expect(code).toBe('config');
    expect(message).toContain(configFile);
    expect(message).toContain(words);
  });
});

/** Less than the pictures need, more than their manifest does. */
const ROOM_BYTES = 600_000;
/** What follows one of the pictures in its file: more than the station's reserve, which it gives up for what a person asks. */
const LARGE_BYTES = 8 << 20;
const canMount = process.platform === 'linux' && process.getuid?.() === 0;

describe.runIf(canMount)("the station's own disk is full", () => {
  let disk: string;
  beforeEach(async () => {
    disk = path.join(folder, 'disk');
    await mkdir(disk);
    await execute('mount', ['-t', 'tmpfs', '-o', 'size=24m,mode=0700', 'tmpfs', disk]);
    dataDir = path.join(disk, 'data');
    await mkdir(dataDir, { mode: 0o700 });
  });
  afterEach(async () => {
    await station?.stop();
    station = null;
    await execute('umount', ['-l', disk]);
  });

  /** Takes room away until this many bytes are left, whatever others write meanwhile. */
  async function leave(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(disk);
    const ballast = Buffer.alloc(Math.max(0, bavail * bsize - bytes));
    await appendFile(path.join(disk, 'ballast'), ballast).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOSPC') throw error;
    });
  }

  async function dockOntoFullDisk(): Promise<{ card: FaultCard; dockingId: string }> {
    station = await startTestStation({ config: await config(), dataDir });
    await station.firstLead();
    const large = Buffer.concat([await testJpeg(399, 320), Buffer.alloc(LARGE_BYTES, 7)]);
    const card = await makeFaultCard(path.join(folder, 'card'), 3, 40, [large]);
    await leave(ROOM_BYTES);
    const { dockingId } = await station.call('dock.folder', { path: card.root });
    const full = await station.until('dockings.get', { dockingId }, ({ problem }) => problem !== null);
    expect(full).toMatchObject({ problem: 'station-disk-full', state: 'failed', connected: true });
    expect(full.equation).toMatchObject({ listed: card.original.size, unreadable: 0 });
    return { card, dockingId };
  }

  /** With room again, the docking ends as if nothing had been. */
  async function expectSealed(card: FaultCard, dockingId: string): Promise<void> {
    const sealed = await station!.until('dockings.get', { dockingId }, ({ state }) => state === 'sealed');
    expect(sealed.problem).toBe(null);
    expect(sealed.equation).toMatchObject({ listed: card.original.size, unreadable: 0 });
    await station!.until('captures.list', { dockingId }, ({ captures }) => captures.length === card.original.size);
    expect(await contentOf(card.root)).toEqual(card.original);
    expect(await station!.call('audit.verify', {})).toMatchObject({ ok: true });
  }

  test('it says so, calls nothing unreadable, and goes on by itself when there is room', async () => {
    const { card, dockingId } = await dockOntoFullDisk();
    await rm(path.join(disk, 'ballast'));
    await expectSealed(card, dockingId);
  });

  test('full to the last page and killed, it loses nothing', async () => {
    const { card, dockingId } = await dockOntoFullDisk();
    await leave(0);
    expect([null, 'station-disk-full']).toContain(await station!.codeOf('captures.retry', {}));
    // It tries again by itself now and then: for a moment there is no problem, until the disk is met.
    const full = await station!.until('dockings.get', { dockingId }, ({ problem }) => problem !== null);
    expect(full).toMatchObject({ problem: 'station-disk-full', connected: true });
    expect(full.equation).toMatchObject({ listed: card.original.size, unreadable: 0 });
    await station!.kill('SIGKILL');
    // There may be no room for the door; whatever becomes of this start, it must do no harm.
    await station!.restart().catch((error: unknown) => expect(error).toBeInstanceOf(StationNotStarted));
    await rm(path.join(disk, 'ballast'));
    await station!.restart();
    await station!.signIn();
    await expectSealed(card, dockingId);
  });
});
