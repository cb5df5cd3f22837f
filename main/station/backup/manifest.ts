import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { BackupError } from './errors.ts';

/**
 * What one generation of a backup is made of. The file has two lines: the facts as JSON, and the HMAC-SHA256 of that very line
 * under a key derived from the store key. It is written last: a generation without it does not exist.
 */
const FileFacts = z.object({ bytes: z.number(), sha256: z.string() });
const ManifestSchema = z.object({
  format: z.literal('photodock-backup/1'),
  storeId: z.string(),
  number: z.number().int().positive(),
  madeAt: z.number(),
  version: z.string(),
  stationName: z.string(),
  practice: z.boolean(),
  index: FileFacts.extend({ auditLines: z.number(), auditHead: z.string() }),
  keys: FileFacts,
  config: FileFacts.nullable(),
  certificateKey: FileFacts.nullable(),
  /** Name and bytes of every sealed file that this generation needs. */
  sealed: z.array(z.tuple([z.string().regex(/^[0-9a-f]{32}$/), z.number()])),
  /** Names that the index knows and of which there was no sound file, neither in the station nor in the backup. */
  unsound: z.array(z.string()),
});
export type Manifest = z.output<typeof ManifestSchema>;

export const MANIFEST_FILE = 'manifest.jsonl';

const derive = (storeKey: Uint8Array, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', storeKey, Buffer.alloc(0), `photodock backup ${purpose}`, 32));

/** Says whose backup it is without saying anything of the key. */
export function storeIdOf(storeKey: Uint8Array): string {
  return derive(storeKey, 'store id').toString('hex').slice(0, 32);
}

function macOf(storeKey: Uint8Array, line: string): Buffer {
  return createHmac('sha256', derive(storeKey, 'manifest')).update(line).digest();
}

export function writeManifest(manifest: Manifest, storeKey: Uint8Array): string {
  const line = JSON.stringify(manifest);
  return `${line}\n${JSON.stringify({ hmacSha256: macOf(storeKey, line).toString('hex') })}\n`;
}

/**
 * Reads the manifest of a generation. Without the key its facts are as good as the disk they lie on; with it they are known to
 * be what the station wrote.
 * @throws BackupError `backup-damaged`, `backup-too-new`
 */
export async function readManifest(generation: string, storeKey: Uint8Array | null): Promise<Manifest> {
  const damaged = new BackupError('backup-damaged', 'the manifest of a generation is damaged or was changed', {
    generation: path.basename(generation),
  });
  const text = await fs.readFile(path.join(generation, MANIFEST_FILE), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw damaged;
    throw error;
  });
  const [line = '', seal = ''] = text.split('\n');
  let facts: unknown;
  let mac: unknown;
  try {
    facts = JSON.parse(line);
    mac = (JSON.parse(seal) as { hmacSha256?: unknown }).hmacSha256;
  } catch {
    throw damaged;
  }
  const format = (facts as { format?: unknown } | null)?.format;
  if (typeof format === 'string' && /^photodock-backup\/\d+$/.test(format) && format !== 'photodock-backup/1') {
    throw new BackupError('backup-too-new', 'the backup was made by a newer Photodock: install that one');
  }
  const manifest = ManifestSchema.safeParse(facts);
  if (!manifest.success || typeof mac !== 'string') throw damaged;
  if (storeKey !== null) {
    const given = Buffer.from(mac, 'hex');
    const expected = macOf(storeKey, line);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw damaged;
  }
  return manifest.data;
}
