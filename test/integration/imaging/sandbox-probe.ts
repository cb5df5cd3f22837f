import { spawn, spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns/promises';
import fs from 'node:fs';
import inspector from 'node:inspector';
import net from 'node:net';
import path from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * Runs as the imaging process runs, tries what it must not be able to do, and says what came of each attempt. Loaded into the very child of
 * a running station or started under its rules; it knows the names of everything it looks for.
 */
export interface Prey {
  /** The data folder, with keys.json, index.db and sealed files in it. */
  readonly dataDir: string;
  readonly sealedFile: string;
  readonly port: number;
  /** The door's socket. */
  readonly socket: string;
  readonly parentPid: number;
}

export async function attempts(prey: Prey): Promise<Record<string, string>> {
  const results: Record<string, string> = {};
  const attempt = async (name: string, act: () => unknown): Promise<void> => {
    // Some refusals of Node come outside of the call.
    const outside = Promise.withResolvers<never>();
    process.once('uncaughtException', outside.reject);
    try {
      await Promise.race([act(), outside.promise]);
      results[name] = 'done';
    } catch (error) {
      results[name] = (error as NodeJS.ErrnoException).code ?? 'failed';
    }
    process.removeListener('uncaughtException', outside.reject);
  };
  const inData = (name: string) => path.join(prey.dataDir, name);
  const connected = (to: net.NetConnectOpts) =>
    new Promise<void>((resolve, reject) => {
      const socket = net.connect(to, () => (socket.destroy(), resolve()));
      socket.once('error', reject);
    });

  await attempt('read its own code', () => fs.readFileSync(import.meta.filename));
  await attempt('read keys.json', () => fs.readFileSync(inData('keys.json')));
  await attempt('read the index', () => fs.readFileSync(inData('index.db')));
  await attempt('read a sealed file', () => fs.readFileSync(prey.sealedFile));
  await attempt('read door.json', () => fs.readFileSync(inData('run/door.json')));
  await attempt('list the data folder', () => fs.readdirSync(prey.dataDir));
  await attempt('look at the data folder', () => fs.statSync(prey.dataDir));
  await attempt('open the index as a database', async () => {
    const { DatabaseSync } = await import('node:sqlite');
    return new DatabaseSync(inData('index.db'));
  });
  await attempt('read by a way around', () =>
    fs.readFileSync(`${path.dirname(import.meta.filename)}/../../../../../../..${inData('keys.json')}`),
  );
  await attempt('read as bytes of a name', () => fs.readFileSync(Buffer.from(inData('keys.json'))));
  await attempt('read /etc/passwd', () => fs.readFileSync('/etc/passwd'));
  await attempt('read its environment', () => fs.readFileSync('/proc/self/environ'));
  await attempt('list its descriptors', () => fs.readdirSync('/proc/self/fd'));
  await attempt("read the station's memory", () => fs.openSync(`/proc/${prey.parentPid}/mem`, 'r'));
  await attempt("list the station's descriptors", () => fs.readdirSync(`/proc/${prey.parentPid}/fd`));

  await attempt('write into the data folder', () => fs.writeFileSync(inData('written'), 'x'));
  await attempt('write into /tmp', () => fs.writeFileSync('/tmp/photodock-written', 'x'));
  await attempt('write over its own code', () => fs.appendFileSync(import.meta.filename, ' '));
  await attempt('remove the index', () => fs.rmSync(inData('index.db')));
  await attempt('rename keys.json', () => fs.renameSync(inData('keys.json'), inData('other')));
  await attempt('link to keys.json', () => fs.symlinkSync(inData('keys.json'), path.join(import.meta.dirname, 'link')));
  await attempt('open a write into memory', () => fs.openSync('/dev/shm/photodock', 'w'));

  await attempt('connect to a port', () => connected({ port: prey.port, host: '127.0.0.1' }));
  await attempt("connect to the station's door", () => connected({ path: prey.socket }));
  await attempt(
    'listen on a port',
    () =>
      new Promise((resolve, reject) =>
        net
          .createServer()
          .once('error', reject)
          .listen(0, '127.0.0.1', () => resolve(0)),
      ),
  );
  await attempt('fetch', async () =>
    fetch(`http://127.0.0.1:${prey.port}/`).catch((error: Error) => Promise.reject(error.cause as Error)),
  );
  await attempt(
    'send a datagram',
    () =>
      new Promise((resolve, reject) => {
        const socket = dgram.createSocket('udp4').once('error', reject);
        socket.send('x', prey.port, '127.0.0.1', (error) => (error ? reject(error) : resolve(0)));
      }),
  );
  await attempt('ask for a name', () => dns.resolve4('localhost'));

  await attempt('spawn a program', () => {
    const { error } = spawnSync('/bin/true');
    if (error) throw error;
  });
  await attempt('spawn another Node', () => spawn(process.execPath, ['-e', '0']));
  await attempt('start a thread', () => new Worker('0', { eval: true }));
  await attempt('open the inspector', () => inspector.open(0));
  await attempt('load a module from elsewhere', () => import(inData('evil.mjs')));
  results['environment'] = Object.keys(process.env).toSorted().join(' ');
  return results;
}
