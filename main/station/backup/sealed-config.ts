import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { BackupError } from './errors.ts';

/** The configuration names machines of the hospital: in a backup it lies encrypted, under a key of each generation's own. */
const keyOf = (storeKey: Uint8Array, generation: string): Buffer =>
  Buffer.from(hkdfSync('sha256', storeKey, Buffer.from(generation), 'photodock backup configuration', 32));

/** nonce (12) | ciphertext | tag (16), AES-256-GCM. */
export function sealConfig(storeKey: Uint8Array, generation: string, text: Uint8Array): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', keyOf(storeKey, generation), nonce);
  return Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()]);
}

/** @throws BackupError `backup-damaged` */
export function openConfig(storeKey: Uint8Array, generation: string, sealed: Buffer): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(storeKey, generation), sealed.subarray(0, 12));
    decipher.setAuthTag(sealed.subarray(sealed.length - 16));
    return Buffer.concat([decipher.update(sealed.subarray(12, sealed.length - 16)), decipher.final()]);
  } catch {
    throw new BackupError('backup-damaged', 'the configuration in the backup does not open', { generation });
  }
}
