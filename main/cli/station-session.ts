import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { CallInput, CallName, CallOutput } from '../../shared/contract.ts';
import { errorCode } from '../../shared/domain/errors.ts';
import type { Places } from '../client/index.ts';
import { connectDoor, DoorClient, readDoorFile, startStation } from '../client/index.ts';
import { readCredentials } from './credentials.ts';
import { CallError, UsageError } from './errors.ts';
import type { World } from './world.ts';

const STATION_MAIN = fileURLToPath(new URL('../station/main.ts', import.meta.url));
const LOOK_AGAIN_MS = 50;
/** A station closes its store and its archive listener before it goes; then it is made to. */
const PATIENCE_MS = 60_000;
const REOPEN_TIMES = 5;
/** A station that ends without a word is tried so many times more. */
const SILENT_TIMES = 3;

/**
 * A signed-in way into the station of a data folder: the one that runs, else one started for our own duration. If that one
 * goes away under us (another command had started it and was done, or it crashed), the next one is found or started.
 */
export class StationSession {
  readonly #world: World;
  readonly #places: Places;
  readonly #client: DoorClient;
  #ownPid: number | null = null;
  #credentials: { login: string; password: string } | null = null;
  #token: string | undefined;
  #wasSignedIn = false;

  private constructor(world: World, places: Places) {
    this.#world = world;
    this.#places = places;
    this.#client = new DoorClient(places.dataDir);
  }

  /**
   * Joins or starts the station; with `signIn` also signs in, which opens the store of a station that was just started.
   * @throws StationNotStarted, UsageError `other-config`, CommandError `not-signed-in`, CallError
   */
  static async open(world: World, places: Places, { signIn }: { signIn: boolean }): Promise<StationSession> {
    const session = new StationSession(world, places);
    // Before anything is started: a station takes its time, a missing password does not.
    if (signIn) await session.credentials();
    try {
      await session.#enter();
      if (signIn) await session.signIn();
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** The station was started by us and will be ended by us. */
  get isOwn(): boolean {
    return this.#ownPid !== null;
  }

  get signal(): AbortSignal {
    return this.#world.signal;
  }

  async #enter(): Promise<void> {
    const { dataDir, configFile } = this.#places;
    this.#world.signal.throwIfAborted();
    const giveUpAt = Date.now() + PATIENCE_MS;
    let silent = 0;
    while ((await connectDoor(dataDir)) === null) {
      try {
        const started = await startStation({
          dataDir,
          configFile,
          nodePath: process.execPath,
          stationMain: STATION_MAIN,
        });
        if (started !== null && (await this.#becameStation(started))) this.#ownPid = started;
      } catch (error) {
        // Another one holds the folder: it is just ending, or just starting. Racing starters may take each other's word away.
        const code = errorCode(error);
        silent += code === 'station-ended' ? 1 : 0;
        const taken = code === 'data-folder-in-use' || (code === 'station-ended' && silent <= SILENT_TIMES);
        if (!taken || Date.now() > giveUpAt) throw error;
        this.#world.signal.throwIfAborted();
      }
    }
    if (!this.isOwn) await this.#refuseOtherConfig();
  }

  /**
   * The door that answered may be another's, about to close, and ours the next one. So its fate is waited for: it either opens
   * the door, or it ends because the folder is taken. Nothing that we started is ever left without somebody to end it.
   */
  async #becameStation(pid: number): Promise<boolean> {
    while (signalTo(pid, 0)) {
      if ((await readDoorFile(this.#places.dataDir))?.pid === pid) return true;
      await pause(LOOK_AGAIN_MS);
    }
    return false;
  }

  /** Joining a station that delivers elsewhere than the caller believes would be worse than not starting. */
  async #refuseOtherConfig(): Promise<void> {
    const { dataDir, configFile } = this.#places;
    const running = (await readDoorFile(dataDir))?.configSha256;
    if (configFile === null || running === undefined) return;
    const wanted = await readFile(configFile).catch(() => null);
    if (wanted === null) throw new UsageError(`the configuration ${configFile} cannot be read`, 'config');
    if (createHash('sha256').update(wanted).digest('hex') === running) return;
    const what = running === null ? 'as the practice hospital' : 'with another configuration';
    throw new UsageError(
      `the station that runs on ${dataDir} works ${what} than ${configFile} says now; end it first, or leave --config out`,
      'other-config',
    );
  }

  /** Who PHOTODOCK_USER names, with their password. @throws CommandError `not-signed-in` */
  async credentials(): Promise<{ login: string; password: string }> {
    this.#credentials ??= await readCredentials(this.#world);
    return this.#credentials;
  }

  async signIn(): Promise<void> {
    const credentials = await this.credentials();
    const { sessionToken } = await this.#again(() => this.#ask('session.signIn', credentials));
    this.#token = sessionToken;
    this.#wasSignedIn = true;
  }

  async #ask<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    const { signal } = this.#world;
    const answer = await this.#client.call(name, input, { session: this.#token, signal });
    signal.throwIfAborted();
    if (!answer.ok) throw new CallError(name, answer.code, answer.details);
    return answer.value;
  }

  /** Calls the station. Every call may be repeated: the station's steps are made for that. @throws CallError */
  async call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    return this.#again(() => this.#ask(name, input));
  }

  /** Calls even while we are being ended: to take back what we began. Never throws. */
  async callAtTheEnd<N extends CallName>(name: N, input: CallInput<N>): Promise<void> {
    await this.#client.call(name, input, { session: this.#token });
  }

  /** Does it; and once more with the next station when the one we spoke with is gone, or is a new one that does not know us. */
  async #again<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await work();
      } catch (error) {
        const code = error instanceof CallError ? error.code : '';
        const lost = code === 'station-unreachable' || (code === 'not-signed-in' && this.#token !== undefined);
        if (!lost || attempt > REOPEN_TIMES) throw error;
        await this.reopen();
      }
    }
  }

  /** True while a station answers. */
  async answers(): Promise<boolean> {
    return (await connectDoor(this.#places.dataDir)) !== null;
  }

  /** Finds or starts the next station, and signs in there if we were. */
  async reopen(): Promise<void> {
    this.#token = undefined;
    await this.#endOwn();
    await this.#enter();
    if (this.#wasSignedIn) await this.signIn();
  }

  /** Signs out, and ends the station if it is our own; waits until it is really gone. */
  async close(): Promise<void> {
    if (this.#token !== undefined) {
      await this.#client.call('session.signOut', {}, { session: this.#token });
      this.#token = undefined;
    }
    await this.#endOwn();
  }

  async #endOwn(): Promise<void> {
    const pid = this.#ownPid;
    if (pid === null) return;
    this.#ownPid = null;
    signalTo(pid, 'SIGTERM');
    const hardAt = Date.now() + PATIENCE_MS;
    while (signalTo(pid, 0)) {
      if (Date.now() > hardAt) signalTo(pid, 'SIGKILL');
      await pause(LOOK_AGAIN_MS);
    }
  }
}

/** Sends a signal (0 only asks whether it lives); false when there is no such process. */
function signalTo(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
