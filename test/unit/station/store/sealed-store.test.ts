import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { SealedRef } from '../../../../main/station/store/index.ts';
import { SealedStore } from '../../../../main/station/store/index.ts';
import {
  CHUNK_BYTES,
  HEADER_BYTES,
  plainSize,
  Sealer,
  TAG_BYTES,
  Unsealer,
} from '../../../../main/station/store/sealed/format.ts';
import { filesBelow, tempFolder } from '../../../support/temp.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const SIZES = [0, 1, 65535, 65536, 65537, 131072, 131073, 3 * (1 << 20) + 17];

let folder: string;
let medium: string;
let sealed: SealedStore;
let number = 0;
beforeAll(async () => {
  const root = await fs.realpath(await fs.mkdtemp('/tmp/photodock-sealed-'));
  folder = path.join(root, 'data');
  medium = path.join(root, 'medium');
  await fs.mkdir(folder);
  await fs.mkdir(medium);
  sealed = new SealedStore(folder, 2);
});
afterAll(async () => {
  await sealed.close();
  await fs.rm(path.dirname(folder), { recursive: true, force: true });
});

const pathOf = (ref: SealedRef, base = folder) =>
  path.join(base, 'sealed', ref.name.slice(0, 2), ref.name.slice(2, 4), ref.name);

async function onMedium(bytes: Uint8Array, root = medium) {
  number += 1;
  const file = path.join(root, `IMG_${number}.JPG`);
  await fs.writeFile(file, bytes);
  const stat = await fs.stat(file);
  return { file, root, expected: { size: stat.size, modifiedAt: Math.trunc(stat.mtimeMs) } };
}

async function sealedObject(size: number) {
  const plain = new Uint8Array(randomBytes(size));
  const source = await onMedium(plain);
  const ref = sealed.plan(`item-${number}`);
  const result = await sealed.sealFile(ref, source, source.expected);
  return { plain, source, ref, result };
}

describe('a file of a medium', () => {
  test.each(SIZES)('of %i bytes opens again to the same bytes, and both reads agree', async (size) => {
    const { plain, source, ref, result } = await sealedObject(size);
    expect(result).toMatchObject({ size, sha256: sha256(plain) });
    expect(new Uint8Array(result.firstBytes)).toEqual(plain.subarray(0, 65536));
    const opened = await sealed.unseal(ref);
    expect(opened.sha256).toBe(sha256(plain));
    expect(Buffer.compare(opened.bytes, plain)).toBe(0);
    const proof = await sealed.proveFile(ref, source, size);
    expect(proof).toMatchObject({ secondSha256: sha256(plain), unsealedSha256: sha256(plain) });
    const stat = await fs.stat(pathOf(ref));
    expect(plainSize(stat.size)).toBe(size);
    expect(stat.mode & 0o777).toBe(0o600);
  });

  test('is nowhere readable in its sealed file, and the same bytes never look the same twice', async () => {
    const plain = Buffer.alloc(100_000, 'MARKER-DOE-JANE ');
    const source = await onMedium(plain);
    const [one, two] = [sealed.plan('a'), sealed.plan('a')];
    await sealed.sealFile(one, source, source.expected);
    await sealed.sealFile(two, source, source.expected);
    const [first, second] = [await fs.readFile(pathOf(one)), await fs.readFile(pathOf(two))];
    expect(first.includes('MARKER')).toBe(false);
    expect(first.subarray(HEADER_BYTES).equals(second.subarray(HEADER_BYTES))).toBe(false);
  });

  test('the second read tells what lies there now', async () => {
    const { source, ref, plain } = await sealedObject(70_000);
    const other = Buffer.from(plain);
    other[69_999]! ^= 1;
    await fs.writeFile(source.file, other);
    const proof = await sealed.proveFile(ref, source, plain.length);
    expect(proof.secondSha256).toBe(sha256(other));
    expect(proof.unsealedSha256).toBe(sha256(plain));
  });
});

