import { randomUUID } from 'node:crypto';

/**
 * A new DICOM UID from a random UUID: `2.25.` and the UUID as one decimal number (PS3.5 Annex B.2), at most 44 characters.
 * dcmjs' own generator draws 39 digits from Math.random, which is neither a UUID nor unguessable.
 */
export function newUid(): string {
  return `2.25.${BigInt(`0x${randomUUID().replaceAll('-', '')}`)}`;
}
