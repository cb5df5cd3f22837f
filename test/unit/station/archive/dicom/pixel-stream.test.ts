import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  buildInstance,
  DicomParseError,
  jpegBaseline,
  pixelStreamOf,
  pixelStreamOfDataset,
  readPart10,
} from '../../../../../main/station/archive/dicom/index.ts';
import { fullInput, jpegOfParity } from './sample-input.ts';

let file: Buffer;
let sopInstanceUid: string;
beforeAll(async () => {
  const input = fullInput(await jpegOfParity(true));
  sopInstanceUid = input.uids.instance;
  file = buildInstance(input).bytes;
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const item = (element: number, bytes: Uint8Array, length = bytes.length) => {
  const head = Buffer.alloc(8);
  head.writeUInt16LE(0xfffe, 0);
  head.writeUInt16LE(element, 2);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, bytes]);
};
const nothing = Buffer.alloc(0);
const pixelData = (...items: Buffer[]) =>
  Buffer.concat([Buffer.from('e07f10004f420000ffffffff', 'hex'), ...items, item(0xe0dd, nothing)]);
const offsetTable = (...offsets: number[]) => item(0xe000, Buffer.from(new Uint32Array(offsets).buffer));
const fragment = (text: string) => item(0xe000, Buffer.from(text));
const text = (dataset: Buffer) => pixelStreamOfDataset(dataset, jpegBaseline).bytes.toString();

describe('the header', () => {
  test('says what the file is and where the dataset begins', () => {
    const header = readPart10(file);
    expect(header).toMatchObject({
      transferSyntaxUid: jpegBaseline,
      sopClassUid: '1.2.840.10008.5.1.4.1.1.77.1.4',
      sopInstanceUid,
    });
    expect(file.subarray(header.datasetOffset, header.datasetOffset + 4).toString('hex')).toBe('08000500');
  });

  test('a file cut anywhere in its header is refused', () => {
    const { datasetOffset } = readPart10(file);
    for (let length = 0; length < datasetOffset; length += 1) {
      expect(() => readPart10(file.subarray(0, length))).toThrow(DicomParseError);
    }
  });
});

describe('the pixel stream', () => {
  test('is the same from a file and from its bare dataset', () => {
    const { datasetOffset } = readPart10(file);
    const fromFile = pixelStreamOf(file);
    expect(pixelStreamOfDataset(file.subarray(datasetOffset), jpegBaseline).sha256).toBe(fromFile.sha256);
    expect(fromFile.sha256).toBe(sha256(fromFile.bytes));
  });

  test('a file cut anywhere in its pixels is refused, not filled with zeroes', () => {
    for (let cut = 1; cut < 400; cut += 7) expect(() => pixelStreamOf(file.subarray(0, -cut))).toThrow(DicomParseError);
  });

  test('fragments are put together, with and without an offset table', () => {
    expect(text(pixelData(offsetTable(0), fragment('ab'), fragment('cd'), fragment('ef')))).toBe('abcdef');
    expect(text(pixelData(offsetTable(), fragment('abcd'), fragment('ef')))).toBe('abcdef');
  });

  test('of several frames only the first is taken', () => {
    expect(text(pixelData(offsetTable(0, 20), fragment('ab'), fragment('cd'), fragment('ef')))).toBe('abcd');
  });

  test('pixel data nested in a sequence is not taken for the picture', () => {
    const icon = Buffer.concat([
      Buffer.from('8800000253510000ffffffff', 'hex'),
      item(0xe000, Buffer.concat([pixelData(offsetTable(0), fragment('icon')), item(0xe00d, nothing)]), 0xffffffff),
      item(0xe0dd, nothing),
    ]);
    expect(text(Buffer.concat([icon, pixelData(offsetTable(0), fragment('main'))]))).toBe('main');
  });

  test('native pixels and other encodings are refused', () => {
    const { datasetOffset } = readPart10(file);
    for (const syntax of ['1.2.840.10008.1.2', '1.2.840.10008.1.2.1', '1.2.840.10008.1.2.2']) {
      expect(() => pixelStreamOfDataset(file.subarray(datasetOffset), syntax)).toThrow(DicomParseError);
    }
    const native = Buffer.concat([Buffer.from('e07f10004f42000004000000', 'hex'), Buffer.alloc(4)]);
    expect(() => pixelStreamOfDataset(native, jpegBaseline)).toThrow(/not encapsulated/);
  });

  test('mutated files give a stream or a DicomParseError, nothing else, and never hang', () => {
    const mutation = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(mutation, fc.nat(), fc.boolean(), (changes, cut, early) => {
        const bytes = Buffer.from(early ? file.subarray(0, 3200) : file);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        const shortened = cut % 3 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes;
        try {
          pixelStreamOf(shortened);
        } catch (error) {
          expect(error).toBeInstanceOf(DicomParseError);
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('random tags and lengths as a dataset give a stream or a DicomParseError', () => {
    const word = fc.constantFrom(0xfffe, 0xe000, 0xe00d, 0xe0dd, 0xffff, 0x7fe0, 0x0010, 0x4e55, 0x5153, 0, 8);
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (values) => {
        try {
          pixelStreamOfDataset(Buffer.from(new Uint16Array(values).buffer), jpegBaseline);
        } catch (error) {
          expect(error).toBeInstanceOf(DicomParseError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});
