import type { FaultRandom } from '../support/fault-random.ts';

/** Inputs grow no longer than this: parsers' bugs are found in small files. */
const MOST_BYTES = 16 * 1024;
const EDGES = [0, 1, 2, 7, 8, 0x7f, 0x80, 0xfe, 0xff];
const WIDE_EDGES = [0, 1, 2, 8, 12, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xfffffff0, 0xfffffffe, 0xffffffff];

/** One to eight changes: bits, bytes, numbers, pieces taken out, doubled, moved, put in from the dictionary or from another input. */
export function mutate(bytes: Buffer, other: Buffer, dictionary: readonly Buffer[], random: FaultRandom): Buffer {
  let changed = Buffer.from(bytes);
  for (let edits = 1 << random.below(4); edits > 0; edits--) changed = edit(changed, other, dictionary, random);
  return changed.subarray(0, MOST_BYTES);
}

function edit(bytes: Buffer, other: Buffer, dictionary: readonly Buffer[], random: FaultRandom): Buffer<ArrayBuffer> {
  const at = random.below(bytes.length + 1);
  const changed = Buffer.from(bytes);
  const piece = (from: Buffer) => {
    const start = random.below(from.length + 1);
    return from.subarray(start, start + 1 + random.below(Math.min(64, from.length - start + 1)));
  };
  const insert = (part: Uint8Array) => Buffer.concat([bytes.subarray(0, at), part, bytes.subarray(at)]);
  switch (random.below(11)) {
    case 0:
      if (at < changed.length) changed[at]! ^= 1 << random.below(8);
      return changed;
    case 1:
      if (at < changed.length) changed[at] = EDGES[random.below(EDGES.length)]!;
      return changed;
    case 2:
      if (at < changed.length) changed[at] = random.below(256);
      return changed;
    case 3:
      return number(changed, at, WIDE_EDGES[random.below(WIDE_EDGES.length)]!, random);
    case 4:
      return number(changed, at, random.below(bytes.length + 16), random);
    case 5:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(32))]);
    case 6:
      return insert(piece(bytes));
    case 7:
      return insert(piece(other));
    case 8:
      return Buffer.concat([bytes.subarray(0, at), other.subarray(random.below(other.length + 1))]);
    case 9: {
      const word = dictionary[random.below(dictionary.length)];
      if (word === undefined) return insert(Buffer.of(random.below(256)));
      if (random.below(2) === 0) return insert(word);
      word.copy(changed, at);
      return changed;
    }
    default:
      return random.below(8) === 0 ? Buffer.from(bytes.subarray(0, at)) : insert(Buffer.of(random.below(256)));
  }
}

/** A number of two or four bytes in either order, over what stands there. */
function number(bytes: Buffer<ArrayBuffer>, at: number, value: number, random: FaultRandom): Buffer<ArrayBuffer> {
  const isWide = random.below(2) === 0;
  const isLittle = random.below(2) === 0;
  if (at + (isWide ? 4 : 2) > bytes.length) return bytes;
  if (isWide) bytes[isLittle ? 'writeUInt32LE' : 'writeUInt32BE'](value >>> 0, at);
  else bytes[isLittle ? 'writeUInt16LE' : 'writeUInt16BE'](value & 0xffff, at);
  return bytes;
}
