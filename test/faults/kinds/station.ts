import { execFile } from 'node:child_process';
import { appendFile, mkdir, readdir, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from '../../../shared/domain/errors.ts';
import type { FaultRandom } from '../../support/fault-random.ts';
import { inSnapshot, storeKeyOf } from '../../support/fault-store.ts';
import type { StationBench } from '../../support/station-bench.ts';
import { fingerprints, heal, openStationBench } from '../../support/station-bench.ts';
import type { TestStation } from '../../support/station.ts';
import { testLead } from '../../support/station.ts';
import type { FaultKind } from '../bench/kind.ts';
import type { Damage } from './station-damages.ts';
import { DAMAGES } from './station-damages.ts';

const execute = promisify(execFile);

/**
 * A station with a real life in its data folder, of which one thing is damaged: it says the promised code, changes nothing, and with the right bytes
 * back everything is there and comes to its end. And a full disk, a clock that leaps, leftovers of a killed start.
 */
export const stationFaults: FaultKind = {
  name: 'station',
  share: 2,
  roundsPerWorld: 25,
  unavailable: async () =>
    process.platform === 'linux' && process.getuid?.() === 0
      ? null
      : 'a full disk needs a mount, and that needs root on Linux',
  async open(_random, folder) {
    const bench = await openStationBench(folder);
    const scenarios = stationScenarios(bench);
    return {
      scenarios: [...scenarios.keys()],
      run: (name, random) => scenarios.get(name)!(random),
      violations: () => bench.violations(),
      close: () => bench.close(),
    };
  },
};

type Scenario = (random: FaultRandom) => Promise<string>;

/** Every scenario by its name. */
export function stationScenarios(bench: StationBench): ReadonlyMap<string, Scenario> {
  return new Map<string, Scenario>([
    ...DAMAGES.map((one) => [one.name, (random: FaultRandom) => damageRound(bench, one, random)] as const),
    ['older index accepted, then the right one found', () => orphanRound(bench)],
    ['disk: full to the last byte at the start', () => fullDiskRound(bench, true)],
    ['disk: full at the start, the reserve used up', () => fullDiskRound(bench, false)],
    ['clock: years back', (random) => clockRound(bench, -(1 + random.below(30)))],
    ['clock: years ahead', (random) => clockRound(bench, 1 + random.below(30))],
    ['leftovers of a killed start', (random) => leftoversRound(bench, random)],
    ['log: a file in place of its folder', () => logRound(bench)],
  ]);
}

function expectCode(found: string | null, code: string, what: string): void {
  if (found !== code) throw new Error(`${what} said ${found} instead of ${code}`);
}

async function expectUntouched(folder: string, before: ReadonlyMap<string, string>): Promise<void> {
  const now = await fingerprints(folder);
  for (const name of new Set([...before.keys(), ...now.keys()])) {
    if (before.get(name) !== now.get(name)) throw new Error(`${name} was changed by a station that must not`);
  }
}

async function damageRound(bench: StationBench, { ending, spoil, told, code }: Damage, random: FaultRandom) {
  await bench.stop();
  const folder = await bench.copy(ending);
  const other = bench.prepared(ending === 'ended' ? 'killed' : 'ended');
  await spoil(folder, random, other);
  const spoilt = await fingerprints(folder);
  if (told === 'start') {
    expectCode(await bench.start(folder).then(() => 'nothing', errorCode), code, 'the start');
    await expectUntouched(folder, spoilt);
    await rm(path.join(folder, 'run'), { recursive: true });
  }
  const station = await bench.start(folder);
  if (told === 'sign-in') {
    expectCode(await station.codeOf('session.signIn', testLead), code, 'the sign-in');
    expectCode(
      await station.codeOf('session.firstLead', { ...testLead, login: 'new', displayName: 'New' }),
      code === 'keyring-missing' || code === 'keyring-damaged' ? code : 'not-empty',
      'a new first lead',
    );
    await expectUntouched(folder, spoilt);
  }
  if (told === 'sealed') {
    await station.signIn();
    const { checks } = await station.call('station.doctor', {});
    expectCode(checks.find(({ step }) => step === 'sealed-files')?.code ?? null, code, 'the doctor');
    const { rows } = await station.call('review.list', {});
    if (rows.every(({ list }) => list !== 'damaged') && !(await onlyConfirmedObjects(station)))
      throw new Error('Review shows no damaged sealed file');
  }
  await healSealedLast(folder, bench.prepared(ending), told);
  await bench.expectWhole(station);
  return `${told}: ${code}`;
}

/** Review does not name the object of a picture that the archive has confirmed meanwhile: it is needed no more. */
async function onlyConfirmedObjects(station: TestStation): Promise<boolean> {
  const { damaged } = await station.call('station.checkSealed', { after: null, limit: 200 });
  const confirmed = await inSnapshot(station.dataDir, await storeKeyOf(station.dataDir), (index) =>
    index.all<{ id: string }>("SELECT id FROM instance WHERE state = 'confirmed'"),
  );
  return damaged.every(({ id }) => confirmed.some((one) => one.id === id));
}

/** A working station has gone on meanwhile: only its quarantine gets the right bytes back. */
async function healSealedLast(folder: string, prepared: string, told: Damage['told']): Promise<void> {
  if (told !== 'sealed') return heal(folder, prepared);
  const right = await readdir(path.join(prepared, 'sealed'), { recursive: true, withFileTypes: true });
  for (const entry of right) {
    if (!entry.isFile()) continue;
    const from = path.join(entry.parentPath, entry.name);
    const to = path.join(folder, path.relative(prepared, from));
    await mkdir(path.dirname(to), { recursive: true });
    await rm(to, { force: true });
    await execute('cp', ['-p', from, to]);
  }
}

/** Somebody decides for an older index; nothing is thrown away, and the right one finds it all again. */
async function orphanRound(bench: StationBench): Promise<string> {
  await bench.stop();
  const folder = await bench.copy('killed');
  await rm(path.join(folder, 'index.db-wal'));
  await rm(path.join(folder, 'index.head'));
  // As old as it gets: nobody in it yet may be, so the lead becomes the first again.
  let station = await bench.start(folder);
  await station.signIn();
  const { checks } = await station.call('station.doctor', {});
  const orphans = checks.find(({ step }) => step === 'orphans');
  expectCode(orphans?.code ?? 'none', 'orphans', 'the doctor');
  await bench.stop();
  const aside = new Map([...(await fingerprints(folder))].filter(([name]) => name.startsWith('orphans/')));
  await rm(path.join(folder, 'sealed'), { recursive: true, force: true });
  for (const name of ['index.db', 'index.db-wal', 'index.head']) {
    await rm(path.join(folder, name), { force: true });
    await execute('cp', ['-p', path.join(bench.prepared('killed'), name), path.join(folder, name)]);
  }
  station = await bench.start(folder);
  await bench.expectWhole(station);
  return `put aside and put back: ${aside.size}`;
}

async function fullDiskRound(bench: StationBench, withReserve: boolean): Promise<string> {
  await bench.stop();
  const copied = await bench.copy('killed');
  const disk = `${copied}-disk`;
  await mkdir(disk);
  await execute('mount', ['-t', 'tmpfs', '-o', 'size=48m,mode=0700', 'tmpfs', disk]);
  try {
    const folder = path.join(disk, 'data');
    await execute('cp', ['-a', copied, folder]);
    await writeFile(path.join(folder, 'reserve'), Buffer.alloc(4 << 20, 7));
    if (!withReserve) await rm(path.join(folder, 'reserve'));
    await fill(disk);
    const outcome = await bench.start(folder).then(() => 'started', errorCode);
    if (!withReserve && outcome !== 'started') {
      expectCode(outcome, 'station-disk-full', 'the start');
      await rm(path.join(disk, 'ballast'));
    }
    if (withReserve) expectCode(outcome, 'started', 'the start');
    const station = await bench.start(folder);
    if (withReserve) {
      await station.signIn();
      await fill(disk, 700_000);
      const card = await bench.newCard(1);
      const { dockingId } = await station.call('dock.folder', { path: card.root });
      const told = await station.until('dockings.get', { dockingId }, ({ problem }) => problem !== null);
      expectCode(told.problem, 'station-disk-full', 'the docking');
      await rm(path.join(disk, 'ballast'));
      await station.until('dockings.get', { dockingId }, ({ state }) => state === 'sealed');
    } else {
      await rm(path.join(disk, 'ballast'), { force: true });
    }
    await bench.expectWhole(station);
    const violations = await bench.violations();
    if (violations.length > 0) throw new Error(violations.join('; '));
    return withReserve ? 'full: worked on its reserve' : `full: ${outcome}`;
  } finally {
    await bench.stop();
    await execute('umount', ['-l', disk]);
  }
}

/** To the last byte, whatever others write meanwhile. */
async function fill(disk: string, leave = 0): Promise<void> {
  const { bavail, bsize } = await statfs(disk);
  await appendFile(
    path.join(disk, 'ballast'),
    Buffer.alloc(Math.max(0, bavail * bsize + (leave > 0 ? -leave : bsize))),
  ).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOSPC') throw error;
  });
}

