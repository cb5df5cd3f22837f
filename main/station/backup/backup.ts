import fs from 'node:fs/promises';
import path from 'node:path';
import { within } from '#durable';
import type { BackupView } from '../../../shared/contract.ts';
import { errorCode, PhotodockError } from '../../../shared/domain/errors.ts';
import { appendAudit } from '../audit/index.ts';
import type { SignedIn } from '../people/index.ts';
import { BackupError, targetError } from './errors.ts';
import { readMark } from './folder.ts';
import { readLastBackup, rememberBackup } from './last-backup.ts';
import type { BackupProgress, BackupResult, BackupSource } from './make-backup.ts';
import { makeBackup } from './make-backup.ts';
import { storeIdOf } from './manifest.ts';

export interface BackupOptions extends BackupSource {
  /** Roots of the media that are docked now: a card is no place for a backup. */
  readonly mediaRoots: () => readonly string[];
  readonly onEnd: (code: string | null) => void;
}

interface Run {
  readonly abort: AbortController;
  readonly progress: BackupProgress;
  readonly startedAt: number;
  endedAt: number | null;
  state: BackupView['state'];
  error: unknown;
  result: BackupResult | null;
  ended: Promise<void>;
}

class BackupCancelled extends PhotodockError {
  constructor() {
    super('backup-cancelled', 'the backup was cancelled; former generations are as they were');
  }
}

const isWithin = (inner: string, outer: string) => `${inner}/`.startsWith(`${outer === '/' ? '' : outer}/`);

/** Backups of this store, one at a time, while the station works on. */
export class Backup {
  readonly #options: BackupOptions;
  #run: Run | null = null;

  constructor(options: BackupOptions) {
    this.#options = options;
  }

  /**
   * Begins a backup, after looking at its folder.
   * @throws BackupError `backup-running`, `not-a-backup`, `other-store-backup`, `own-data-folder`, `backup-on-medium`,
   *   `backup-gone`, `no-such-folder`, `not-a-folder`, `backup-folder`
   */
  async start(
    input: { folder: string; keep: number; verify: boolean; begin: boolean },
    person: SignedIn,
  ): Promise<BackupView> {
    if (this.#run?.state === 'running') throw new BackupError('backup-running', 'a backup is being made already');
    const progress: BackupProgress = { phase: 'index', filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0 };
    const run: Run = {
      abort: new AbortController(),
      progress,
      startedAt: Date.now(),
      endedAt: null,
      state: 'running',
      error: null,
      result: null,
      ended: Promise.resolve(),
    };
    const before = this.#run;
    // From here on nobody else begins one; a folder that is refused leaves what was told of the last one.
    this.#run = run;
    let folder: string;
    try {
      folder = await this.#folderFor(input.folder, input.begin);
    } catch (error) {
      this.#run = before;
      throw targetError(error);
    }
    run.ended = within('backup', () => this.#make(run, { ...input, folder }, person));
    return viewOf(run);
  }

  async #folderFor(asked: string, begin: boolean): Promise<string> {
    const { dataFolder, storeKey, store, mediaRoots } = this.#options;
    if (!path.isAbsolute(asked))
      throw new BackupError('no-such-folder', 'the folder of a backup is named by its whole path');
    const parent = await fs.realpath(path.dirname(asked)).catch(() => null);
    if (parent === null)
      throw new BackupError('no-such-folder', 'the folder in which the backup shall lie does not exist');
    const planned = await fs.realpath(asked).catch(() => path.join(parent, path.basename(asked)));
    if (isWithin(planned, dataFolder) || isWithin(dataFolder, planned)) {
      throw new BackupError('own-data-folder', 'the backup and the data folder must not lie inside each other');
    }
    if (mediaRoots().some((root) => isWithin(planned, root) || isWithin(root, planned))) {
      throw new BackupError('backup-on-medium', 'this is a card or camera that is docked');
    }
    const found = await fs.stat(planned).catch(() => null);
    if (found && !found.isDirectory()) throw new BackupError('not-a-folder', 'the place of the backup is a file');
    const mark = found ? await readMark(planned) : null;
    if (mark && mark.storeId !== storeIdOf(storeKey)) {
      throw new BackupError('other-store-backup', 'the folder holds the backup of another station', {
        station: mark.stationName,
      });
    }
    const known = await readLastBackup(store.read);
    if (mark === null && !begin && known?.folders.includes(planned)) {
      // A disk that is not mounted leaves an empty folder behind: filling that would be a backup on the station's own disk.
      throw new BackupError('backup-gone', 'the backup that was made here before is not here now');
    }
    if (!found) await fs.mkdir(planned, { mode: 0o700 });
    return planned;
  }

  async #make(run: Run, input: { folder: string; keep: number; verify: boolean }, person: SignedIn): Promise<void> {
    const { store, onEnd } = this.#options;
    try {
      const result = await makeBackup(this.#options, input, run.progress, run.abort.signal);
      await store.write(async (tx) => {
        await rememberBackup(tx, { at: Date.now(), generation: result.generation, folder: input.folder });
        await appendAudit(tx, {
          person: person.personId,
          action: 'backed-up',
          subject: result.generation,
          facts: {
            files: result.files,
            copied: result.copied,
            verified: result.verified,
            unsound: result.unsound.length,
            generations: result.generations,
          },
        });
      });
      run.result = result;
      run.state = 'done';
    } catch (error) {
      run.error = error;
      run.state = run.abort.signal.aborted ? 'cancelled' : 'failed';
    }
    run.endedAt = Date.now();
    onEnd(run.state === 'failed' ? errorCode(run.error) : null);
  }

  /** How far the backup is, or how the last one since the station's start ended. */
  state(): BackupView | null {
    return this.#run && viewOf(this.#run);
  }

  /** Stops a running backup; what it copied so far is not copied again by the next one. */
  async cancel(person: SignedIn): Promise<void> {
    const run = this.#run;
    if (run?.state !== 'running') return;
    run.abort.abort(new BackupCancelled());
    await run.ended;
    await this.#options.store.write((tx) =>
      appendAudit(tx, { person: person.personId, action: 'backup-cancelled', subject: 'backup' }),
    );
  }

  async close(): Promise<void> {
    this.#run?.abort.abort(new BackupCancelled());
    await this.#run?.ended;
  }
}

function viewOf(run: Run): BackupView {
  const { error, result, state, startedAt, endedAt, progress } = run;
  return {
    state,
    ...progress,
    startedAt,
    endedAt,
    code: state === 'failed' ? errorCode(error) : null,
    details: error instanceof PhotodockError ? { ...error.details } : {},
    result: result && {
      ...result,
      unsound: result.unsound.map(({ id, code }) => ({ id, code })),
      damagedGenerations: [...result.damagedGenerations],
    },
  };
}
