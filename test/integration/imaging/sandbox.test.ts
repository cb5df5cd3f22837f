import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createImaging } from '../../../main/station/imaging/index.ts';
import { launchOf } from '../../../main/station/imaging/launch.ts';
import { realPicture, sourceOf } from './support.ts';

const PROBE = fileURLToPath(new URL('sandbox-probe.ts', import.meta.url));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'photodock-sandbox-'));
  await writeFile(join(folder, 'secret'), 'x');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('what the imaging process may do', () => {
  it('cannot write, read elsewhere, connect or spawn, and inherits no environment', async () => {
    let connections = 0;
    const server = createServer(() => connections++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;

    const launch = launchOf(PROBE, process.execPath, 20_000, 1536);
    // The rules of the imaging process, and the probe's own file.
    const args = launch.arguments.flatMap((each) => (each === PROBE ? [`--allow-fs-read=${PROBE}`, PROBE] : [each]));
    const { stdout } = await promisify(execFile)(launch.command, [...args, folder, String(port)], {
      env: launch.environment,
      cwd: '/',
    });
    server.close();

    expect(JSON.parse(stdout)).toEqual({
      readOwnCode: 'done',
      write: 'ERR_ACCESS_DENIED',
      readElsewhere: 'ERR_ACCESS_DENIED',
      readPasswords: 'ERR_ACCESS_DENIED',
      readEnvironment: 'ERR_ACCESS_DENIED',
      spawn: 'ERR_ACCESS_DENIED',
      worker: 'ERR_ACCESS_DENIED',
      connect: 'ERR_ACCESS_DENIED',
      environment: expect.not.stringMatching(/PATH|HOME|PHOTODOCK/u),
    });
    expect(existsSync(join(folder, 'written'))).toBe(false);
    expect(connections).toBe(0);
  });

  it.runIf(process.platform === 'linux')(
    'leaves no core dump, writes no file, and opened none of the data',
    async () => {
      const imaging = createImaging({ processes: 1 });
      try {
        await imaging.inspect(sourceOf(realPicture('test1.jpg')));
        const [pid] = imaging.processIds();
        const limits = await readFile(`/proc/${pid}/limits`, 'utf8');
        expect(limits).toMatch(/Max core file size +0 +0/u);
        expect(limits).toMatch(/Max file size +0 +0/u);
        const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
        expect(environment).not.toMatch(/HOME=|PATH=|PHOTODOCK/u);
      } finally {
        await imaging.close();
      }
    },
  );
});
