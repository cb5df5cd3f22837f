import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PtpClient } from '../../../main/station/intake/ptp/client.ts';
import { ProcessTransport } from '../../../main/station/intake/ptp/process-transport.ts';
import { PtpSource } from '../../../main/station/intake/ptp/ptp-source.ts';
import { readObject } from '../../../main/station/intake/ptp/read-object.ts';
import type { ListedFile } from '../../../main/station/intake/source.ts';
import type { UsbFacts } from '../../../main/station/intake/usb/facts.ts';
import { watchUsb, type UsbWatch } from '../../../main/station/intake/usb/watch-usb.ts';
import type { RigFault } from '../../support/usb-rig/faults.ts';
import { madeHash, startRig, type RigDevice, type UsbRig } from '../../support/usb-rig/rig.ts';

// The client against devices on an emulated bus: libusb, its process and everything above are the real ones.

const TIME = '20260102T101112';
const SIZE = 300_000;
const PATH = 'DCIM/100CANON/IMG_0001.JPG';
const ON = `S1/${PATH}`;
const picture = { path: PATH, size: SIZE, seed: 'one', time: TIME };

let rig: UsbRig;
let watch: UsbWatch;
const appeared: UsbFacts[] = [];
const vanished: string[] = [];
let wake = () => undefined as void;
let closing: (() => Promise<unknown> | void)[] = [];

/** Waits for a state that something else brings about. */
async function until<T>(look: () => T | null | undefined | false): Promise<T> {
  for (;;) {
    const seen = look();
    if (seen !== null && seen !== undefined && seen !== false) return seen;
    await new Promise<void>((resolve) => {
      wake = () => resolve();
    });
  }
}

beforeAll(async () => {
  rig = await startRig();
  watch = watchUsb({
    launch: rig.launch,
    nodePath: process.execPath,
    onAppear: (facts) => {
      appeared.push(facts);
      wake();
    },
    onVanish: (key) => {
      vanished.push(key);
      wake();
    },
    onFailure: (code) => {
      throw new Error(code);
    },
  });
  await watch.listed;
});

afterEach(async () => {
  for (const close of closing.toReversed()) await close();
  closing = [];
});

afterAll(async () => {
  await watch?.close();
  await rig?.stop();
});

async function plug(device: Partial<RigDevice> = {}, faults: readonly RigFault[] = []) {
  const before = appeared.length;
  const handle = await rig.plug({ kind: 'camera', objects: [picture], ...device, faults });
  const facts = await until(() => appeared[before]);
  closing.push(() => handle.unplug().catch(() => undefined));
  return { handle, facts };
}

function sourceOf(facts: UsbFacts, reading: { wholeBytes?: number; partBytes?: number } = {}): PtpSource {
  const launch = { launch: rig.launch, nodePath: process.execPath };
  const source = new PtpSource({ ...launch, facts, takeFromDesktop: false, reading });
  closing.push(() => source.close());
  return source;
}

async function clientOf(facts: UsbFacts): Promise<PtpClient> {
  const launch = { launch: rig.launch, nodePath: process.execPath };
  const openTransport = () => ProcessTransport.open({ ...launch, ...facts });
  const client = await PtpClient.open({ vendorId: facts.vendorId, productId: facts.productId, openTransport });
  closing.push(() => client.close());
  return client;
}

const NEVER = new AbortController().signal;
const listOf = async (source: PtpSource) => (await source.list(NEVER, [])).files;

async function hashOf(source: PtpSource, file: ListedFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of (await source.contentOf(file)).read(NEVER)) hash.update(piece);
  return hash.digest('hex');
}

/** The hash, or the code by which reading failed. */
const readingOf = (source: PtpSource, file: ListedFile) =>
  hashOf(source, file).catch((error: { code: string }) => error.code);

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: { code: string; details?: { systemCode?: string } }) => error.details?.systemCode ?? error.code,
  );

async function erase(source: PtpSource, file: ListedFile): Promise<string> {
  const inHand = await source.take(file);
  if (!inHand) return 'gone';
  if (!('handle' in inHand.content)) return 'no stream';
  const { size, modifiedAt, handle } = inHand.content;
  return code(inHand.erase({ size, modifiedAt, inode: handle }));
}

