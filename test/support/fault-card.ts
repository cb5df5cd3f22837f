import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { testJpeg } from './jpeg.ts';

/** A card (a folder) and what was on it before anybody touched it. */
export interface FaultCard {
  readonly root: string;
  /** Relative path to SHA-256 of its bytes. */
  readonly original: ReadonlyMap<string, string>;
  /** Relative paths of the pictures among them: what may leave when the archive has it. */
  readonly pictures: readonly string[];
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Makes a card of pictures, a text file that nobody can file, and pictures taken over from other cards. */
export async function makeFaultCard(
  root: string,
  number: number,
  pictures: number,
  copies: readonly Buffer[] = [],
): Promise<FaultCard> {
  const folder = path.join(root, 'DCIM', '100FAULT');
  await mkdir(folder, { recursive: true });
  const original = new Map<string, string>();
  const put = async (name: string, bytes: Buffer) => {
    await writeFile(path.join(folder, name), bytes);
    original.set(`DCIM/100FAULT/${name}`, sha256(bytes));
  };
  for (let at = 0; at < pictures; at++) await put(`IMG_${1000 + at}.JPG`, await testJpeg(number * 100 + at, 320));
  for (const [at, bytes] of copies.entries()) await put(`COPY${at}.JPG`, bytes);
  const names = [...original.keys()];
  await put('NOTE.TXT', Buffer.from(`what the photographer wrote, card ${number}\n`));
  return { root, original, pictures: names };
}

/** Relative path to SHA-256 of what lies on a card now. */
export async function contentOf(root: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    found.set(path.relative(root, file), sha256(await readFile(file)));
  }
  return found;
}
