import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from './errors.ts';

/** Writes a whole file or nothing: beside it, flushed, then renamed over it. @throws UsageError `cannot-write-file` */
export async function writeAtomically(file: string, text: string): Promise<void> {
  const part = join(dirname(file), `.${randomUUID()}.part`);
  try {
    const handle = await open(part, 'wx');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined);
    throw new UsageError(
      `${file} cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      'cannot-write-file',
    );
  }
}
