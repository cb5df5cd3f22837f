import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectDoor, readDoorFile, startStation } from '../../../main/client/index.ts';
import { stationEnvironment } from '../../../main/client/start-station.ts';

let root: string;
let dataDir: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'pd-start-'));
  dataDir = join(root, 'data');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  const door = await readDoorFile(dataDir);
  if (door !== null) process.kill(door.pid);
  await rm(root, { recursive: true, force: true });
});

async function program(text: string): Promise<string> {
  const file = join(root, 'program.mjs');
  await writeFile(
    file,
    `import fs from 'node:fs'; import net from 'node:net'; const run = process.argv[3] + '/run';\n${text}`,
  );
  return file;
}

const LISTENS = `
fs.mkdirSync(run, { recursive: true, mode: 0o700 });
fs.writeFileSync(run + '/seen.json', JSON.stringify({ argv: process.argv.slice(2), options: process.env.NODE_OPTIONS ?? null, cwd: process.cwd() }));
const socket = run + '/door.sock';
net.createServer().listen(socket, () =>
  fs.writeFileSync(run + '/door.json', JSON.stringify({ pid: process.pid, socket, token: 't', startedAt: 1, version: '0' }), { mode: 0o600 }));
`;

test('waits until the door answers, and hands over folder and configuration but not our NODE_OPTIONS', async () => {
  vi.stubEnv('NODE_OPTIONS', '--no-warnings');
  const stationMain = await program(LISTENS);
  await startStation({ dataDir, configFile: '/station.json', nodePath: process.execPath, stationMain });
  expect(await connectDoor(dataDir)).not.toBeNull();
  expect(JSON.parse(await readFile(join(dataDir, 'run', 'seen.json'), 'utf8'))).toEqual({
    argv: ['--data', dataDir, '--config', '/station.json'],
    options: null,
    cwd: dataDir,
  });
});

test('a station that cannot start gives its own reason', async () => {
  const stationMain = await program(`
    fs.mkdirSync(run, { recursive: true });
    fs.writeFileSync(run + '/start-error.json', JSON.stringify({ code: 'store-too-new', message: 'newer than this app' }));
    process.exit(1);`);
  const start = startStation({ dataDir, configFile: null, nodePath: process.execPath, stationMain });
  await expect(start).rejects.toMatchObject({ code: 'store-too-new', message: 'newer than this app' });
});

test('a Node that is not there is told as such', async () => {
  const start = startStation({ dataDir, configFile: null, nodePath: join(root, 'no-node'), stationMain: 'x' });
  await expect(start).rejects.toMatchObject({ code: 'station-not-found' });
});

test('nothing of Electron reaches the station', () => {
  const env = {
    ELECTRON_RUN_AS_NODE: '1',
    NODE_OPTIONS: '-r x',
    NODE_PATH: '/x',
    PATH: '/bin',
    PHOTODOCK_USER: 'lead',
  };
  expect(stationEnvironment(env)).toEqual({ PATH: '/bin', PHOTODOCK_USER: 'lead' });
});
