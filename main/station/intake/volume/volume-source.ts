import { execFile } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { passing } from '#durable';
import type { MediumFile } from '../../store/index.ts';
import { CannotDockError, EraseRefusedError, SourceGoneError } from '../errors.ts';
import type { ItemPath, Listing, MediumFacts, Source } from '../source.ts';
import { identifyMedium } from './identity.ts';
import { listVolume } from './list-volume.ts';

const run = promisify(execFile);

/** A card, stick or folder that is mounted at a path. */
export class VolumeSource implements Source {
  readonly medium: MediumFacts;
  readonly root: string;

  private constructor(root: string, medium: MediumFacts) {
    this.root = root;
    this.medium = medium;
  }

  /** Opens the volume at a path. @throws CannotDockError `no-such-folder` */
  static async open(folder: string): Promise<VolumeSource> {
    const root = await fs.realpath(folder).catch(() => {
      throw new CannotDockError('no-such-folder', 'there is no such folder');
    });
    const stat = await fs.stat(root);
    if (!stat.isDirectory())
      throw new CannotDockError('not-a-folder', 'only a folder or a mounted medium can be docked');
    return new VolumeSource(root, await identifyMedium(root));
  }

  async list(signal: AbortSignal): Promise<Listing> {
    if (!(await this.isConnected())) throw new SourceGoneError();
    const listing = await listVolume(this.root, signal).catch((error: unknown) => {
      if (signal.aborted) throw error;
      throw new SourceGoneError();
    });
    // Pulled while it was listed: a half listing must never pass for the whole.
    if (!(await this.isConnected())) throw new SourceGoneError();
    return listing;
  }

  fileOf(item: ItemPath): MediumFile {
    const file = item.pathBytes
      ? new Uint8Array(Buffer.concat([Buffer.from(`${this.root}/`), item.pathBytes]))
      : path.join(this.root, item.path);
    return { file, root: this.root };
  }

  async isConnected(): Promise<boolean> {
    const now = await identifyMedium(this.root).catch(() => null);
    return now?.identity === this.medium.identity;
  }

  async erase(item: ItemPath): Promise<void> {
    const { file } = this.fileOf(item);
    const target = typeof file === 'string' ? file : Buffer.from(file);
    passing('before unlink');
    await fs.unlink(target).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return;
      throw new EraseRefusedError(error.code ?? 'unknown');
    });
    passing('unlinked');
  }

  async forgetCaches(): Promise<'caches-dropped' | 'synced'> {
    await run('sync', ['-f', this.root]).catch(() => undefined);
    // Only root may drop directory caches; an ordinary station says honestly that it only synced and listed anew.
    return fs.writeFile('/proc/sys/vm/drop_caches', '2').then(
      () => 'caches-dropped' as const,
      () => 'synced' as const,
    );
  }
}
