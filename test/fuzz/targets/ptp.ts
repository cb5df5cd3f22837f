import { readCanonEvents } from '../../../main/station/intake/ptp/datasets/canon-events.ts';
import { readDate } from '../../../main/station/intake/ptp/datasets/dates.ts';
import { readDeviceInfo } from '../../../main/station/intake/ptp/datasets/device-info.ts';
import { exposureNumber, whiteBalanceName } from '../../../main/station/intake/ptp/datasets/exposure.ts';
import { readNumberArray } from '../../../main/station/intake/ptp/datasets/handles.ts';
import { readNikonEvents } from '../../../main/station/intake/ptp/datasets/nikon-events.ts';
import { readObjectInfo } from '../../../main/station/intake/ptp/datasets/object-info.ts';
import { readNumberValue, readObjectProperties } from '../../../main/station/intake/ptp/datasets/object-properties.ts';
import { readPropertyDescription } from '../../../main/station/intake/ptp/datasets/property-description.ts';
import { readStorageInfo } from '../../../main/station/intake/ptp/datasets/storage-info.ts';
import { readParameterContainer } from '../../../main/station/intake/ptp/containers.ts';
import { pathName } from '../../../main/station/intake/ptp/objects.ts';
import { ContainerJoiner } from '../../../main/station/intake/ptp/process/container-joiner.ts';
import { check, unlessRefused, type FuzzTarget } from '../target.ts';

const parsers: readonly ((bytes: Uint8Array) => unknown)[] = [
  readDeviceInfo,
  readStorageInfo,
  readObjectInfo,
  readNumberArray,
  readObjectProperties,
  readNumberValue,
  readPropertyDescription,
  readCanonEvents,
  readNikonEvents,
  readParameterContainer,
];
/** What a parsed value may weigh for each byte of its dataset: nothing is made by a count alone. */
const MOST_FOR_A_BYTE = 40;

const u16 = (value: number) => [value & 255, value >> 8];
const u32 = (value: number) => [...u16(value & 0xffff), ...u16(value >>> 16)];
const text = (value: string) => [value.length + 1, ...[...value, '\0'].flatMap((one) => u16(one.charCodeAt(0)))];
const DATE = text('20260102T101112.5+0130');
const objectInfo = (size: readonly number[]) => [
  ...u32(0x10001),
  ...u16(0x3801),
  ...u16(0),
  ...size,
  ...u16(0x3808),
  ...u32(10),
  ...u32(160),
  ...u32(120),
  ...u32(6000),
  ...u32(4000),
  ...u32(24),
  ...u32(7),
  ...u16(0),
  ...u32(0),
  ...u32(0),
  ...text('IMG_0001.JPG'),
  ...DATE,
  ...DATE,
  0,
];
const seeds: readonly (readonly number[])[] = [
  [
    ...u16(100),
    ...u32(6),
    ...u16(100),
    ...text('android.com: 1.0;'),
    ...u16(0),
    ...u32(2),
    ...u16(0x1001),
    ...u16(0x1002),
    ...u32(1),
    ...u16(0x4002),
    ...u32(0),
    ...u32(0),
    ...u32(1),
    ...u16(0x3801),
    ...text('Fake'),
    ...text('Cam'),
    ...text('1.0'),
    ...text('SN'),
  ],
  [...u16(4), ...u16(3), ...u16(0), ...Array.from({ length: 16 }, () => 1), ...u32(5), ...text('Card'), ...text('A')],
  objectInfo(u32(1000)),
  [...u32(3), ...u32(1), ...u32(2), ...u32(3)],
  [
    ...u32(2),
    ...u32(1),
    ...u16(0xdc04),
    ...u16(8),
    ...u32(9),
    ...u32(1),
    ...u32(1),
    ...u16(0xdc07),
    ...u16(0xffff),
    ...text('A'),
  ],
  [...u32(7), ...u32(1)],
  [...u16(0x5007), ...u16(4), 1, ...u16(800), ...u16(560), 0],
  [
    ...u32(16),
    ...u32(0xc189),
    ...u32(0xd101),
    ...u32(40),
    ...u32(12),
    ...u32(0xc181),
    ...u32(0x11),
    ...u32(8),
    ...u32(0),
  ],
  [...u16(2), ...u16(0x4002), ...u32(17), ...u16(0x4006), ...u32(0x5007)],
  [...u32(16), ...u16(4), ...u16(0x4002), ...u32(1), ...u32(9)],
];

