import { createHmac, pbkdf2Sync } from 'node:crypto';
import fs from 'node:fs/promises';

/** SQLCipher 4: 4096-byte pages that end in IV (16) and HMAC-SHA512 (64); the first 16 bytes of the file are the salt. */
export const PAGE_BYTES = 4096;
const SALT_BYTES = 16;
const MAC_BYTES = 64;
/** SQLCipher's HMAC_SALT_MASK and FAST_PBKDF2_ITER. */
const SALT_MASK = 0x3a;
const ROUNDS = 2;

/**
 * Which of the first pages carry the right HMAC under this key, by our own reckoning. SQLCipher itself cannot tell a wrong key
 * from a damaged first page; this can: under a wrong key no page fits, behind a damaged page the others do.
 */
export async function fittingPages(file: string, key: Uint8Array, salt: Uint8Array | null, pages = 64) {
  const handle = await fs.open(file, 'r');
  try {
    const { size } = await handle.stat();
    const looked = Math.min(pages, Math.floor(size / PAGE_BYTES));
    const bytes = Buffer.alloc(looked * PAGE_BYTES);
    await handle.read(bytes, 0, bytes.length, 0);
    const masked = (salt ?? bytes.subarray(0, SALT_BYTES)).map((byte) => byte ^ SALT_MASK);
    const macKey = pbkdf2Sync(key, masked, ROUNDS, 32, 'sha512');
    let fitting = 0;
    for (let number = 1; number <= looked; number += 1) {
      const page = bytes.subarray((number - 1) * PAGE_BYTES, number * PAGE_BYTES);
      const order = Buffer.alloc(4);
      order.writeUInt32LE(number);
      const mac = createHmac('sha512', macKey)
        .update(page.subarray(number === 1 ? SALT_BYTES : 0, PAGE_BYTES - MAC_BYTES))
        .update(order)
        .digest();
      if (mac.equals(page.subarray(PAGE_BYTES - MAC_BYTES))) fitting += 1;
    }
    return { looked, fitting };
  } finally {
    await handle.close();
  }
}

/** The salt of an index file, in hex; null when the file is too short to have one. */
export async function saltOf(file: string): Promise<string | null> {
  const handle = await fs.open(file, 'r');
  try {
    const salt = Buffer.alloc(SALT_BYTES);
    const { bytesRead } = await handle.read(salt, 0, SALT_BYTES, 0);
    return bytesRead === SALT_BYTES ? salt.toString('hex') : null;
  } finally {
    await handle.close();
  }
}
