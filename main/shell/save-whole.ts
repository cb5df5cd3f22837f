import { open, rename, rm } from 'node:fs/promises';

/**
 * Saves a file where a person wants it: whole, or not at all. Nobody finds half a certificate, neither while it is written nor after the
 * machine went down.
 * @throws the operating system's error, when the place cannot be written
 */
export async function saveWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.part`;
  try {
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