describe('the bus', () => {
  test('tells serial, maker and kind; a quick replug is a vanishing and an appearing', async () => {
    const { handle, facts } = await plug({ serial: 'SERIAL-7', maker: 'Canon', model: 'EOS' });
    expect(facts).toMatchObject({ serial: 'SERIAL-7', maker: 'Canon', product: 'EOS', kindHint: 'ptp' });
    const [appearances, vanishings] = [appeared.length, vanished.length];
    await handle.replug();
    const again = await until(() => appeared[appearances]);
    expect(vanished.slice(vanishings)).toEqual([facts.key]);
    expect(again.key).toBe(facts.key);
    expect(again.address).not.toBe(facts.address);
  });
});

describe('reading', () => {
  test('lists with folders, gives thumbnails, and the bytes: whole, and in parts', async () => {
    const thumb = Buffer.from('a small picture');
    const objects = [
      { ...picture, thumb: { base64: thumb.toString('base64') } },
      { path: 'MISC/NOTE.TXT', size: 3 },
    ];
    const { facts } = await plug({ objects, storages: [{ label: 'CARD' }] });
    for (const reading of [{}, { wholeBytes: 0, partBytes: 65_536 }]) {
      const source = sourceOf(facts, reading);
      const files = await listOf(source);
      expect(files.map(({ path }) => path)).toEqual(['CARD/DCIM/100CANON/IMG_0001.JPG', 'CARD/MISC/NOTE.TXT']);
      expect(files[0]).toMatchObject({ size: SIZE, modifiedAt: new Date(2026, 0, 2, 10, 11, 12).getTime() });
      expect(await hashOf(source, files[0]!)).toBe(madeHash(SIZE, 'one'));
      expect(Buffer.from((await source.live.thumbnail(files[0]!))!)).toEqual(thumb);
      expect(await source.live.thumbnail(files[1]!)).toBeNull();
      source.close();
    }
  });

  test.each<[string, RigFault[]]>([
    ['is busy for a while', [{ name: 'device-busy', times: 3 }]],
    ['halts before its data', [{ name: 'stall-at-data', operation: 0x1009, times: 1 }]],
    ['halts before its response', [{ name: 'stall-at-response', operation: 0x1008, times: 1 }]],
    ['sends each header in a packet of its own', [{ name: 'split-header' }]],
    ['sends no empty packets', [{ name: 'no-zero-packet' }]],
    ['does not know how long its data is', [{ name: 'huge-length' }]],
    ['has a session open', [{ name: 'session-already-open', times: 1 }]],
    ['tells what it is only in a session', [{ name: 'info-needs-session' }]],
    ['means the root by parent 0', [{ name: 'parent-zero-is-root' }]],
    ['lists handles twice, and some of nothing', [{ name: 'handles-twice' }, { name: 'ghost-handles', count: 2 }]],
    ['names parents that do not exist', [{ name: 'orphan-parents' }]],
    ['has a folder in itself', [{ name: 'cyclic-folders', path: 'DCIM/100CANON' }]],
    ['hides a response behind another transaction', [{ name: 'wrong-transaction', operation: 0x1004, times: 1 }]],
  ])('the same from a device that %s', async (_, faults) => {
    // 512 * 600 - 12: with the header, whole packets to the last.
    const whole = 512 * 600 - 12;
    const objects = [picture, { path: 'DCIM/100CANON/IMG_0002.JPG', size: whole, seed: 'two', time: TIME }];
    const { facts, handle } = await plug({ objects }, faults);
    const source = sourceOf(facts);
    const files = await listOf(source);
    expect(files.map(({ path }) => path)).toEqual([ON, 'S1/DCIM/100CANON/IMG_0002.JPG']);
    expect(await readingOf(source, files[0]!)).toBe(madeHash(SIZE, 'one'));
    expect(await readingOf(source, files[1]!)).toBe(madeHash(whole, 'two'));
    expect((await handle.state()).violations).toEqual([]);
  });

  test.each<[string, RigFault]>([
    ['device-short-data', { name: 'short-data', operation: 0x1009, bytes: 100 }],
    ['device-size-differs', { name: 'wrong-size', bytes: -100 }],
    ['device-short-data', { name: 'wrong-size', bytes: 100 }],
    ['device-access-denied', { name: 'unreadable' }],
  ])('%s from a device with %o, and the next object is read', async (expected, fault) => {
    const objects = [picture, { path: 'DCIM/100CANON/IMG_0002.JPG', size: 5000, seed: 'two', time: TIME }];
    const { facts } = await plug({ objects }, [{ path: PATH, ...fault }]);
    const source = sourceOf(facts);
    const files = await listOf(source);
    expect(await readingOf(source, files[0]!)).toBe(expected);
    expect(await readingOf(source, files[1]!)).toBe(madeHash(5000, 'two'));
  });

  test('a part that fails is asked for again at its offset; parts that are refused are the whole', async () => {
    const reading = { wholeBytes: 0, partBytes: 65_536 };
    const stalling = await plug({}, [{ name: 'stall-at-data', operation: 0x101b, bytes: 10_240, after: 2, times: 1 }]);
    const source = sourceOf(stalling.facts, reading);
    const [file] = await listOf(source);
    expect(await readingOf(source, file!)).toBe(madeHash(SIZE, 'one'));
    const offsets = (await stalling.handle.log()).filter(({ operation }) => operation === 0x101b);
    expect(offsets.map(({ parameters }) => parameters?.[1])).toEqual([0, 65_536, 131_072, 131_072, 196_608, 262_144]);

    for (const fault of [{ name: 'no-partial-reads' }, { name: 'short-partial' }] as const) {
      const other = sourceOf((await plug({}, [fault])).facts, reading);
      expect(await readingOf(other, (await listOf(other))[0]!)).toBe(madeHash(SIZE, 'one'));
    }
  });

  test('5 GB are told by the 64-bit size, and read from beyond 4 GB', async () => {
    const size = 5 * 2 ** 30;
    const objects = [{ path: 'DCIM/Camera/FILM.MP4', size, seed: 'film', time: TIME }];
    const { facts, handle } = await plug({ kind: 'android', objects });
    const source = sourceOf(facts, { partBytes: 4096 });
    const [film] = await listOf(source);
    expect(film).toMatchObject({ path: 'S1/DCIM/Camera/FILM.MP4', size });
    const content = await source.contentOf(film!);
    for await (const piece of content.read(NEVER)) {
      expect(piece.length).toBe(4096);
      break;
    }
    expect((await handle.state()).bytesSent).toBeLessThan(100_000);
    const client = await clientOf((await plug({ kind: 'android', objects })).facts);
    const offset = 2 ** 32 + 4096;
    const [storage] = await client.storageIds();
    const handles = await client.objectHandles(storage!, 0);
    const request = { code: 0x95c1, parameters: [handles.at(-1)!, offset % 2 ** 32, 1, 8] };
    const { data } = await client.operate(request);
    expect(data.length).toBe(8);
  });

  test('who stops reading stops the device, and thumbnails go between parts', async () => {
    const large = { ...picture, size: 20_000_000, thumb: { base64: 'AAAA' } };
    const { facts, handle } = await plug({ objects: [large] });
    const client = await clientOf(facts);
    const [storage] = await client.storageIds();
    const object = (await client.objectHandles(storage!, 0)).at(-1)!;
    let pieces = 0;
    for await (const piece of readObject(client, object, large.size, { wholeBytes: 0, partBytes: 2 ** 20 })) {
      expect(piece.length).toBeGreaterThan(0);
      pieces++;
      if (pieces === 3) expect((await client.thumbnail(object))?.length).toBe(3);
      if (pieces === 4) break;
    }
    for await (const piece of readObject(client, object, large.size, { wholeBytes: 0, partBytes: large.size })) {
      expect(piece.length).toBeLessThanOrEqual(2 ** 20);
      break;
    }
    expect((await client.objectInfo(object)).size).toBe(large.size);
    expect((await handle.state()).bytesSent).toBeLessThan(60_000_000);
  });

  test('silence is cancelled after its time, and the device goes on', async () => {
    const { facts, handle } = await plug();
    const client = await clientOf(facts);
    await handle.fault({ name: 'silence', operation: 0x1004, times: 1 });
    const options = { idleMs: 300, mayRepeat: false };
    await expect(client.operate({ code: 0x1004, parameters: [] }, options)).rejects.toMatchObject({
      code: 'device-timeout',
    });
    expect(await client.storageIds()).toHaveLength(1);
    expect((await handle.log()).some(({ cancel }) => cancel === true)).toBe(true);
  });

  test('pulled in the middle of an object: the source is gone, at once and for good', async () => {
    const large = { ...picture, size: 20_000_000 };
    const { facts } = await plug({ objects: [large] }, [{ name: 'unplug-in-data', operation: 0x1009, bytes: 100_000 }]);
    const source = sourceOf(facts, { wholeBytes: 2 ** 30 });
    const [file] = await listOf(source);
    expect(await readingOf(source, file!)).toBe('device-gone');
    expect(await source.isConnected()).toBe(false);
    await expect(source.list(NEVER, [])).rejects.toMatchObject({ code: 'medium-gone' });
  });
});

