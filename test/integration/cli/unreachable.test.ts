import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readDoorFile } from '../../../main/client/index.ts';
import { startWlmscpfs } from '../../support/dcmtk.ts';
import type { WorklistServer } from '../../support/dcmtk.ts';
import { freePort, removeFolder, tempFolder } from '../../support/server-process.ts';
import type { CliOptions } from './support.ts';
import { ask, examplePictures, lives, startCli, writeConfig } from './support.ts';

// Peers that are away: exit code 5, what is known stays usable, and nothing is erased.

let folder: string;
let worklist: WorklistServer;
let options: CliOptions;
let docking: string;

beforeAll(async () => {
  folder = await tempFolder('cli-unreachable');
  worklist = await startWlmscpfs([{ patientName: 'Nobody^Norma', patientId: 'MRN-1' }]);
  const config = await writeConfig(join(folder, 'station.json'), {
    station: { name: 'DERM1' },
    archive: { kind: 'dicomweb', name: 'Away', baseUrl: `http://127.0.0.1:${await freePort()}/dicom-web` },
    worklist: { host: worklist.host, port: worklist.port, calledAet: worklist.aet },
    intake: { mountRoots: [], watchFolders: [] },
  });
  options = { data: join(folder, 'data'), config };
  await mkdir(join(folder, 'card'));
  await copyFile(join(examplePictures, 'test1.jpg'), join(folder, 'card', 'test1.jpg'));
  await ask(options, 'init');
});

afterAll(async () => {
  await worklist?.stop();
  await removeFolder(folder);
});

test('doctor ends with 5 when only a peer is away', async () => {
  const { exit, value } = await ask(options, 'doctor');
  expect(value.checks.filter(({ state }) => state === 'failed').map(({ step }) => step)).toEqual(['archive']);
  expect(exit).toBe(5);
});

test('deliver ends with 5 when the archive cannot be reached', async () => {
  docking = (await ask(options, 'dock', [join(folder, 'card'), '--wait', 'proven'])).value.docking.id;
  const { items } = (await ask(options, 'worklist')).value;
  const filing = [
    '--docking',
    docking,
    '--worklist-item',
    items[0]!.id,
    '--region',
    'SCT:33712006',
    '--laterality',
    'L',
  ];
  expect((await ask(options, 'file', filing)).exit).toBe(0);
  const { exit, value } = await ask(options, 'deliver', ['--until-idle', '--timeout', '15']);
  expect(value).toMatchObject({ code: 'peer-unreachable', confirmed: 0, captures: { filed: 1 } });
  expect(value.stuck).toMatchObject([{ step: 'store', code: 'peer-unreachable', count: 1 }]);
  expect(exit).toBe(5);
  const { value: listed } = await ask(options, 'captures', ['--stage', 'filed']);
  expect(listed.captures[0]?.stuck).toMatchObject({ code: 'peer-unreachable' });
});

test('a command that is interrupted says so, and ends the station that it started', async () => {
  const waiting = startCli(options, ['deliver', '--until-idle', '--json']);
  let pid: number | undefined;
  while (pid === undefined) {
    pid = (await readDoorFile(options.data))?.pid;
    await new Promise((done) => setTimeout(done, 50));
  }
  waiting.child.kill('SIGINT');
  const { exit, stdout } = await waiting.finished;
  expect(JSON.parse(stdout)).toMatchObject({ ok: false, code: 'interrupted' });
  expect(exit).toBe(130);
  expect(lives(pid)).toBe(false);
});

test('release erases nothing and says why', async () => {
  const { exit, value } = await ask(options, 'release', ['--docking', docking]);
  expect(value).toMatchObject({ erased: 0, docking: { onMedium: { absent: 0, kept: 1 } } });
  expect(value.stays[0]).toMatchObject({ file: 'test1.jpg', end: 'kept' });
  expect(value.stays[0]?.because).toContain('capture-not-confirmed');
  expect(exit).toBe(4);
});

test('worklist --refresh ends with 5 when the worklist is away, and still shows what it knows', async () => {
  await worklist.stop();
  const { exit, value } = await ask(options, 'worklist', ['--refresh']);
  expect(value.items).toHaveLength(1);
  expect(value).toMatchObject({ code: 'peer-unreachable', configured: true });
  expect(exit).toBe(5);
});