test('any size, pushed in pieces of any size, opens again', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 3 * CHUNK_BYTES + 2 }),
      fc.array(fc.integer({ min: 1, max: 2 * CHUNK_BYTES + 3 }), { minLength: 1, maxLength: 12 }),
      (size, pieces) => {
        const plain = randomBytes(size);
        const key = randomBytes(32);
        const sealer = new Sealer(key, 'id');
        const out = [sealer.header];
        for (let offset = 0, turn = 0; offset < size; turn += 1) {
          const take = pieces[turn % pieces.length]!;
          out.push(...sealer.push(plain.subarray(offset, offset + take)));
          offset += take;
        }
        out.push(...sealer.end());
        const file = Buffer.concat(out);
        expect(plainSize(file.length)).toBe(size);
        const unsealer = new Unsealer(key, 'id', file.subarray(0, HEADER_BYTES));
        const stride = CHUNK_BYTES + TAG_BYTES;
        const opened: Buffer[] = [];
        for (let offset = HEADER_BYTES; offset < file.length; offset += stride) {
          opened.push(unsealer.open(file.subarray(offset, offset + stride), offset + stride >= file.length));
        }
        expect(Buffer.concat(opened).equals(plain)).toBe(true);
      },
    ),
    { numRuns: 60 },
  );
});

describe('a sealed file that is not what was sealed', () => {
  const STRIDE = CHUNK_BYTES + TAG_BYTES;
  async function broken(change: (bytes: Buffer) => Buffer, size = 2 * CHUNK_BYTES + 100) {
    const { ref } = await sealedObject(size);
    const file = pathOf(ref);
    await fs.writeFile(file, change(await fs.readFile(file)));
    return sealed.unseal(ref);
  }
  const flip =
    (at: number, bit = 1) =>
    (bytes: Buffer) => {
      const index = at < 0 ? bytes.length + at : at;
      bytes[index] = bytes[index]! ^ bit;
      return bytes;
    };

  test.each([...Array(HEADER_BYTES).keys()])('header byte %i flipped', async (at) => {
    await expect(broken(flip(at, 0x80), 10)).rejects.toMatchObject({ code: 'seal-broken' });
  });

  test.each([
    ['first byte of the first chunk', HEADER_BYTES],
    ['last byte of the first chunk', HEADER_BYTES + CHUNK_BYTES - 1],
    ['tag of the first chunk', HEADER_BYTES + CHUNK_BYTES],
    ['middle of the second chunk', HEADER_BYTES + STRIDE + 1000],
    ['tag of the second chunk', HEADER_BYTES + 2 * STRIDE - 1],
    ['last chunk', -20],
    ['last tag', -1],
  ])('a bit flipped in the %s', async (_where, at) => {
    await expect(broken(flip(at))).rejects.toMatchObject({ code: 'seal-broken' });
  });

  test.each([
    ['everything', 0],
    ['half the header', 6],
    ['all chunks', HEADER_BYTES],
    ['inside the first tag', HEADER_BYTES + STRIDE - 1],
    ['after the first chunk', HEADER_BYTES + STRIDE],
    ['inside the second chunk, not even a tag of it', HEADER_BYTES + STRIDE + 5],
    ['inside the second chunk', HEADER_BYTES + STRIDE + 500],
    ['after the second chunk', HEADER_BYTES + 2 * STRIDE],
    ['within the last tag', -1],
  ])('cut: %s is missing', async (_where, at) => {
    await expect(broken((bytes) => bytes.subarray(0, at < 0 ? bytes.length + at : at))).rejects.toMatchObject({
      code: 'seal-broken',
    });
  });

  test('cut where the last chunk is full', async () => {
    await expect(broken((bytes) => bytes.subarray(0, HEADER_BYTES + STRIDE), 2 * CHUNK_BYTES)).rejects.toMatchObject({
      code: 'seal-broken',
    });
  });

  test('chunks swapped, repeated, appended', async () => {
    const chunk = (bytes: Buffer, at: number) =>
      bytes.subarray(HEADER_BYTES + at * STRIDE, HEADER_BYTES + (at + 1) * STRIDE);
    const head = (bytes: Buffer) => bytes.subarray(0, HEADER_BYTES);
    const changes: ((bytes: Buffer) => Buffer)[] = [
      (b) => Buffer.concat([head(b), chunk(b, 1), chunk(b, 0), chunk(b, 2)]),
      (b) => Buffer.concat([head(b), chunk(b, 0), chunk(b, 0), chunk(b, 2)]),
      (b) => Buffer.concat([b, chunk(b, 2)]),
      (b) => Buffer.concat([b, Buffer.alloc(1)]),
    ];
    for (const change of changes) await expect(broken(change)).rejects.toMatchObject({ code: 'seal-broken' });
  });

  test('another object, another key, another id', async () => {
    const { ref } = await sealedObject(100);
    const other = await sealedObject(100);
    await expect(sealed.unseal({ ...ref, key: other.ref.key })).rejects.toMatchObject({ code: 'seal-broken' });
    await expect(sealed.unseal({ ...ref, id: other.ref.id })).rejects.toMatchObject({ code: 'seal-broken' });
    await fs.copyFile(pathOf(other.ref), pathOf(ref));
    await expect(sealed.unseal(ref)).rejects.toMatchObject({ code: 'seal-broken' });
    await fs.rm(pathOf(ref));
    await expect(sealed.unseal(ref)).rejects.toMatchObject({ code: 'sealed-missing' });
  });
});

