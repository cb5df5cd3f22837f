import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { doorFilePath, readDoorFile, type DoorFile } from '../../../main/client/door-file.ts';
import { openDoor, type Household } from '../../../main/station/door/index.ts';
import { PhotodockError } from '../../../shared/domain/errors.ts';
import { check, type FuzzTarget } from '../target.ts';

let opened: Promise<{ door: DoorFile; failures: string[] }> | undefined;

/** A real door on a socket; whoever stands behind it lets everything in and answers nothing. */
async function open(): Promise<{ door: DoorFile; failures: string[] }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'photodock-fuzz-'));
  await mkdir(path.join(folder, 'run'), { mode: 0o700 });
  const failures: string[] = [];
  const household: Household = {
    personOf: () =>
      ({ personId: 'p', login: 'lead', displayName: 'Lead', role: 'lead' }) as unknown as ReturnType<
        Household['personOf']
      >,
    answer: () => Promise.reject(new PhotodockError('let-in', 'the input was let in')),
    picture: async () => ({ status: 404 }),
    frame: () => Promise.reject(new PhotodockError('let-in', 'the picture was let in')),
    listen: () => () => undefined,
    onFailure: (call, code) => void failures.push(`${call} ${code}`),
  };
  const opening = await openDoor(folder, '0.0.0', household);
  process.once('exit', () => void opening.close());
  const door = await readDoorFile(folder);
  if (!door) throw new Error('the door has no file');
  return { door, failures };
}

/** The first line is a method and an address, the rest the body: always an HTTP answer, and no failure of ours behind the door. */
export const door: FuzzTarget = {
  name: 'door',
  covers: ['/door/server.ts'],
  seeds: () =>
    [
      'POST /call/dock.folder\n{"input":{"path":"/x"}}',
      'POST /call/nothing\n{}',
      'POST /call/session.current\nnull',
      'GET /picture/12345678/thumb\n',
      'GET /picture/%zz/full\n',
      'GET //\n',
      'GET /events/x\n',
    ].map((text) => Buffer.from(text)),
  dictionary: [
    'POST ',
    'GET ',
    '/call/',
    '/picture/',
    '/thumb',
    '%',
    '%00',
    '//',
    '..',
    '?',
    '#',
    '{"input":',
    '__proto__',
    'captures.file',
    'dockings.list',
    '[',
    '\\u0000',
    'http://x',
  ],
  async run(bytes) {
    const { door: file, failures } = await (opened ??= open());
    const end = Math.max(0, bytes.indexOf(10));
    const [method = 'GET', address = '/'] = bytes.toString('latin1', 0, end).split(' ');
    // Only what HTTP can carry; Node's own parser stands in front of us. An open event stream has no end.
    if (!/^(GET|POST|PUT|HEAD)$/.test(method) || !/^\/[\x21-\x7e]*$/.test(address) || address.startsWith('/events'))
      return;
    const answer = await ask(file, method, address, bytes.subarray(end + 1));
    check([200, 400, 403, 404, 415].includes(answer.status), `answered with ${answer.status}`);
    if (method === 'POST' && address.startsWith('/call/')) {
      if (answer.status === 200)
        check(typeof (JSON.parse(answer.body) as { ok: unknown }).ok === 'boolean', 'a call is answered by ok or not');
    }
    check(failures.length === 0, `a failure behind the door: ${failures.splice(0).join()}`);
  },
};

function ask(file: DoorFile, method: string, address: string, body: Buffer): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${file.token}`, 'content-length': body.length };
    const request = http.request({ socketPath: file.socket, method, path: address, headers }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(parts).toString() }));
      answer.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

let folder: Promise<string> | undefined;

/** door.json as somebody else could have left it: a door that can be used, or none. */
export const doorFile: FuzzTarget = {
  name: 'door-file',
  covers: ['/client/door-file.ts'],
  seeds: () => [Buffer.from('{"pid":1,"socket":"/s","token":"t","startedAt":1,"version":"1"}')],
  dictionary: ['"pid":', '"socket":', '"token":', 'null', '-1', '0', '1e309', '""', '{', '}', '[', '__proto__'],
  async run(bytes) {
    folder ??= mkdtemp(path.join(tmpdir(), 'photodock-fuzz-')).then(async (made) => {
      await mkdir(path.join(made, 'run'), { mode: 0o700 });
      process.once('exit', () => void rm(made, { recursive: true, force: true }));
      return made;
    });
    const dataDir = await folder;
    await writeFile(doorFilePath(dataDir), bytes, { mode: 0o600 });
    await chmod(doorFilePath(dataDir), 0o600);
    const read = await readDoorFile(dataDir);
    if (!read) return;
    check(Number.isInteger(read.pid) && read.pid > 0, 'a door belongs to a process');
    check(read.socket !== '' && read.token !== '', 'a door has a socket and a token');
  },
};