const YEAR_MS = 365 * 86_400_000;

/** What the process takes for the system's clock. */
function clockShift(years: number): string {
  const program = `const shift = ${years * YEAR_MS}; const Real = Date;
    globalThis.Date = class Date extends Real {
      constructor(...given) { if (given.length === 0) super(Real.now() + shift); else super(...given); }
      static now() { return Real.now() + shift; }
    };`;
  return `data:text/javascript,${encodeURIComponent(program)}`;
}

async function clockRound(bench: StationBench, years: number): Promise<string> {
  await bench.stop();
  const folder = await bench.copy('killed');
  const station = await bench.start(folder, { nodeArguments: ['--import', clockShift(years)] });
  expectCode(
    await station.codeOf('session.signIn', { ...testLead, password: 'wrong' }),
    'wrong-password',
    'a wrong password',
  );
  await bench.expectWhole(station);
  const { checks } = await station.call('station.doctor', {});
  expectCode(
    checks.find(({ step }) => step === 'clock')?.code ?? 'none',
    years < 0 ? 'clock-behind' : 'none',
    'the doctor',
  );
  const { dockings } = await station.call('dockings.list', {});
  for (const { id } of dockings) await station.call('certificate.get', { dockingId: id });
  const audit = await station.call('audit.verify', {});
  if (!audit.ok) throw new Error('the audit chain does not stand a leap of the clock');
  return years < 0 ? 'went on: clock back' : 'went on: clock ahead';
}

