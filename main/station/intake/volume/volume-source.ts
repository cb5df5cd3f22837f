import { execFile } from 'node:child_process';
import type { FSWatcher } from 'node:fs';
import { watch } from 'node:fs';
import fs from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { errorCode } from '../../../../shared/domain/errors.ts';
import type { MediumFile } from '../../store/index.ts';
import { CannotDockError, ListingFailedError, SourceGoneError } from '../errors.ts';
import type { CachesForgotten, ListedFile, Listing, MediumFacts, ObjectInHand, Source } from '../source.ts';
import { connectionOf } from './connection.ts';
import { heldIn, heldObject, openFolderOf } from './held-object.ts';
import { identifyMedium } from './identity.ts';
import { listVolume } from './list-volume.ts';

const run = promisify(execFile);

/** A card, stick or folder that is mounted at a path. */
export class VolumeSource implements Source {
  readonly medium: MediumFacts;
  readonly root: string;
  readonly live = null;
  readonly #connection: string;
  readonly #watcher: FSWatcher | null;
  #unmounted = false;

  private constructor(root: string, medium: MediumFacts, connection: string) {
    this.root = root;
    this.medium = medium;
    this.#connection = connection;
    this.#watcher = this.#watchForUnmount();
  }

  /** Opens the volume at a path. @throws CannotDockError `no-such-folder` */
  static async open(folder: string): Promise<VolumeSource> {
    const root = await fs.realpath(folder).catch(() => {
      throw new CannotDockError('no-such-folder', 'there is no such folder');
    });
    const stat = await fs.stat(root);
    if (!stat.isDirectory())
      throw new CannotDockError('not-a-folder', 'only a folder or a mounted medium can be docked');
    // Asked before what it is: a card changed for another in between is noticed at the first look.
    const connection = await connectionOf(root);
    return new VolumeSource(root, await identifyMedium(root), connection);
  }

  async list(signal: AbortSignal): Promise<Listing> {
    if (!(await this.isConnected())) throw new SourceGoneError();
    const listing = await listVolume(this.root, signal).catch(async (error: unknown) => {
      if (signal.aborted) throw error;
      if (!(await this.isConnected())) throw new SourceGoneError();
      throw new ListingFailedError(errorCode(error));
    });
    // Pulled while it was listed: a half listing must never pass for the whole.
    if (!(await this.isConnected())) throw new SourceGoneError();
    return listing;
  }

  async contentOf(item: ListedFile): Promise<MediumFile> {
    return this.#fileOf(item);
  }

  #fileOf(item: ListedFile): MediumFile {
    const file = item.pathBytes
      ? new Uint8Array(Buffer.concat([Buffer.from(`${this.root}/`), item.pathBytes]))
      : path.join(this.root, item.path);
    return { file, root: this.root };
  }

  /**
   * The kernel tells once when what was mounted here goes (inotify(7), IN_UNMOUNT), however soon something else takes its
   * place: numbers of mounts and devices are given again, and a look every second or two can miss a card changed for its twin.
   * Elsewhere a watch would hold the medium open, and keep the system from ejecting it.
   */
  #watchForUnmount(): FSWatcher | null {
    if (process.platform !== 'linux') return null;
    const name = path.basename(this.root);
    try {
      const watcher = watch(this.root, { persistent: false }, (event, about) => {
        // About the root itself, not about something in it. Whoever names a file like its card docks once too often.
        if (event === 'rename' && (about === null || about === name)) this.#unmounted = true;
      });
      return watcher.on('error', () => undefined);
    } catch {
      return null;
    }
  }

  close(): void {
    this.#watcher?.close();
  }

  async isConnected(): Promise<boolean> {
    if (this.#unmounted) return false;
    const now = await connectionOf(this.root).catch(() => null);
    return now === this.#connection;
  }

  async take(item: ListedFile): Promise<ObjectInHand | null> {
    if (process.platform !== 'linux') {
      const { file } = this.#fileOf(item);
      return heldObject(this.root, Buffer.from(file), null);
    }
    const held = await openFolderOf(this.root, item).catch(async (error: unknown) => {
      throw (await this.isConnected()) ? error : new SourceGoneError();
    });
    // Asked after the folder was opened: what is held now is this medium's, whatever is put in its place later.
    if (await this.isConnected()) return held && heldIn(this.root, held.folder, held.name);
    await held?.folder.close();
    throw new SourceGoneError();
  }

  async forgetCaches(): Promise<CachesForgotten> {
    await run('sync', ['-f', this.root]).catch(() => undefined);
    // Only root may drop directory caches; an ordinary station says honestly that it only synced and listed anew.
    return fs.writeFile('/proc/sys/vm/drop_caches', '2').then(
      () => 'caches-dropped' as const,
      () => 'synced' as const,
    );
  }
}
