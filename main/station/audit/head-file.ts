import type { KeyObject } from 'node:crypto';
import { createPublicKey, sign, verify } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { passing } from '#durable';

/** The last line of the chain that somebody vouches for. */
export interface AuditHead {
  readonly line: number;
  readonly hash: string;
}

const FORMAT = 'photodock-audit-head/1';
const HeadFile = z.object({
  format: z.literal(FORMAT),
  line: z.number().int().positive(),
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  publicKey: z.string(),
  signature: z.string(),
});

const told = ({ line, hash }: AuditHead) => Buffer.from(`${FORMAT}\n${line}\n${hash}`);

/** Base64 DER of the public half of a key. */
export const publicKeyOf = (key: KeyObject): string =>
  (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' }).toString('base64');

/** Signs a head with the station's Ed25519 key (RFC 8032), base64. */
export const signHead = (head: AuditHead, key: KeyObject): string => sign(null, told(head), key).toString('base64');

export function isSigned(head: AuditHead, signature: string, key: KeyObject): boolean {
  return verify(null, told(head), createPublicKey(key), Buffer.from(signature, 'base64'));
}

const fileOf = (dataFolder: string) => path.join(dataFolder, 'audit-head.json');

/** The head beside the index: who puts an older index in its place has to forge this one, too. */
export async function readHeadFile(
  dataFolder: string,
  key: KeyObject,
): Promise<AuditHead | 'missing' | 'unreadable' | 'other-key'> {
  const text = await fs.readFile(fileOf(dataFolder), 'utf8').catch((error: NodeJS.ErrnoException) => error);
  if (typeof text !== 'string') return text.code === 'ENOENT' ? 'missing' : 'unreadable';
  let content: z.output<typeof HeadFile>;
  try {
    content = HeadFile.parse(JSON.parse(text));
  } catch {
    return 'unreadable';
  }
  if (content.publicKey !== publicKeyOf(key)) return 'other-key';
  const { line, hash, signature } = content;
  return isSigned({ line, hash }, signature, key) ? { line, hash } : 'unreadable';
}

/** Writes the head beside the index, whole or not at all. */
export async function writeHeadFile(dataFolder: string, head: AuditHead, key: KeyObject): Promise<void> {
  const content = { format: FORMAT, ...head, publicKey: publicKeyOf(key), signature: signHead(head, key) };
  const file = fileOf(dataFolder);
  const handle = await fs.open(`${file}.part`, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(content, null, 1)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  passing('audit head synced, not renamed');
  await fs.rename(`${file}.part`, file);
  passing('audit head renamed');
}
