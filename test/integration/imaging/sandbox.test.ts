import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { readDoorFile } from '../../../main/client/index.ts';
import { createImaging } from '../../../main/station/imaging/index.ts';
import { launchOf } from '../../../main/station/imaging/launch.ts';
import { ANSWER_DESCRIPTOR } from '../../../main/station/imaging/protocol.ts';
import { processTree } from '../../support/fault-processes.ts';
import { faultRandom } from '../../support/fault-random.ts';
import { pngJustBelow } from '../../support/hostile-files/bombs.ts';
import { removeFolder, tempFolder } from '../../support/server-process.ts';
import { startTestStation, type TestStation } from '../../support/station.ts';
import { dockAndRead } from '../../support/walk-card.ts';
import type { Prey } from './sandbox-probe.ts';
import { realPicture, sourceOf } from './support.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

let station: TestStation;
let card: string;
beforeAll(async () => {
  card = await tempFolder('sandbox');
  await mkdir(join(card, 'DCIM'));
  // Two at once: so both processes run.
  await writeFile(join(card, 'DCIM', 'IMG_1.JPG'), realPicture('test1.jpg'));
  await writeFile(join(card, 'DCIM', 'IMG_2.JPG'), realPicture('sony-alpha-6000.jpg'));
  station = await startTestStation();
  await station.signIn();
  await dockAndRead(station, card);
});
afterAll(async () => {
  await station.stop();
  await removeFolder(card);
});

/** Runs the probe in the place of the imaging process: the same launch, and read access to the probe's own two files. */
async function tryEverything(prey: Prey): Promise<Record<string, string>> {
  const main = here('sandbox-main.ts');
  const { command, arguments: given, environment } = launchOf(main, process.execPath, 20_000, 1536);
  const own = [main, here('sandbox-probe.ts')].map((file) => `--allow-fs-read=${file}`);
  const args = [...given.flatMap((each) => (each === main ? [...own, main] : [each])), JSON.stringify(prey)];
  const child = spawn(command, args, { env: environment, cwd: '/', stdio: ['pipe', 'ignore', 'inherit', 'pipe'] });
  const [answer] = await Promise.all([buffer(child.stdio[ANSWER_DESCRIPTOR] as Readable), once(child, 'exit')]);
  return JSON.parse(answer.toString()) as Record<string, string>;
}

describe('what the imaging process may do', () => {
  it('cannot write, read elsewhere, connect or spawn, and inherits no environment', async () => {
    let connections = 0;
    const server = createServer((socket) => (connections++, socket.destroy()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { dataDir } = station;
    await writeFile(join(dataDir, 'evil.mjs'), 'export default 1;');
    const sealed = (await readdir(join(dataDir, 'sealed'), { recursive: true, withFileTypes: true })).find((one) =>
      one.isFile(),
    )!;
    const door = (await readDoorFile(dataDir))!;
    const before = await readdir(dataDir);

    const results = await tryEverything({
      dataDir,
      sealedFile: join(sealed.parentPath, sealed.name),
      port,
      socket: door.socket,
      parentPid: await station.pid(),
    });
    server.close();

    const { environment, fetch: fetched, ...others } = results;
    const allowed = Object.entries(others).filter(([, result]) => !REFUSED.has(result));
    expect(allowed).toEqual([['read its own code', 'done']]);
    expect(Object.keys(others).length).toBeGreaterThan(30);
    expect(fetched).not.toBe('done');
    expect(environment).not.toMatch(/PATH|HOME|PHOTODOCK/u);
    expect(connections).toBe(0);
    expect(await readdir(dataDir)).toEqual(before);
    expect(existsSync('/tmp/photodock-written')).toBe(false);
    expect(await station.call('station.status', {})).toMatchObject({ idle: true });
  });

  it.runIf(process.platform === 'linux')(
    'leaves no core dump, writes no file, and has nothing of the station open',
    async () => {
      const pids = await processTree(await station.pid());
      const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8')));
      const children = pids.filter((_, index) => lines[index]!.includes('imaging/child/main.ts'));
      expect(children.length).toBe(2);
      for (const pid of children) {
        const limits = await readFile(`/proc/${pid}/limits`, 'utf8');
        expect(limits).toMatch(/Max core file size +0 +0/u);
        expect(limits).toMatch(/Max file size +0 +0/u);
        const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
        expect(environment).not.toMatch(/HOME=|PATH=|PHOTODOCK/u);
        const descriptors = await readdir(`/proc/${pid}/fd`);
        const open = await Promise.all(descriptors.map((one) => readlink(`/proc/${pid}/fd/${one}`).catch(() => '')));
        // The two ends of our own pipes (Node makes them socket pairs), what Node's event loop needs, and nothing else.
        const files = open.filter((name) => name.startsWith('/') && name !== '/dev/null');
        expect(files).toEqual([]);
        expect(open.filter((name) => name.startsWith('socket:')).length).toBeLessThanOrEqual(2);
      }
    },
  );
});

const REFUSED: ReadonlySet<string> = new Set(['ERR_ACCESS_DENIED', 'ERR_UNKNOWN_BUILTIN_MODULE']);

describe('the limits of one file', () => {
  const bomb = pngJustBelow(faultRandom(1), true);

  it('time: a picture that takes longer is given up, and the next one is decoded', async () => {
    const imaging = createImaging({ processes: 1, timeLimit: 300 });
    try {
      await expect(imaging.render(sourceOf(bomb), 'full')).rejects.toMatchObject({ code: 'decoder-timeout' });
      expect(await imaging.inspect(sourceOf(bomb))).toMatchObject({ display: 'cannot', reason: 'decoder-timeout' });
      expect((await imaging.inspect(sourceOf(realPicture('test1.jpg')))).display).toBe('ok');
    } finally {
      await imaging.close();
    }
  });

  it.runIf(process.platform === 'linux')(
    'memory: a picture that takes more is given up, and the next one is decoded',
    async () => {
      const imaging = createImaging({ processes: 1, memoryLimitMegabytes: 400 });
      try {
        expect(await imaging.inspect(sourceOf(bomb))).toMatchObject({ display: 'cannot', reason: 'decoder-memory' });
        await expect(imaging.prepareRecord(sourceOf(bomb))).rejects.toMatchObject({ code: 'decoder-memory' });
        expect((await imaging.inspect(sourceOf(realPicture('test1.jpg')))).display).toBe('ok');
      } finally {
        await imaging.close();
      }
    },
  );
});
