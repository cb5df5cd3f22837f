import { expect, test } from 'vitest';
import { readCanonEvents } from '../../../../../main/station/intake/ptp/datasets/canon-events.ts';
import { readDate } from '../../../../../main/station/intake/ptp/datasets/dates.ts';
import { readNikonEvents } from '../../../../../main/station/intake/ptp/datasets/nikon-events.ts';
import { readNumberArray } from '../../../../../main/station/intake/ptp/datasets/handles.ts';
import { readObjectInfo } from '../../../../../main/station/intake/ptp/datasets/object-info.ts';
import { readObjectProperties } from '../../../../../main/station/intake/ptp/datasets/object-properties.ts';
import { DatasetReader } from '../../../../../main/station/intake/ptp/datasets/reader.ts';

const u16 = (value: number) => [value & 255, (value >> 8) & 255];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];
const text = (value: string) => [value.length + 1, ...[...value, '\0'].flatMap((one) => u16(one.charCodeAt(0)))];
const bytes = (...parts: readonly (readonly number[])[]) => Uint8Array.from(parts.flat());

function objectInfo(size: readonly number[], name = 'IMG_0001.JPG'): Uint8Array {
  return bytes(
    [...u32(0x10001), ...u16(0x3801), ...u16(1), ...size, ...u16(0x3808)],
    [...u32(9), ...u32(160), ...u32(120), ...u32(6000), ...u32(4000), ...u32(24), ...u32(7), ...u16(0)],
    [...u32(0), ...u32(0), ...text(name), ...text('20260102T101112'), ...text(''), 0],
  );
}

test('ObjectInfo with a size of 32 bits, and of 64 as Samsung sends it', () => {
  const expected = { protection: 1, parent: 7, width: 6000, name: 'IMG_0001.JPG', capturedAt: '20260102T101112' };
  expect(readObjectInfo(objectInfo(u32(1000)))).toMatchObject({ ...expected, size: 1000 });
  expect(readObjectInfo(objectInfo([...u32(5), ...u32(1)]))).toMatchObject({ ...expected, size: 2 ** 32 + 5 });
});

test('a string ends at its first NUL; half surrogates are replaced; odd ends are refused', () => {
  const read = (...units: readonly number[]) =>
    new DatasetReader('test', bytes([units.length], units.flatMap(u16))).string();
  expect(read(65, 66, 0)).toBe('AB');
  expect(read(65, 0, 66, 0)).toBe('A');
  expect(read(65, 66)).toBe('AB');
  expect(read(0xd83d, 0xde00, 0)).toBe('😀');
  expect(read(0xd83d, 65, 0)).toBe('�A');
  expect(() => new DatasetReader('test', bytes([3, 65, 0, 66])).string()).toThrow(/ends early/);
});

test('nothing is made by a count that its bytes do not bear out', () => {
  const dataset = { code: 'device-dataset' };
  const codeOf = (read: () => unknown) => {
    try {
      return read();
    } catch (error) {
      return { code: (error as { code: string }).code };
    }
  };
  expect(codeOf(() => readNumberArray(bytes(u32(0xffffffff), u32(1))))).toEqual(dataset);
  expect(codeOf(() => readObjectProperties(bytes(u32(0x20000000), u32(1))))).toEqual(dataset);
  expect(codeOf(() => readNikonEvents(bytes(u16(0xffff), u32(1))))).toEqual(dataset);
  expect(codeOf(() => readCanonEvents(bytes(u32(0xffffffff), u32(0xc181), u32(1))))).toEqual(dataset);
  expect(codeOf(() => readCanonEvents(bytes(u32(4), u32(0xc181))))).toEqual(dataset);
});

test('property lists, Canon and Nikon events are read', () => {
  const list = bytes(
    u32(2),
    u32(1),
    u16(0xdc04),
    u16(8),
    [...u32(5), ...u32(1)],
    u32(1),
    u16(0xdc07),
    u16(0xffff),
    text('A'),
  );
  expect(readObjectProperties(list).map(({ value }) => value)).toEqual([2 ** 32 + 5, 'A']);
  const canon = bytes(u32(12), u32(0xc181), u32(0x11), u32(16), u32(0xc189), u32(0xd101), u32(40), u32(8), u32(0));
  expect(readCanonEvents(canon)).toEqual([
    { what: 'added', handle: 0x11, name: null },
    { what: 'property', property: 0xd101, value: 40 },
  ]);
  expect(readNikonEvents(bytes(u16(1), u16(0x4002), u32(17)))).toEqual([{ code: 0x4002, parameter: 17 }]);
});

test('dates: local to the station without a zone, exact with one, null when they are none', () => {
  expect(readDate('20260102T101112')).toEqual({
    local: '2026-01-02T10:11:12',
    at: new Date(2026, 0, 2, 10, 11, 12).getTime(),
  });
  expect(readDate('20260102T101112.5Z')?.at).toBe(Date.UTC(2026, 0, 2, 10, 11, 12, 500));
  expect(readDate('20260102T101112+0130')?.at).toBe(Date.UTC(2026, 0, 2, 8, 41, 12));
  for (const none of ['', '00000000T000000', '20260230T101112', '20260102T251112', '20260102', '2026-01-02T10:11:12'])
    expect(readDate(none), none).toBeNull();
});
