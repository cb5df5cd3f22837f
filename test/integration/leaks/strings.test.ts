import { lstat, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFaultCard } from '../../support/fault-card.ts';
import { processTree, publicFace } from '../../support/fault-processes.ts';
import { storeKeyOf } from '../../support/fault-store.ts';
import { secretsIn } from '../../support/fault-strings.ts';
import type { OrthancServer } from '../../support/orthanc.ts';
import { startOrthanc } from '../../support/orthanc.ts';
import { freePort, removeFolder, run, tempFolder } from '../../support/server-process.ts';
import type { TestStation } from '../../support/station.ts';
import { startTestStation, testLead } from '../../support/station.ts';
import { dockAndRead, fileAll, release, untilConfirmed } from '../../support/walk-card.ts';

// A card's whole life, with every kind of trouble on the way, and then the question of promise 3: can anybody who reads the
// data folder, the logs, the temporary folder or the process table learn anything about a patient?

const patient = ['Zwetschgenbaum', 'Kunigunde', 'MRNZQ88417', 'ACCZQ55219', '19370419', '1937-04-19', 'WARDZQ3'];
const exif = [
  'Xaverius Objektivsson',
  'Besitzerin Qwimble',
  'KommentarQX',
  'BeschreibungQX',
  'BylineQX',
  'SNQX771193',
  '47.8913',
  '47,53,28',
];
const passwords = [testLead.password, 'wrong-password-QX'];
const secrets = [...patient, ...exif];

let folder: string;
let card: string;
let outside: string;
let temporary: string;
let orthanc: OrthancServer;
let station: TestStation;
let dockingId: string;

beforeAll(async () => {
  folder = await tempFolder('leaks');
  card = path.join(folder, 'card');
  outside = path.join(folder, 'outside');
  temporary = path.join(folder, 'tmp');
  await mkdir(outside);
  await mkdir(temporary);
  await makeTellingCard();
  const stationPort = await freePort();
  orthanc = await startOrthanc({
    stationAet: 'PHOTODOCK',
    stationHost: '127.0.0.1',
    stationPort,
    worklist: [
      {
        patientName: 'Zwetschgenbaum^Kunigunde',
        patientId: 'MRNZQ88417',
        accessionNumber: 'ACCZQ55219',
        birthDate: '19370419',
        medicalAlerts: 'WARDZQ3',
      },
    ],
  });
  const peer = { host: orthanc.host, port: orthanc.dicomPort, calledAet: orthanc.aet };
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = temporary;
  // A machine that would write core dumps: the station must see to it that it leaves none.
  await run('prlimit', ['--core=unlimited', '--pid', String(process.pid)]);
  const dataDir = path.join(folder, 'data');
  await mkdir(dataDir, { mode: 0o700 });
  station = await startTestStation({
    dataDir,
    config: {
      station: { name: 'LEAKS', aet: 'PHOTODOCK', listen: { host: '127.0.0.1', port: stationPort } },
      archive: { kind: 'dimse', name: 'Orthanc', ...peer, readBack: { kind: 'move' } },
      worklist: peer,
      intake: { mountRoots: [], watchFolders: [] },
    },
  });
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  await station.firstLead();
});

afterAll(async () => {
  await station?.stop();
  await orthanc?.stop();
  await removeFolder(folder);
});

/** Pictures whose metadata and names tell everything. */
async function makeTellingCard(): Promise<void> {
  const { root } = await makeFaultCard(card, 7, 4);
  const pictures = path.join(root, 'DCIM', '100FAULT');
  const { code, output } = await run('exiftool', [
    '-q',
    '-overwrite_original',
    '-Artist=Xaverius Objektivsson',
    '-OwnerName=Besitzerin Qwimble',
    '-UserComment=KommentarQX',
    '-ImageDescription=BeschreibungQX',
    '-SerialNumber=SNQX771193',
    '-XMP:Creator=Xaverius Objektivsson',
    '-XMP:GPSLatitude=47.8913',
    '-GPSLatitude=47.8913',
    '-GPSLongitude=16.1234',
    '-IPTC:By-line=BylineQX',
    '-IPTC:Caption-Abstract=BeschreibungQX',
    '-XMP:Description=Zwetschgenbaum Kunigunde MRNZQ88417',
    '-DateTimeOriginal=2026:01:02 03:04:05',
    '-ext',
    'JPG',
    pictures,
  ]);
  if (code !== 0) throw new Error(output);
  await rename(path.join(pictures, 'IMG_1000.JPG'), path.join(pictures, 'Zwetschgenbaum_Kunigunde_MRNZQ88417.JPG'));
  await writeFile(
    path.join(pictures, 'broken Zwetschgenbaum.JPG'),
    Buffer.from('\xff\xd8\xff\xe0Zwetschgenbaum', 'latin1'),
  );
}

/** What the data folder, its logs and the temporary folder let anybody read. */
async function leaked(): Promise<string[]> {
  const key = await storeKeyOf(station.dataDir);
  const keys = ['hex', 'base64', 'base64url'].map((form) => Buffer.from(key).toString(form as 'hex'));
  const all = [...secrets, ...passwords, ...keys];
  return [...(await secretsIn(station.dataDir, all)), ...(await secretsIn(temporary, all))];
}

test('the search finds what it looks for', async () => {
  const found = await secretsIn(card, secrets);
  for (const secret of ['Zwetschgenbaum', 'MRNZQ88417', ...exif.slice(0, 6)]) {
    expect(
      found.some((line) => line.startsWith(secret)),
      secret,
    ).toBe(true);
  }
});

