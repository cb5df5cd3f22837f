import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { PhotodockError } from '../../../../shared/domain/errors.ts';

/**
 * The sealed file, version 1: `magic(4) version(1) chunkLog2(1) salt(7)`, then chunks of 64 KiB, each AES-256-GCM
 * (ciphertext, 16-byte tag). Nonce = salt(7) | chunk counter(4) | last flag(1): the STREAM construction, so chunks can be
 * neither reordered, dropped nor appended. Associated data = id of the sealed object + header, so a file put under
 * another row's name does not open. One random key per file, kept in the index.
 */
const MAGIC = Buffer.from('PDSF');
const VERSION = 1;
const CHUNK_LOG2 = 16;
const SALT_BYTES = 7;
export const HEADER_BYTES = MAGIC.length + 2 + SALT_BYTES;
export const CHUNK_BYTES = 1 << CHUNK_LOG2;
export const TAG_BYTES = 16;

/** The sealed file is not what was sealed: cut, flipped, swapped, or opened with another key. */
export class SealBrokenError extends PhotodockError {
  constructor(what: 'header' | 'chunk' | 'end', chunk: number) {
    super('seal-broken', `sealed file fails its check at ${what} ${chunk}`, { what, chunk });
  }
}

/** How many plain bytes a sealed file of this size holds. @throws SealBrokenError when no sealed file can have this size */
export function plainSize(sealedBytes: number): number {
  const body = sealedBytes - HEADER_BYTES;
  const chunks = Math.ceil(body / (CHUNK_BYTES + TAG_BYTES));
  const lastChunk = body - (chunks - 1) * (CHUNK_BYTES + TAG_BYTES);
  if (chunks < 1 || lastChunk < TAG_BYTES) throw new SealBrokenError('end', 0);
  return body - chunks * TAG_BYTES;
}

/** How large the sealed file of this many plain bytes is. */
export function sealedSize(plainBytes: number): number {
  return HEADER_BYTES + plainBytes + TAG_BYTES * Math.max(1, Math.ceil(plainBytes / CHUNK_BYTES));
}

function nonceOf(salt: Uint8Array, counter: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.set(salt, 0);
  nonce.writeUInt32BE(counter, SALT_BYTES);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** Turns plaintext pushed in pieces of any size into the pieces of a sealed file. */
export class Sealer {
  readonly #key: Uint8Array;
  readonly #salt = randomBytes(SALT_BYTES);
  readonly #associated: Buffer;
  readonly header: Buffer;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  #counter = 0;

  /** @param key 32 random bytes, never used for another file  @param id the sealed object's id in the index */
  constructor(key: Uint8Array, id: string) {
    this.#key = key;
    this.header = Buffer.concat([MAGIC, Buffer.from([VERSION, CHUNK_LOG2]), this.#salt]);
    this.#associated = Buffer.concat([Buffer.from(id, 'utf8'), this.header]);
  }

  #chunk(plain: Uint8Array, last: boolean): Buffer[] {
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonceOf(this.#salt, this.#counter, last));
    cipher.setAAD(this.#associated);
    this.#counter += 1;
    const body = cipher.update(plain);
    cipher.final();
    return [body, cipher.getAuthTag()];
  }

  /** Takes plaintext; answers what can be written now. The piece may be reused by the caller afterwards. */
  push(piece: Uint8Array): Buffer[] {
    const out: Buffer[] = [];
    let offset = 0;
    // A full chunk is held back until more comes, because only then is it known not to be the last.
    while (this.#pendingBytes + piece.length - offset > CHUNK_BYTES) {
      const take = CHUNK_BYTES - this.#pendingBytes;
      const part = piece.subarray(offset, offset + take);
      const plain = this.#pendingBytes === 0 ? part : Buffer.concat([...this.#pending, part], CHUNK_BYTES);
      this.#pending = [];
      this.#pendingBytes = 0;
      offset += take;
      out.push(...this.#chunk(plain, false));
    }
    if (offset < piece.length) {
      const rest = Buffer.from(piece.subarray(offset));
      this.#pending.push(rest);
      this.#pendingBytes += rest.length;
    }
    return out;
  }

  /** The last chunk; may be empty. Nothing can be pushed afterwards. */
  end(): Buffer[] {
    const last = this.#chunk(Buffer.concat(this.#pending, this.#pendingBytes), true);
    this.#pending = [];
    this.#pendingBytes = 0;
    return last;
  }
}

/** Opens a sealed file chunk by chunk; no byte leaves before its chunk is verified. */
export class Unsealer {
  readonly #key: Uint8Array;
  readonly #salt: Buffer;
  readonly #associated: Buffer;
  #counter = 0;

  /** @throws SealBrokenError when the header is not ours */
  constructor(key: Uint8Array, id: string, header: Uint8Array) {
    const bytes = Buffer.from(header);
    const sound = bytes.length === HEADER_BYTES && bytes.subarray(0, 4).equals(MAGIC) && bytes[4] === VERSION;
    if (!sound || bytes[5] !== CHUNK_LOG2) throw new SealBrokenError('header', 0);
    this.#key = key;
    this.#salt = bytes.subarray(6);
    this.#associated = Buffer.concat([Buffer.from(id, 'utf8'), bytes]);
  }

  /** Opens the next chunk (ciphertext and tag). @throws SealBrokenError */
  open(chunk: Uint8Array, last: boolean): Buffer {
    const counter = this.#counter;
    if (chunk.length < TAG_BYTES || (!last && chunk.length !== CHUNK_BYTES + TAG_BYTES)) {
      throw new SealBrokenError('chunk', counter);
    }
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonceOf(this.#salt, counter, last));
    decipher.setAAD(this.#associated);
    decipher.setAuthTag(chunk.subarray(chunk.length - TAG_BYTES));
    this.#counter += 1;
    try {
      const plain = decipher.update(chunk.subarray(0, chunk.length - TAG_BYTES));
      decipher.final();
      return plain;
    } catch {
      throw new SealBrokenError('chunk', counter);
    }
  }
}
