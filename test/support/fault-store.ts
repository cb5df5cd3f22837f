import { statSync } from 'node:fs';
import path from 'node:path';
import { Keyring } from '../../main/station/people/index.ts';
import type { Connection } from '../../main/station/store/driver.ts';
import { openConnection } from '../../main/station/store/driver.ts';
import { runSealedJob } from '../../main/station/store/sealed/jobs.ts';
import { testLead } from './station.ts';

/** The store key of a data folder, by way of the lead's password: what an auditor with that password could do too. */
export async function storeKeyOf(dataDir: string): Promise<Uint8Array> {
  const opened = await new Keyring(dataDir).unwrap(testLead.login, testLead.password);
  if (!opened) throw new Error('the keyring does not know the lead');
  return opened.storeKey;
}

/** Reads the index of a running station from beside it, in one snapshot. */
export async function inSnapshot<T>(
  dataDir: string,
  key: Uint8Array,
  read: (index: Connection) => Promise<T>,
): Promise<T> {
  const index = await openConnection(path.join(dataDir, 'index.db'), key);
  try {
    await index.exec('BEGIN');
    return await read(index);
  } finally {
    await index.close();
  }
}

/** Larger ones are not opened into memory. */
const BUFFERED_BYTES = 2 ** 28;

/** Opens a sealed file; null when it is missing or does not open. */
export function openSealed(dataDir: string, id: string, name: string, key: Uint8Array): { sha256: string } | null {
  const sealed = path.join(dataDir, 'sealed', name.slice(0, 2), name.slice(2, 4), name);
  try {
    const { size } = statSync(sealed);
    if (size < BUFFERED_BYTES) return runSealedJob({ job: 'unseal', sealed, id, key }) as { sha256: string };
    // The same, streamed: what is read beside it as the medium's file does not matter here.
    const beside = { file: sealed, root: path.dirname(sealed), size };
    const proof = runSealedJob({ job: 'prove-file', ...beside, sealed, id, key }) as { unsealedSha256: string };
    return { sha256: proof.unsealedSha256 };
  } catch {
    return null;
  }
}