test('read, filed, delivered and erased, with trouble at every turn', async () => {
  await station.until('worklist.list', { query: 'Zwetschgenbaum' }, ({ items }) => items.length === 1);
  dockingId = await dockAndRead(station, card);
  const { captures } = await station.call('captures.list', { dockingId });
  const filing = {
    captureIds: captures.map((one) => one.id),
    worklistItemId: (await station.call('worklist.list', {})).items[0]!.id,
    region: { scheme: 'SCT', code: 'Zwetschgenbaum' },
    laterality: null,
    view: 'Zwetschgenbaum Kunigunde',
    burnedIn: false,
    recognizable: true,
  };
  // Whoever mistypes says patient data in the wrong place. None of these may be written down.
  expect(await station.codeOf('captures.file', filing)).not.toBe(null);
  expect(await station.codeOf('dock.folder', { path: '/nowhere/Zwetschgenbaum Kunigunde' })).toBe('no-such-folder');
  expect(
    await station.codeOf('session.signIn', { login: 'Kunigunde Zwetschgenbaum', password: 'wrong-password-QX' }),
  ).not.toBe(null);
  expect(await station.codeOf('captures.get', { captureId: 'MRNZQ88417-none' })).not.toBe(null);
  expect(
    await station.codeOf('people.add', {
      login: 'Zwetschgenbaum^K',
      displayName: 'x',
      role: 'staff',
      password: 'wrong-password-QX',
    }),
  ).toBe('bad-request');
  await station.call('worklist.scan', { code: 'MRNZQ88417' });
  await station.call('worklist.scan', { code: 'ACCZQ55219 unknown' });
  const thumbnail = await station.client.picture(captures[0]!.id, 'thumb', { session: station.session });
  thumbnail.body.resume();

  // The archive and the worklist are away while pictures of a patient wait for them.
  await orthanc.halt();
  const { filed } = await fileAll(station, dockingId);
  expect(filed).toHaveLength(4);
  await station.call('worklist.refresh', {});
  await station.until('review.list', {}, ({ rows }) => rows.some((row) => row.list === 'stuck'));
  expect(await leaked()).toEqual([]);

  // Killed with a full write-ahead log, and crashed by its own signal: neither leaves a readable trace.
  await station.kill('SIGKILL');
  expect(await leaked()).toEqual([]);
  await station.restart();
  await station.signIn();
  await station.kill('SIGABRT');
  expect(await leaked()).toEqual([]);
  await station.restart();
  await station.signIn();

  await orthanc.resume();
  await station.call('captures.retry', {});
  await untilConfirmed(station, dockingId);
  expect(await release(station, dockingId)).toBe(4);
  const { text } = await station.call('certificate.get', { dockingId });
  await writeFile(path.join(outside, 'certificate.json'), text);
  await writeFile(path.join(outside, 'certificate.html'), (await station.call('certificate.html', { dockingId })).html);
});

test('the process table tells no key, no password and no patient', async () => {
  const key = Buffer.from(await storeKeyOf(station.dataDir));
  const forbidden = [...secrets, ...passwords, key.toString('hex'), key.toString('base64'), key.toString('base64url')];
  const pid = await station.pid();
  // A picture is asked for, so that an imaging process is there to be looked at.
  const { captures } = await station.call('captures.list', { dockingId, stage: 'confirmed' });
  (await station.client.picture(captures[0]!.id, 'screen', { session: station.session })).body.resume();
  const tree = await processTree(pid);
  expect(tree.length).toBeGreaterThan(1);
  for (const one of tree) {
    const { commandLine, environment, limits } = await publicFace(one);
    expect(forbidden.filter((secret) => commandLine.includes(secret) || environment.includes(secret))).toEqual([]);
    expect(/^Max core file size\s+(\S+)/m.exec(limits)?.[1], 'a crash leaves no core dump').toBe('0');
  }
  // The imaging process is not even told who we are or where anything lies.
  for (const child of tree.slice(1)) {
    const { environment } = await publicFace(child);
    expect(environment).not.toMatch(/(^|\0)(HOME|USER|PATH|PHOTODOCK_[A-Z]+)=/);
  }
});

test('locked, nobody is given a picture or a name', async () => {
  const { captures } = await station.call('captures.list', { dockingId });
  await station.call('session.lock', {});
  const answer = await station.client.picture(captures[0]!.id, 'full', { session: station.session });
  answer.body.resume();
  expect(answer.status).not.toBe(200);
  expect(await station.codeOf('captures.list', { dockingId })).toBe('not-signed-in');
  station.session = undefined;
});

test('what the station leaves behind holds nothing of a patient, while it runs and after it ended', async () => {
  expect(await leaked()).toEqual([]);
  await station.kill('SIGTERM');
  expect(await leaked()).toEqual([]);
  // The certificate that was saved outside names files and archive objects, not patients.
  const patientFacts = patient.filter((fact) => !['Zwetschgenbaum', 'Kunigunde', 'MRNZQ88417'].includes(fact));
  expect(await secretsIn(outside, [...patientFacts, ...exif])).toEqual([]);
});

test('only its own user can open anything in the data folder', async () => {
  const tooOpen: string[] = [];
  for (const name of ['.', ...(await readdir(station.dataDir, { recursive: true }))]) {
    const found = await lstat(path.join(station.dataDir, name));
    const mode = found.mode & 0o777;
    if (found.isDirectory() ? mode !== 0o700 : (mode & 0o177) !== 0) tooOpen.push(`${name} ${mode.toString(8)}`);
  }
  expect(tooOpen).toEqual([]);
});
