import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { crc32, deflateSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';

import { createImaging, type ImageSource } from '../../../main/station/imaging/index.ts';
import { cornersJpeg, realPicture, sourceOf } from './support.ts';

type Imaging = ReturnType<typeof createImaging>;
let open: Imaging[] = [];
afterEach(async () => {
  await Promise.all(open.map((imaging) => imaging.close()));
  open = [];
});

function start(options: Parameters<typeof createImaging>[0] = {}): Imaging {
  const imaging = createImaging({ processes: 1, ...options });
  open.push(imaging);
  return imaging;
}

/** Gives the first half, does something, gives the rest: the child is then in the middle of this job. */
function interrupted(bytes: Uint8Array, act: () => void): ImageSource {
  let isFirst = true;
  return {
    ...sourceOf(bytes),
    async *read() {
      const half = Math.floor(bytes.length / 2);
      yield bytes.subarray(0, half);
      if (isFirst) act();
      isFirst = false;
      yield bytes.subarray(half);
    },
  };
}

function png(width: number, height: number, rows: number): Buffer {
  const chunk = (type: string, data: Uint8Array) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const framed = Buffer.alloc(body.length + 8);
    framed.writeUInt32BE(data.length, 0);
    body.copy(framed, 4);
    framed.writeUInt32BE(crc32(body), body.length + 4);
    return framed;
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.alloc(rows * (1 + width * 3)));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', new Uint8Array(0))]);
}

const GOOD = realPicture('evil1.jpg');

describe('a picture that harms its decoder', () => {
  it('that dies: cannot be displayed, its time is still read, and the pictures after it are', async () => {
    const imaging = start();
    const killed = interrupted(GOOD, () => process.kill(imaging.processIds()[0]!, 'SIGKILL'));
    const [first, second, third] = await Promise.all([
      imaging.inspect(killed),
      imaging.inspect(sourceOf(GOOD)),
      imaging.render(sourceOf(GOOD), 'screen'),
    ]);
    expect(first).toMatchObject({ display: 'cannot', reason: 'decoder-crashed', thumbnail: null });
    expect(first.capturedAt.local).toBe('2003-05-24T16:40:33');
    expect(second.display).toBe('ok');
    expect(third.width).toBe(640);
  });

  it('that hangs: is ended after the time limit, and the next one is decoded by a new process', async () => {
    const imaging = start({ timeLimit: 1500 });
    await imaging.inspect(sourceOf(GOOD));
    const [pid] = imaging.processIds();
    const hung = interrupted(GOOD, () => process.kill(pid!, 'SIGSTOP'));
    await expect(imaging.render(hung, 'screen')).rejects.toMatchObject({ code: 'decoder-timeout' });
    expect((await imaging.inspect(sourceOf(GOOD))).display).toBe('ok');
    expect(imaging.processIds()).not.toContain(pid);
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  });

  it.runIf(process.platform === 'linux')('that eats memory: is ended above the limit', async () => {
    const imaging = start({ memoryLimitMegabytes: 20 });
    const large = await cornersJpeg(6, [6000, 6000]);
    await expect(imaging.prepareRecord(sourceOf(large))).rejects.toMatchObject({ code: 'decoder-memory' });
  });

  it.each([
    ['PNG', png(65_535, 65_535, 4)],
    ['JPEG', withSize(GOOD, 65_535, 65_535)],
  ])('a %s bomb of 4 gigapixels is refused by its header', async (_name, bytes) => {
    const imaging = start();
    expect(await imaging.inspect(sourceOf(bytes))).toMatchObject({ display: 'cannot', reason: 'too-large' });
    await expect(imaging.render(sourceOf(bytes), 'full')).rejects.toMatchObject({ code: 'too-large' });
    await expect(imaging.prepareRecord(sourceOf(bytes))).rejects.toMatchObject({ code: 'too-large' });
    expect((await imaging.inspect(sourceOf(GOOD))).display).toBe('ok');
  });

  it('that is broken in any way is answered, never by an exception', async () => {
    const imaging = start({ processes: 2 });
    const pictures = [realPicture('test1.jpg'), realPicture('short-ascii-MM.jpg'), png(40, 30, 30)];
    const broken = pictures.flatMap((bytes) =>
      [0.02, 0.3, 0.6, 0.95].flatMap((part) => {
        const at = Math.floor(bytes.length * part);
        const noisy = Buffer.from(bytes);
        for (let index = 0; index < 40; index++) noisy[at + index] = (index * 73) & 0xff;
        return [bytes.subarray(0, Math.max(at, 16)), noisy];
      }),
    );
    const answers = await Promise.all(broken.map((bytes) => imaging.inspect(sourceOf(bytes))));
    expect(answers.every(({ display, thumbnail }) => (display === 'ok') === (thumbnail !== null))).toBe(true);
  });

  it('cut in half is shown as far as it goes, and said to be damaged', async () => {
    const imaging = start();
    const half = realPicture('sony-alpha-6000.jpg').subarray(0, 3_000_000);
    expect(await imaging.inspect(sourceOf(half))).toMatchObject({ display: 'ok', damaged: true, width: 6000 });
    const record = await imaging.prepareRecord(sourceOf(half));
    expect(record.derivation).toMatchObject({ method: 'transcoded-to-jpeg' });
    expect(record.steps).toContain('source-damaged');
  });
});