describe('a source that is not the listed one', () => {
  const changed = (what: string) => ({ code: 'source-changed', details: { what } });

  test.each([
    ['grown', 101, 'size'],
    ['shrunk', 99, 'size'],
  ])('%s since it was listed', async (_word, size, what) => {
    const source = await onMedium(randomBytes(size));
    const before = await filesBelow(folder);
    await expect(sealed.sealFile(sealed.plan('x'), source, { ...source.expected, size: 100 })).rejects.toMatchObject(
      changed(what),
    );
    expect(await filesBelow(folder)).toEqual(before);
  });

  test('written again since it was listed', async () => {
    const source = await onMedium(randomBytes(10));
    const expected = { ...source.expected, modifiedAt: source.expected.modifiedAt - 1000 };
    await expect(sealed.sealFile(sealed.plan('x'), source, expected)).rejects.toMatchObject(changed('time'));
  });

  test('swapped for a symlink', async () => {
    const source = await onMedium(randomBytes(10));
    await fs.rename(source.file, `${source.file}.real`);
    await fs.symlink(`${source.file}.real`, source.file);
    await expect(sealed.sealFile(sealed.plan('x'), source, source.expected)).rejects.toMatchObject({ code: 'ELOOP' });
    await expect(sealed.hashFile(source, 10)).rejects.toMatchObject({ code: 'ELOOP' });
  });

  test('a folder on the way swapped for a link that leaves the medium', async () => {
    const outside = await tempFolder('outside');
    const elsewhere = await onMedium(randomBytes(10), outside);
    await fs.rm(path.join(medium, 'DCIM'), { force: true });
    await fs.symlink(outside, path.join(medium, 'DCIM'));
    const source = { file: path.join(medium, 'DCIM', path.basename(elsewhere.file)), root: medium };
    const before = await filesBelow(folder);
    await expect(sealed.sealFile(sealed.plan('x'), source, elsewhere.expected)).rejects.toMatchObject(
      changed('outside'),
    );
    await expect(sealed.hashFile(source, 10)).rejects.toMatchObject(changed('outside'));
    await expect(sealed.peekFile(source)).rejects.toMatchObject(changed('outside'));
    expect(await filesBelow(folder)).toEqual(before);
  });

  test('a neighbour folder whose name begins like the medium', async () => {
    const neighbour = `${medium}-2`;
    await fs.mkdir(neighbour);
    const elsewhere = await onMedium(randomBytes(10), neighbour);
    await expect(sealed.hashFile({ file: elsewhere.file, root: medium }, 10)).rejects.toMatchObject(changed('outside'));
  });

  test('with more bytes than it was listed with: reading ends at once, however long it is', async () => {
    const { source, ref, plain } = await sealedObject(1000);
    await fs.truncate(source.file, 5_000_000);
    const before = await filesBelow(folder);
    await expect(sealed.proveFile(ref, source, plain.length)).rejects.toMatchObject(changed('size'));
    await expect(sealed.hashFile(source, plain.length)).rejects.toMatchObject(changed('size'));
    await expect(sealed.sealFile(sealed.plan('x'), source, source.expected)).rejects.toMatchObject(changed('size'));
    expect(await filesBelow(folder)).toEqual(before);
  });

  test('gone', async () => {
    const source = await onMedium(randomBytes(10));
    await fs.rm(source.file);
    await expect(sealed.sealFile(sealed.plan('x'), source, source.expected)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('errors never name the file', async () => {
    const file = path.join(medium, 'DOE_JANE.JPG');
    await expect(sealed.hashFile({ file, root: medium }, 10)).rejects.toSatisfy(
      (error: Error) => !`${error.stack}`.includes('DOE'),
    );
  });
});

test('names that are no valid UTF-8 are read by their bytes', async () => {
  const name = Buffer.concat([Buffer.from(`${medium}/A`), Buffer.from([0xff, 0xfe]), Buffer.from('.JPG')]);
  await fs.writeFile(name, 'hello');
  const stat = await fs.stat(name);
  const ref = sealed.plan('bytes');
  const source = { file: new Uint8Array(name), root: medium };
  const result = await sealed.sealFile(ref, source, { size: 5, modifiedAt: Math.trunc(stat.mtimeMs) });
  expect(result.sha256).toBe(sha256(Buffer.from('hello')));
  expect(await sealed.proveFile(ref, source, 5)).toMatchObject({ secondSha256: result.sha256 });
});

test('bytes that the station made itself are sealed alike', async () => {
  const bytes = randomBytes(200_000);
  const ref = sealed.plan('instance');
  expect(await sealed.sealBytes(ref, new Uint8Array(bytes))).toEqual({ sha256: sha256(bytes) });
  expect((await sealed.unseal(ref)).sha256).toBe(sha256(bytes));
});

test('the start-up sweep removes only what was cut off, puts aside what no row names, and reports rows without a file', async () => {
  const data = await tempFolder('sweep');
  const own = new SealedStore(data, 1);
  onTestFinished(() => own.close());
  const [kept, orphan, half] = [own.plan('a'), own.plan('b'), own.plan('c')];
  await own.sealBytes(kept, new Uint8Array(10));
  await own.sealBytes(orphan, new Uint8Array(10));
  await fs.mkdir(path.dirname(pathOf(half, data)), { recursive: true });
  await fs.writeFile(`${pathOf(half, data)}.part`, 'half a file');
  const missing = own.plan('d').name;
  const nothing = { cutOff: 0, putAside: 0, putBack: 0, missing: [] };
  expect(await own.sweep(new Set([kept.name, missing]))).toEqual({
    ...nothing,
    cutOff: 1,
    putAside: 1,
    missing: [missing],
  });
  expect(await filesBelow(data)).toEqual([`orphans/${orphan.name}`, path.relative(data, pathOf(kept, data))]);
  expect((await own.unseal(kept)).bytes.length).toBe(10);
  expect((await own.orphans()).count).toBe(1);
  // The right index is found again: its row names the file.
  expect(await own.sweep(new Set([kept.name, orphan.name]))).toEqual({ ...nothing, putBack: 1 });
  expect((await own.unseal(orphan)).bytes.length).toBe(10);
  expect((await own.orphans()).count).toBe(0);
});

test('closing refuses what waits instead of leaving it hanging', async () => {
  const own = new SealedStore(await tempFolder('close'), 1);
  const jobs = Array.from({ length: 5 }, () =>
    own.sealBytes(own.plan('x'), new Uint8Array(1 << 20)).then(
      () => null,
      (e: { code: string }) => e.code,
    ),
  );
  await own.close();
  const codes = await Promise.all(jobs);
  expect(codes.at(-1)).toBe('sealed-store-closed');
  await expect(own.unseal(own.plan('y'))).rejects.toMatchObject({ code: 'sealed-store-closed' });
});