describe('erasing', () => {
  test('deletes the object that was seen, and no other; a new session shows what the device really did', async () => {
    const objects = [1, 2, 3].map((number) => ({ ...picture, path: `DCIM/100CANON/IMG_000${number}.JPG` }));
    const { facts, handle } = await plug({ objects }, [{ name: 'lying-delete', path: objects[1]!.path }]);
    const source = sourceOf(facts);
    const files = await listOf(source);
    expect(await erase(source, files[0]!)).toBe('ok');
    expect(await erase(source, files[1]!)).toBe('ok');
    const stale = await source.contentOf(files[2]!);
    expect(await source.forgetCaches()).toBe('new-session');
    const after = (await source.list(NEVER, files)).files;
    expect(after.map(({ path }) => path)).toEqual([files[1]!.path, files[2]!.path]);
    await expect(stale.read(NEVER)[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'object-gone' });
    expect(await hashOf(source, files[2]!)).toBe(madeHash(SIZE, 'one'));
    const inHand = await source.take(files[2]!);
    expect(await code(inHand!.erase({ size: SIZE + 1, modifiedAt: files[2]!.modifiedAt, inode: stale.handle }))).toBe(
      'object-changed',
    );
    expect(await source.take(files[0]!)).toBeNull();
    expect((await handle.state()).violations).toEqual([]);
    expect(await handle.objects()).toHaveLength(2);
  });

  test.each<[string, Partial<RigDevice>, RigFault[]]>([
    ['object-protected', { objects: [{ ...picture, protected: true }] }, []],
    ['object-protected', {}, [{ name: 'delete-refused' }]],
    ['device-access-denied', {}, [{ name: 'delete-refused', code: 0x200f }]],
    ['device-partial-deletion', {}, [{ name: 'partial-delete' }]],
    ['store-read-only', { storages: [{ access: 1 }] }, []],
  ])('%s is said', async (expected, device, faults) => {
    const { facts, handle } = await plug(device, faults);
    const source = sourceOf(facts);
    const [file] = await listOf(source);
    expect(await erase(source, file!)).toBe(expected);
    expect(await handle.objects()).toHaveLength(1);
  });

  test('two of one name are told apart by size and time, and keep their paths when one goes', async () => {
    const objects = [
      picture,
      { ...picture, size: 1000 },
      { ...picture, path: 'DCIM/X.JPG' },
      { ...picture, path: 'DCIM/X.JPG' },
    ];
    const { facts } = await plug({ kind: 'iphone', objects });
    const source = sourceOf(facts);
    const { files, notFollowed } = await source.list(NEVER, []);
    expect(files.map(({ path }) => path)).toEqual([
      `S1/DCIM/100CANON/IMG_0001~1000-${TIME}.JPG`,
      `S1/DCIM/100CANON/IMG_0001~${SIZE}-${TIME}.JPG`,
    ]);
    expect(notFollowed).toEqual([{ path: `S1/DCIM/X~${SIZE}-${TIME}.JPG`, what: 'listed-twice' }]);
    expect(await erase(source, files[0]!)).toBe('ok');
    await source.forgetCaches();
    expect((await source.list(NEVER, files)).files).toEqual([files[1]]);
  });
});

