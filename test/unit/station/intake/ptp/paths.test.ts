import { expect, test } from 'vitest';
import type { ObjectInfo } from '../../../../../main/station/intake/ptp/datasets/object-info.ts';
import { pathName, storageNames, type DeviceObject } from '../../../../../main/station/intake/ptp/objects.ts';
import { namePaths } from '../../../../../main/station/intake/ptp/paths.ts';
import { partLength } from '../../../../../main/station/intake/ptp/read-object.ts';

const TIME = '20260102T101112';

function object(name: string, size: number, modifiedAt = TIME): DeviceObject {
  const info = { name, size, modifiedAt, capturedAt: '', storageId: 0x10001 } as ObjectInfo;
  return { handle: size, storageId: 0x10001, folders: ['S1', 'DCIM'], info };
}
const pathsOf = (objects: readonly DeviceObject[], known: Parameters<typeof namePaths>[1] = []) =>
  namePaths(objects, known).named.map(({ file }) => file.path);

test('an object keeps its path whoever comes and goes beside it', () => {
  const [first, second] = [object('A.JPG', 1), object('A.JPG', 2)];
  const alone = namePaths([first], []).named.map(({ file }) => file);
  expect(alone[0]?.path).toBe('S1/DCIM/A.JPG');
  const both = namePaths([first, second], alone).named.map(({ file }) => file);
  expect(both.map(({ path }) => path)).toEqual(['S1/DCIM/A.JPG', `S1/DCIM/A~2-${TIME}.JPG`]);
  expect(pathsOf([second], both)).toEqual([`S1/DCIM/A~2-${TIME}.JPG`]);
  expect(pathsOf([second, first], both)).toEqual(both.map(({ path }) => path));
});

test('two that nothing tells apart are named and not given a path', () => {
  const { named, twins } = namePaths([object('A.JPG', 1), object('A.JPG', 1)], []);
  expect([named, twins]).toEqual([[], [`S1/DCIM/A~1-${TIME}.JPG`]]);
});

test('names are one part of a path, storages have one name each', () => {
  expect(pathName('a/b\u0007')).toBe(String.raw`a\x2fb\x07`);
  expect(pathName('..')).toBe(String.raw`\x2e\x2e`);
  const label = (text: string) =>
    ({ label: text }) as Parameters<typeof storageNames>[0] extends ReadonlyMap<number, infer I> ? I : never;
  const names = storageNames(
    new Map([
      [0x10001, label('NIKON')],
      [0x20001, label('NIKON')],
      [0x30001, null],
    ]),
  );
  expect([...names.values()]).toEqual(['NIKON S1', 'NIKON S2', 'S3']);
});

test('no part of a read ends with a whole packet where a device hangs on it', () => {
  expect(partLength(500, 4096, true)).toBe(499);
  expect(partLength(500, 4096, false)).toBe(500);
  expect(partLength(1, 4096, true)).toBe(1);
});