/** The first byte chooses the dataset. It is read or refused as a broken dataset; what is read does not outgrow its bytes, and bytes behind it change nothing that was read. */
export const ptpDatasets: FuzzTarget = {
  name: 'ptp-datasets',
  batch: 2048,
  covers: [
    'reader',
    'device-info',
    'storage-info',
    'object-info',
    'handles',
    'object-properties',
    'values',
    'dates',
    'property-description',
    'exposure',
    'canon-events',
    'nikon-events',
  ].map((name) => `/ptp/datasets/${name}.ts`),
  seeds: () => [
    ...seeds.map((seed, index) => Buffer.from([index, ...seed])),
    Buffer.from([2, ...objectInfo([...u32(1000), ...u32(2)])]),
  ],
  dictionary: [
    Buffer.from(u32(0xffffffff)),
    Buffer.from(u32(0xfffffffe)),
    Buffer.from(u32(0x80000000)),
    Buffer.from(u32(4_000_000)),
    Buffer.from([0xff, 0, 0xd8]),
    Buffer.from([...u16(0xffff), ...u16(0x4004)]),
    Buffer.from([...u32(0xc1a7), 0, 0]),
    Buffer.from(DATE),
    Buffer.from(text('20260230T250000')),
  ],
  run(bytes) {
    const parse = parsers[(bytes[0] ?? 0) % parsers.length]!;
    // A buffer of its own, right to the end: whoever reads beyond it fails.
    const dataset = Uint8Array.from(bytes.subarray(1));
    const parsed = unlessRefused(['device-dataset'], () => parse(dataset));
    const weight =
      JSON.stringify(parsed, (_, value: unknown) => (value instanceof Set ? [...value] : value))?.length ?? 0;
    check(weight <= 2000 + dataset.length * MOST_FOR_A_BYTE, 'a small dataset makes a small value');
    if (parse === readObjectInfo && parsed !== null) {
      const { name, modifiedAt } = parsed as ReturnType<typeof readObjectInfo>;
      check(name.length <= 255 && name.isWellFormed(), 'a name is text of at most 255 units');
      check(!/[/\p{Cc}]/u.test(pathName(name)), 'a name is one part of a path');
      const date = readDate(modifiedAt);
      check(date === null || Number.isSafeInteger(date.at), 'a date is a moment');
    }
    if (parse === readPropertyDescription && parsed !== null) {
      const { property, current } = parsed as ReturnType<typeof readPropertyDescription>;
      const value = exposureNumber(property, current);
      check(value === null || (Number.isFinite(value) && value > 0), 'an exposure value is a number of something');
      whiteBalanceName(current);
    }
  },
};

const PACKET = 64;
const ID = 7;
const container = (type: number, length: number, id: number, payload: readonly number[]) => [
  ...u32(length),
  ...u16(type),
  ...u16(type === 2 ? 0x1009 : 0x2001),
  ...u32(id),
  ...payload,
];
const some = (length: number) => Array.from({ length }, (_, index) => index & 255);
const run = (...reads: readonly (readonly number[])[]) =>
  Buffer.from(reads.flatMap((read) => [read.length & 255, read.length >> 8, ...read]));

/** Reads of a bulk pipe, each with its length in front: data goes through in its order, nothing twice, never more than was read; then a response, or a refusal. */
export const ptpContainers: FuzzTarget = {
  name: 'ptp-containers',
  batch: 2048,
  covers: ['/ptp/process/container-joiner.ts', '/ptp/containers.ts'],
  seeds: () => [
    run(container(2, 112, ID, some(100)), container(3, 12, ID, [])),
    run(container(2, 112, ID, []), some(100), container(3, 16, ID, u32(1))),
    run(container(2, 128, ID, some(116)), [], container(3, 12, ID, [])),
    run([...container(2, 128, ID, some(116)), ...container(3, 12, ID, [])]),
    run(container(2, 0xffffffff, ID, some(116)), some(10), container(3, 12, ID, [])),
    run([...container(2, 0xffffffff, ID, some(116)), ...container(3, 12, ID, [])]),
    run(container(2, 112, 3, some(100)), container(3, 12, 3, []), container(3, 32, ID, some(20))),
    run(container(2, 212, ID, some(100)), container(3, 12, ID, [])),
  ],
  dictionary: [
    Buffer.from(container(3, 12, ID, [])),
    Buffer.from(container(2, 0xffffffff, ID, [])),
    Buffer.from(container(2, 76, ID, [])),
    Buffer.from(container(2, 76, 9, [])),
    Buffer.from(u32(0xfffffff4)),
    Buffer.from([0, 0]),
    Buffer.from([64, 0]),
    Buffer.from([12, 0]),
  ],
  run(bytes) {
    let delivered = 0;
    let pushed = 0;
    const joiner = new ContainerJoiner(ID, PACKET, { data: (piece) => void (delivered += piece.length) });
    let at = 0;
    unlessRefused(['device-protocol'], () => {
      while (at + 2 <= bytes.length && joiner.response === null) {
        const length = Math.min(bytes.readUInt16LE(at) & 0x3ff, bytes.length - at - 2);
        const chunk = Uint8Array.from(bytes.subarray(at + 2, at + 2 + length));
        at += 2 + length;
        pushed += length;
        joiner.push(chunk, length % PACKET !== 0 || length === 0);
        check(delivered <= pushed, 'no data out of nothing');
        const { wanted } = joiner;
        check(wanted === null || (wanted >= 0 && wanted <= 0xffff_ffff), 'what is wanted is a length');
        check(joiner.isInData || wanted === 0, 'between containers nothing is wanted');
      }
    });
    const { response } = joiner;
    check(response === null || response.parameters.length <= 5, 'a response has at most five parameters');
  },
};