describe('announcing', () => {
  test.each(['interrupt', 'canon', 'nikon', 'silent'] as const)('by %s: once, and soon', async (events) => {
    const { facts, handle } = await plug({ events });
    const source = sourceOf(facts);
    await listOf(source);
    const added: ListedFile[] = [];
    source.live.listen({
      onAdded: (file) => {
        added.push(file);
        wake();
      },
      onExposure: () => undefined,
    });
    await handle.add({ path: 'DCIM/101CANON/IMG_0002.JPG', size: 4000, seed: 'two', time: TIME });
    await until(() => added.length > 0);
    await handle.add({ path: 'DCIM/101CANON/IMG_0003.JPG', size: 5000, seed: 'three', time: TIME });
    await until(() => added.length > 1);
    expect(added.map(({ path, size }) => [path, size])).toEqual([
      ['S1/DCIM/101CANON/IMG_0002.JPG', 4000],
      ['S1/DCIM/101CANON/IMG_0003.JPG', 5000],
    ]);
    expect(await hashOf(source, added[0]!)).toBe(madeHash(4000, 'two'));
    // A new session numbers everything anew: nothing of it is news.
    await source.forgetCaches();
    await source.list(NEVER, []);
    await handle.add({ path: 'DCIM/101CANON/IMG_0004.JPG', size: 6000, seed: 'four', time: TIME });
    await until(() => added.length > 2);
    expect(added.map(({ size }) => size)).toEqual([4000, 5000, 6000]);
  });

  test('the shutter is released from here; exposure is told, and told again when it changes', async () => {
    const shot = { path: 'DCIM/100CANON/IMG_0002.JPG', size: 4000, seed: 'two', time: TIME };
    const { facts, handle } = await plug({ canCapture: true, captures: [shot], clockOffsetSeconds: 120 });
    const source = sourceOf(facts);
    await listOf(source);
    expect(source.live.canCapture).toBe(true);
    const told: unknown[] = [];
    const tell = (value: unknown) => {
      told.push(value);
      wake();
    };
    source.live.listen({ onAdded: ({ path }) => tell(path), onExposure: ({ iso }) => tell(iso) });
    expect(await source.live.exposure()).toEqual({
      fNumber: 8,
      exposureSeconds: 0.008,
      iso: 200,
      whiteBalance: 'auto',
      focalLengthMm: null,
    });
    expect(Math.abs((await source.live.clockOffset())! - 120_000)).toBeLessThan(3000);
    await source.live.capture();
    await until(() => told.length > 0);
    await handle.setProperty(0x500f, 800);
    await until(() => told.length > 1);
    expect(told).toEqual([`S1/${shot.path}`, 800]);
  });
});

