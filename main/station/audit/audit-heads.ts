import type { KeyObject } from 'node:crypto';
import type { IndexStore } from '../store/index.ts';
import { appendAudit } from './chain.ts';
import type { AuditHead } from './head-file.ts';
import { readHeadFile, signHead, writeHeadFile } from './head-file.ts';
import type { AuditVerdict, Witness } from './verify.ts';
import { HEAD_SIGNED, verifyAudit } from './verify.ts';

/** A new signature is due after so much time, or so many lines, whichever comes first. */
const SIGN_MS = 10 * 60_000;
const SIGN_LINES = 500;
const LOOK_MS = 30_000;

/**
 * Signs the chain's head at intervals: in the chain itself, and in a file beside the index. Who changes a line afterwards has
 * to forge a signature; who cuts lines off, or brings back an older index, is contradicted by the file.
 */
export class AuditHeads {
  readonly #store: IndexStore;
  readonly #key: KeyObject;
  readonly #dataFolder: string;
  readonly #onConflict: () => void;
  // A new start is signed at the first look: nobody knows how long ago the last signature was.
  #signedAt = Number.NEGATIVE_INFINITY;
  #signing: Promise<void> = Promise.resolve();
  #conflictTold = false;
  readonly #timer: NodeJS.Timeout;

  constructor(store: IndexStore, key: KeyObject, dataFolder: string, onConflict: () => void) {
    this.#store = store;
    this.#key = key;
    this.#dataFolder = dataFolder;
    this.#onConflict = onConflict;
    this.#timer = setInterval(() => void this.#signWhenDue().catch(() => undefined), LOOK_MS);
  }

  async #signWhenDue(): Promise<void> {
    const row = await this.#store.read.get<{ lines: number }>(
      'SELECT (SELECT max(line) FROM audit) - coalesce((SELECT max(line) FROM audit WHERE action = ?), 0) AS lines',
      [HEAD_SIGNED],
    );
    const lines = row?.lines ?? 0;
    if (lines >= SIGN_LINES || (lines > 0 && performance.now() - this.#signedAt >= SIGN_MS)) await this.sign();
  }

  /** Signs everything up to now, if there is anything new. */
  sign(): Promise<void> {
    const turn = this.#signing.then(() => this.#sign());
    this.#signing = turn.catch(() => undefined);
    return turn;
  }

  async #sign(): Promise<void> {
    this.#signedAt = performance.now();
    const conflict = await this.#conflicts();
    if (conflict && !this.#conflictTold) {
      this.#conflictTold = true;
      this.#onConflict();
    }
    const head = await this.#store.write(async (tx) => {
      const last = await tx.get<AuditHead & { action: string }>(
        'SELECT line, hash, action FROM audit ORDER BY line DESC LIMIT 1',
      );
      if (!last || last.action === HEAD_SIGNED) return last ?? null;
      const { line, hash } = last;
      await appendAudit(tx, {
        person: null,
        action: HEAD_SIGNED,
        subject: 'audit',
        facts: { line, hash, signature: signHead({ line, hash }, this.#key) },
      });
      return (await tx.get<AuditHead>('SELECT line, hash FROM audit ORDER BY line DESC LIMIT 1'))!;
    });
    // What contradicts this chain is never overwritten by it.
    if (head && !conflict) await writeHeadFile(this.#dataFolder, { line: head.line, hash: head.hash }, this.#key);
  }

  /** The file knows a line that this chain has not, or has otherwise. */
  async #conflicts(): Promise<boolean> {
    const file = await readHeadFile(this.#dataFolder, this.#key);
    if (typeof file === 'string') return file === 'other-key';
    const row = await this.#store.read.get<{ hash: string }>('SELECT hash FROM audit WHERE line = ?', [file.line]);
    return row?.hash !== file.hash;
  }

  /** Checks the chain against itself, its signatures, the head file and heads out of certificates. */
  async verify(witnesses: readonly Witness[] = []): Promise<AuditVerdict> {
    return verifyAudit(this.#store.read, this.#key, await readHeadFile(this.#dataFolder, this.#key), witnesses);
  }

  /** Signs for the last time. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    // A disk that is full at the end costs the last signature, not the end.
    await this.sign().catch(() => undefined);
  }
}
