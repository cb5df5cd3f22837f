import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdir, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { PhotodockError } from '../../shared/domain/errors.ts';
import { codeOfExit } from '../../shared/domain/start-exit.ts';
import { connectDoor } from './connect.ts';
import type { StartError } from './door-file.ts';
import { readStartError, startErrorPath } from './door-file.ts';
import { stdioOfAnother } from './foreign-descriptors.ts';

/** The station process ended, or said nothing, before its door answered. `code` is the station's own when it left one. */
export class StationNotStarted extends PhotodockError {}

export interface StartOptions {
  readonly dataDir: string;
  readonly configFile: string | null;
  /** The Node 26 binary that runs the station. */
  readonly nodePath: string;
  /** Absolute path of the station's main.ts. */
  readonly stationMain: string;
  /** What Node is told before the program: the fault bench's conditions. Nothing in production. */
  readonly nodeArguments?: readonly string[];
  /** Default: this process's own environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** How long to wait for the door, in ms. */
  readonly patience?: number;
}

const LOOK_AGAIN_MS = 50;
/** Two starters may race: the loser's process ends at once, and the winner's door opens a moment later. */
const RACE_MS = 2000;

/**
 * Starts a station that outlives us and waits until a door answers. Of two starters one loses the race and finds the other's
 * station: whoever means to end its own later compares the answer with the door file's pid.
 * @returns the process id of the station we started
 * @throws StationNotStarted
 */
export async function startStation(options: StartOptions): Promise<number | null> {
  const {
    dataDir,
    configFile,
    nodePath,
    stationMain,
    nodeArguments = [],
    env = process.env,
    patience = 30_000,
  } = options;
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // Where it cannot be removed the station will say so by its exit code, which goes before a word of old.
  await rm(startErrorPath(dataDir), { force: true }).catch(() => undefined);
  await access(dataDir, constants.R_OK | constants.X_OK).catch((cause: unknown) => {
    throw new StationNotStarted(
      'data-folder-not-ours',
      'the data folder cannot be entered by this user',
      {},
      { cause },
    );
  });
  const ended = { at: null as number | null, exit: null as number | null, error: null as Error | null };
  const another = stdioOfAnother();
  const station = spawn(
    nodePath,
    [...nodeArguments, stationMain, '--data', dataDir, ...(configFile === null ? [] : ['--config', configFile])],
    // Not our own folder as working folder: that could be a card, which then could not be unmounted.
    { detached: true, stdio: another.stdio, cwd: dataDir, env: stationEnvironment(env), windowsHide: true },
  );
  another.close();
  station.once('error', (error) => Object.assign(ended, { at: Date.now(), error }));
  station.once('exit', (exit) => Object.assign(ended, { at: ended.at ?? Date.now(), exit }));
  station.unref();

  const giveUpAt = Date.now() + patience;
  for (;;) {
    if ((await connectDoor(dataDir)) !== null) return station.pid ?? null;
    if (ended.error !== null) {
      throw new StationNotStarted('station-not-found', 'the station could not be run', {}, { cause: ended.error });
    }
    const told = ended.at === null ? null : (toldByExit(ended.exit) ?? (await readStartError(dataDir)));
    const lostRace = told === null || told.code === 'data-folder-in-use';
    if (ended.at !== null && !(lostRace && Date.now() < ended.at + RACE_MS)) {
      throw new StationNotStarted(
        told?.code ?? 'station-ended',
        told?.message ?? 'the station ended before it listened',
      );
    }
    if (Date.now() > giveUpAt)
      throw new StationNotStarted('station-silent', 'the station did not open its door in time');
    await pause(LOOK_AGAIN_MS);
  }
}

function toldByExit(exit: number | null): StartError | null {
  const code = codeOfExit(exit);
  return code === null ? null : { code, message: `the station could not start: ${code}` };
}

/** The environment without what would change how Node or Electron run: the station must be the same however it is started. */
export function stationEnvironment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const foreign = /^(ELECTRON_|CHROME_|NODE_OPTIONS$|NODE_PATH$|NODE_V8_COVERAGE$|NODE_DEBUG)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !foreign.test(name)));
}