describe('phones', () => {
  test('locked says what to do; locked in the middle never passes for empty', async () => {
    const { facts, handle } = await plug({ kind: 'android', locked: true });
    const source = sourceOf(facts);
    expect(source.medium).toMatchObject({ kind: 'phone', label: 'Pixel 8' });
    expect(await code(source.list(NEVER, []))).toBe('phone-locked-or-charging');
    await handle.unlock();
    expect(await listOf(source)).toHaveLength(1);
    await handle.fault({ name: 'forgets-storages', operation: 0x1008, times: 1 });
    expect(await code(source.list(NEVER, []))).toBe('phone-locked-or-charging');
    const iphone = await plug({ kind: 'iphone', locked: true });
    expect(await code(sourceOf(iphone.facts).list(NEVER, []))).toBe('phone-not-trusted');
  });

  test('an iPhone that converts, or keeps the original in the cloud, says so', async () => {
    const objects = ['1', '2'].map((number) => ({
      path: `202601_a/IMG_000${number}.HEIC`,
      size: SIZE,
      seed: number,
      time: TIME,
    }));
    const { facts } = await plug({ kind: 'iphone', objects }, [
      { name: 'transcoding', path: objects[0]!.path, base64: '/9j/4AAQ' },
      { name: 'cloud-only', path: objects[1]!.path },
    ] as RigFault[]);
    const source = sourceOf(facts);
    const files = await listOf(source);
    expect(files.map(({ path }) => path)).toEqual(objects.map(({ path }) => `S1/${path}`));
    expect(await readingOf(source, files[0]!)).toBe('phone-transcodes');
    expect(await readingOf(source, files[1]!)).toBe('not-on-phone');
  });
});
