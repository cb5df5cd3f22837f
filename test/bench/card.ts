import fs from 'node:fs/promises';
import path from 'node:path';

/**
 * Fills a folder with `count` JPEG that differ in one comment segment, so that every one has another hash.
 * @returns total bytes
 */
export async function makeCard(folder: string, picture: string, count: number): Promise<number> {
  const bytes = await fs.readFile(picture);
  const dcim = path.join(folder, 'DCIM', '100BENCH');
  await fs.mkdir(dcim, { recursive: true });
  let total = 0;
  for (let number = 1; number <= count; number += 1) {
    const text = Buffer.from(`bench picture ${String(number).padStart(6, '0')}`);
    const length = Buffer.alloc(2);
    length.writeUInt16BE(text.length + 2);
    const one = Buffer.concat([bytes.subarray(0, 2), Buffer.from([0xff, 0xfe]), length, text, bytes.subarray(2)]);
    await fs.writeFile(path.join(dcim, `BNCH${String(number).padStart(4, '0')}.JPG`), one);
    total += one.length;
  }
  return total;
}
