import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { testJpeg } from './jpeg.ts';

/** A card (a folder) and what was on it before anybody touched it. Two cards that are changed for each other share a root. */
export interface FaultCard {
  readonly root: string;
  /** Relative path to SHA-256 of its bytes. */
  readonly original: ReadonlyMap<string, string>;
  /** Relative paths of the pictures among them: what may leave when the archive has it. */
  readonly pictures: readonly string[];
  /** Where its content really lies, if not at `root`: behind a card that lies. */
  readonly truth?: string;
  /** Relative paths of what the medium itself lost, changed or never had whole: the station answers for all others. */
  readonly faulty?: ReadonlySet<string>;
  /** A device on a cable and no folder. */
  readonly device?: FaultDevice;
}

/** What a device tells of itself from outside the station. Its objects are known by their content: a path is what the station makes of their names. */
export interface FaultDevice {
  /** By the names of `original`: what lies on it now. */
  content(): Promise<Map<string, string>>;
  /** What an item of this path may be, by content. */
  originalsOf(path: string): readonly string[];
  /** Whether the fault is the device's own, not the station's. */
  isFaulty(path: string): boolean;
  /** What no client may ever ask of a device, and was asked. */
  complaints(): Promise<readonly string[]>;
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

/** A name as the station shows it: bytes that are not UTF-8, and what would look like them, as \\xNN. */
export function shownName(name: Buffer): string {
  const text = name.toString('utf8');
  if (Buffer.from(text, 'utf8').equals(name) && !/\\x[0-9a-f]{2}/.test(text)) return text;
  const hex = (byte: number) => `\\x${byte.toString(16).padStart(2, '0')}`;
  return [...name].map((byte) => (byte < 0x80 && byte !== 0x5c ? String.fromCharCode(byte) : hex(byte))).join('');
}

async function hashOf(file: Buffer): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
  return hash.digest('hex');
}

/** Relative path to SHA-256 of what lies on a card now. */
export async function contentOf(root: string | Buffer, shown = ''): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const folder = Buffer.from(root);
  for (const entry of await readdir(folder, { withFileTypes: true, encoding: 'buffer' })) {
    const own = Buffer.concat([folder, Buffer.from('/'), entry.name]);
    const name = `${shown}${shownName(entry.name)}`;
    if (entry.isDirectory()) for (const [below, hash] of await contentOf(own, `${name}/`)) found.set(below, hash);
    if (entry.isFile()) found.set(name, await hashOf(own));
  }
  return found;
}
