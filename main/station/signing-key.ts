import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import type { IndexStore } from './store/index.ts';

/** Loads the station's Ed25519 key from the store, or makes it; the public half lies beside as a PEM file. */
export async function openSigningKey(store: IndexStore, dataFolder: string): Promise<KeyObject> {
  const row = await store.read.get<{ value: Uint8Array }>("SELECT value FROM setting WHERE name = 'certificate-key'");
  let key: KeyObject;
  if (row) {
    key = createPrivateKey({ key: Buffer.from(row.value), type: 'pkcs8', format: 'der' });
  } else {
    key = generateKeyPairSync('ed25519').privateKey;
    const der = key.export({ type: 'pkcs8', format: 'der' });
    await store.write((tx) => tx.run("INSERT INTO setting (name, value) VALUES ('certificate-key', ?)", [der]));
  }
  const pem = createPublicKey(key).export({ type: 'spki', format: 'pem' });
  await fs.writeFile(path.join(dataFolder, 'certificate-key.pem'), pem, { mode: 0o644 });
  return key;
}