async function leftoversRound(bench: StationBench, random: FaultRandom): Promise<string> {
  await bench.stop();
  const folder = await bench.copy('killed');
  const run = path.join(folder, 'run');
  await mkdir(run, { mode: 0o700 });
  const door = JSON.stringify({
    pid: 1,
    socket: path.join(run, 'door.sock'),
    token: 'x'.repeat(40),
    startedAt: 0,
    version: '0',
  });
  await writeFile(path.join(run, 'door.json'), door.slice(0, random.below(door.length + 1)), { mode: 0o600 });
  await writeFile(path.join(run, 'door.json.part'), door.slice(0, 9), { mode: 0o600 });
  await writeFile(path.join(run, 'door.sock'), '', { mode: 0o600 });
  await writeFile(path.join(run, 'start-error.json'), '{"code":"stat', { mode: 0o600 });
  await writeFile(path.join(folder, 'keys.json.part'), '{"format"', { mode: 0o600 });
  await writeFile(path.join(folder, 'index.head.part'), 'photodock-he', { mode: 0o600 });
  await writeFile(path.join(folder, 'reserve.part'), 'x', { mode: 0o600 });
  await mkdir(path.join(folder, 'sealed', 'zz'), { recursive: true });
  await writeFile(path.join(folder, 'sealed', 'zz', `${'z'.repeat(32)}.part`), 'cut off', { mode: 0o600 });
  await truncate(path.join(folder, 'index.head'), random.below(100));
  await bench.expectWhole(await bench.start(folder));
  const left = [...(await fingerprints(folder)).keys()].filter((name) => name.startsWith('sealed/zz'));
  if (left.length > 0) throw new Error('a file that was cut off is still there');
  return 'started over leftovers';
}

async function logRound(bench: StationBench): Promise<string> {
  await bench.stop();
  const folder = await bench.copy('ended');
  await writeFile(path.join(folder, 'logs'), 'in the way');
  await bench.expectWhole(await bench.start(folder));
  return 'worked without a log';
}
