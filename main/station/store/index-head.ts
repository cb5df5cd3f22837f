import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { passing } from '#durable';

/**
 * `index.head` beside the index: how many commits the index has seen. It is written after each commit and never before, without
 * waiting for the disk, so it may be behind the index and never ahead of it. An index that is behind its head has lost
 * committed work: its -wal file is gone or damaged, or an older copy was put in its place (docs/adr/0018).
 */
export interface Head {
  readonly commits: number;
  /** First 16 bytes of the index, in hex: SQLCipher's salt, without which no key opens it. */
  readonly salt: string;
}

/** Always this long, so that it is written in place: that needs no room on a full disk. */
const LENGTH = 160;

export function headFile(dataFolder: string): string {
  return path.join(dataFolder, 'index.head');
}

const sumOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);

function textOf({ commits, salt }: Head): string {
  const content = `photodock-head/1 ${commits} ${salt}`;
  return `${`${content} ${sumOf(content)}`.padEnd(LENGTH - 1)}\n`;
}

/** What the head says; null when there is none, `damaged` when it cannot be believed. */
export function readHead(dataFolder: string): Head | 'damaged' | null {
  let text: string;
  try {
    text = fs.readFileSync(headFile(dataFolder), 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : 'damaged';
  }
  const match = /^(photodock-head\/1 (\d+) ([0-9a-f]{32})) ([0-9a-f]{16}) *\n$/.exec(text);
  if (!match || sumOf(match[1]!) !== match[4]) return 'damaged';
  return { commits: Number(match[2]), salt: match[3]! };
}

/** Keeps the head of an open index up to date. */
export class HeadWriter {
  readonly #descriptor: number;
  readonly #salt: string;

  private constructor(descriptor: number, salt: string) {
    this.#descriptor = descriptor;
    this.#salt = salt;
  }

  /** Makes the head, durably, if there is none that can be believed. */
  static open(dataFolder: string, head: Head): HeadWriter {
    const file = headFile(dataFolder);
    const known = readHead(dataFolder);
    if (known === null || known === 'damaged') {
      passing('before head');
      const temporary = `${file}.part`;
      fs.writeFileSync(temporary, textOf(head), { mode: 0o600, flush: true });
      fs.renameSync(temporary, file);
      syncFolder(dataFolder);
      passing('head made');
    }
    const writer = new HeadWriter(fs.openSync(file, 'r+'), head.salt);
    writer.write(head.commits);
    return writer;
  }

  /** A head that cannot be written stays behind: that costs the warning, not the work. */
  write(commits: number): void {
    try {
      fs.writeSync(this.#descriptor, textOf({ commits, salt: this.#salt }), 0);
    } catch {
      // Told by the doctor, which finds the disk at fault.
    }
  }

  close(): void {
    try {
      fs.fsyncSync(this.#descriptor);
    } catch {
      // As above.
    }
    fs.closeSync(this.#descriptor);
  }
}

function syncFolder(folder: string): void {
  const descriptor = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}
