import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw, crc32 } from 'node:zlib';

const endRecord = 0x06054b50;
const centralRecord = 0x02014b50;

/** Reads the table of contents of a ZIP file (APPNOTE 4.3.12; no ZIP64, no encryption: refused). */
async function readEntries(file) {
  const { size } = await file.stat();
  const tail = Buffer.alloc(Math.min(size, 65_557));
  await file.read(tail, 0, tail.length, size - tail.length);
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== endRecord) end -= 1;
  if (end < 0) throw new Error('not a ZIP file: it has no end record');
  const count = tail.readUInt16LE(end + 10);
  const table = Buffer.alloc(tail.readUInt32LE(end + 12));
  await file.read(table, 0, table.length, tail.readUInt32LE(end + 16));
  const entries = [];
  for (let at = 0, index = 0; index < count; index += 1) {
    if (table.readUInt32LE(at) !== centralRecord) throw new Error('broken ZIP file: its table of contents is damaged');
    const nameLength = table.readUInt16LE(at + 28);
    entries.push({
      name: table.toString('utf8', at + 46, at + 46 + nameLength),
      method: table.readUInt16LE(at + 10),
      crc: table.readUInt32LE(at + 16),
      compressed: table.readUInt32LE(at + 20),
      mode: table.readUInt32LE(at + 38) >>> 16,
      offset: table.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + table.readUInt16LE(at + 30) + table.readUInt16LE(at + 32);
  }
  return entries;
}

/** Where the entry's data begin: its local header repeats the name and may have another extra field. */
async function dataOffset(file, entry) {
  const header = Buffer.alloc(30);
  await file.read(header, 0, 30, entry.offset);
  return entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/**
 * Unpacks the files (not the links, not the empty ones) of a ZIP file. `rename` gets each entry's name and answers the path under `destination`, or undefined to leave it out. Every
 * file's CRC is checked; a path that leaves `destination` is refused.
 */
export async function extractZip(zip, destination, rename) {
  const file = await open(zip);
  try {
    for (const entry of await readEntries(file)) {
      const name = entry.name.endsWith('/') ? undefined : rename(entry.name);
      if (name === undefined || entry.compressed === 0) continue;
      const target = path.resolve(destination, name);
      if (!target.startsWith(path.resolve(destination) + path.sep))
        throw new Error(`ZIP entry leaves its folder: ${entry.name}`);
      await mkdir(path.dirname(target), { recursive: true });
      const start = await dataOffset(file, entry);
      const packed = createReadStream(zip, { start, end: start + entry.compressed - 1 });
      let sum = 0;
      const check = new Transform({
        transform(chunk, _encoding, done) {
          sum = crc32(chunk, sum);
          done(null, chunk);
        },
      });
      const steps = entry.method === 8 ? [createInflateRaw(), check] : [check];
      await pipeline(packed, ...steps, createWriteStream(target, { mode: entry.mode & 0o777 || 0o644 }));
      if (sum !== entry.crc) throw new Error(`ZIP entry is damaged: ${entry.name}`);
    }
  } finally {
    await file.close();
  }
}
