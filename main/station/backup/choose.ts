import fs from 'node:fs/promises';
import path from 'node:path';
import type { SignedIn } from '../people/index.ts';
import { Keyring, may } from '../people/index.ts';
import type { Connection } from '../store/index.ts';
import { hashFile } from './durable-files.ts';
import { BackupError } from './errors.ts';
import type { Generation } from './folder.ts';
import { listGenerations, readMark } from './folder.ts';
import type { Manifest } from './manifest.ts';
import { readManifest, storeIdOf } from './manifest.ts';

/** A generation whose manifest is what the station wrote, and the key that opens it. */
export interface OpenedGeneration {
  readonly name: string;
  readonly folder: string;
  readonly manifest: Manifest;
  readonly storeKey: Uint8Array;
  readonly personId: string;
}

/**
 * The generations of a backup, newest first.
 * @throws BackupError `no-such-folder`, `not-a-backup`, `no-such-generation`
 */
export async function generationsIn(backup: string): Promise<Generation[]> {
  const found = await fs.stat(backup).catch(() => null);
  if (!found?.isDirectory()) throw new BackupError('no-such-folder', 'there is no such folder');
  if ((await readMark(backup)) === null) throw new BackupError('not-a-backup', 'the folder is empty');
  const all = await listGenerations(backup);
  if (all.length === 0) throw new BackupError('no-such-generation', 'no backup was ever finished in this folder');
  return all;
}

/**
 * Opens a generation with the password of a person of that time.
 * @param wanted its name or the beginning of it; null for the newest
 * @throws BackupError `no-such-generation`, `backup-damaged`, `backup-too-new`, `wrong-password`
 */
export async function openGeneration(
  backup: string,
  wanted: string | null,
  person: { login: string; password: string },
): Promise<OpenedGeneration> {
  const all = await generationsIn(backup);
  const chosen = wanted === null ? all[0] : all.find(({ name }) => name.startsWith(wanted));
  if (!chosen) throw new BackupError('no-such-generation', 'the backup holds no such generation');
  const { name, folder } = chosen;
  const older = all.find((one) => one.number < chosen.number && one.manifest !== null);
  const damaged = (what: string) =>
    new BackupError('backup-damaged', `generation ${name} of the backup is damaged (${what})`, {
      generation: name,
      older: older?.name ?? null,
    });
  if (chosen.manifest === null) {
    await readManifest(folder, null).catch((error: unknown) => {
      throw error instanceof BackupError && error.code === 'backup-too-new' ? error : damaged('manifest');
    });
  }
  const opened = await new Keyring(folder).unwrap(person.login.trim().toLowerCase(), person.password).catch(() => {
    throw damaged('keys.json');
  });
  if (!opened) throw new BackupError('wrong-password', 'login or password is not one of the time of this backup');
  const { storeKey, personId } = opened;
  const manifest = await readManifest(folder, storeKey).catch(() => {
    throw damaged('manifest');
  });
  if (manifest.storeId !== storeIdOf(storeKey)) throw damaged('manifest of another store');
  for (const [file, facts] of [
    ['index.db', manifest.index],
    ['keys.json', manifest.keys],
    ['station.json.sealed', manifest.config],
    ['certificate-key.pem', manifest.certificateKey],
  ] as const) {
    if (facts === null) continue;
    const found = await hashFile(path.join(folder, file)).catch(() => null);
    if (found?.sha256 !== facts.sha256) throw damaged(file);
  }
  return { name, folder, manifest, storeKey, personId };
}

/** A backup holds everything: only who may make one may bring one back. @throws BackupError `not-allowed` */
export async function demandLead(index: Pick<Connection, 'get'>, personId: string, login: string): Promise<void> {
  const row = await index.get<{ role: SignedIn['role']; display_name: string; disabled: number }>(
    'SELECT role, display_name, disabled FROM person WHERE id = ?',
    [personId],
  );
  const person = row && { personId, login, displayName: row.display_name, role: row.role };
  if (!person || row.disabled === 1 || !may(person, 'back-up')) {
    throw new BackupError('not-allowed', 'only a lead may bring a backup back');
  }
}