describe('jobs', () => {
  it('are given up at an abort: waiting or running, and others go on', async () => {
    const imaging = start();
    const controller = new AbortController();
    const running = imaging.render(
      interrupted(GOOD, () => controller.abort(new Error('not wanted'))),
      'screen',
      controller.signal,
    );
    const waiting = imaging.render(sourceOf(GOOD), 'screen', controller.signal);
    const other = imaging.inspect(sourceOf(GOOD));
    await expect(running).rejects.toThrow('not wanted');
    await expect(waiting).rejects.toThrow('not wanted');
    expect((await other).display).toBe('ok');
    await expect(imaging.inspect(sourceOf(GOOD), AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });

  it('for a person go before those in the background', async () => {
    const imaging = start();
    const order: string[] = [];
    const note = (name: string) => () => void order.push(name);
    await Promise.all([
      imaging.inspect(sourceOf(GOOD)).then(note('background 1')),
      imaging.inspect(sourceOf(GOOD)).then(note('background 2')),
      imaging.prepareRecord(sourceOf(GOOD)).then(note('record')),
      imaging.render(sourceOf(GOOD), 'screen').then(note('view')),
    ]);
    expect(order).toEqual(['view', 'record', 'background 1', 'background 2']);
  });

  it('fail with the source that fails, and the process lives on', async () => {
    const imaging = start();
    await imaging.inspect(sourceOf(GOOD));
    const pids = imaging.processIds();
    const failing: ImageSource = {
      ...sourceOf(GOOD),
      async *read() {
        yield GOOD.subarray(0, 1000);
        throw new Error('seal broken');
      },
    };
    await expect(imaging.inspect(failing)).rejects.toThrow('seal broken');
    await expect(imaging.inspect({ ...sourceOf(GOOD), size: GOOD.length + 1 })).rejects.toMatchObject({
      code: 'source-incomplete',
    });
    await expect(imaging.inspect({ ...sourceOf(GOOD), size: GOOD.length - 1 })).rejects.toMatchObject({
      code: 'source-incomplete',
    });
    expect((await imaging.inspect(sourceOf(GOOD))).display).toBe('ok');
    expect(imaging.processIds()).toEqual(pids);
  });

  it('are rejected when no process can be started, and after close', async () => {
    const without = start({ nodePath: '/nonexistent/node' });
    await expect(without.inspect(sourceOf(GOOD))).rejects.toMatchObject({ code: 'decoder-unavailable' });
    const imaging = start();
    await imaging.inspect(sourceOf(GOOD));
    const [pid] = imaging.processIds();
    await imaging.close();
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    await expect(imaging.inspect(sourceOf(GOOD))).rejects.toMatchObject({ code: 'imaging-closed' });
  });

  it.runIf(process.platform === 'linux')('end with their station, also when that is killed', async () => {
    const index = fileURLToPath(new URL('../../../main/station/imaging/index.ts', import.meta.url));
    const script = `import { createImaging } from ${JSON.stringify(index)};
      const imaging = createImaging({ processes: 2 });
      const empty = { kind: 'jpeg', size: 4, async *read() { yield Uint8Array.of(255, 216, 255, 217); } };
      await Promise.all([imaging.inspect(empty), imaging.inspect(empty)]);
      console.log(imaging.processIds().join(' '));`;
    const station = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await station.stdout.take(1).toArray()) as Buffer[];
    const pids = String(line).trim().split(' ');
    expect(pids).toHaveLength(2);
    expect(pids.every((pid) => existsSync(`/proc/${pid}`))).toBe(true);
    station.kill('SIGKILL');
    await expect.poll(() => pids.some((pid) => existsSync(`/proc/${pid}`)), { timeout: 20_000 }).toBe(false);
  });
});

function withSize(jpeg: Buffer, width: number, height: number): Buffer {
  const changed = Buffer.from(jpeg);
  let at = 2;
  while (changed[at + 1] !== 0xc0) at += 2 + changed.readUInt16BE(at + 2);
  changed.writeUInt16BE(height, at + 5);
  changed.writeUInt16BE(width, at + 7);
  return changed;
}
