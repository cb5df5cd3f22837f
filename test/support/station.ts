import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DoorClient, readDoorFile, startStation } from '../../main/client/index.ts';
import type { CallInput, CallName, CallOutput } from '../../shared/contract.ts';
import { PhotodockError } from '../../shared/domain/errors.ts';

const ownBuild = fileURLToPath(new URL('../../', import.meta.url));
const nodePath = fileURLToPath(new URL('../../node_modules/.bin/node', import.meta.url));

export interface TestStationOptions {
  /** What station.json says, without devices where it does not name them; null (the default) is the practice hospital, with all it has. */
  readonly config?: object | null;
  /** Default: a new temporary folder, which `stop()` removes. */
  readonly dataDir?: string;
  /** `stop()` leaves the data folder. Always so for a given `dataDir`. */
  readonly keep?: boolean;
  /** Root of another build of the station (a broken one); default is this checkout. */
  readonly build?: string;
  /** What Node is told before the program. */
  readonly nodeArguments?: readonly string[];
  /** A folder of the fault bench (fault-points.ts): the station announces its durable points there and dies where told. */
  readonly faults?: string;
}

/** The station answered a call with a code. */
export class CallRefused extends PhotodockError {}

export interface TestStation {
  readonly dataDir: string;
  /** The configuration's file, to be given to another client; null in practice. */
  readonly configFile: string | null;
  readonly client: DoorClient;
  /** Session of the last `signIn`; clear or replace it to call as somebody else. */
  session: string | undefined;
  /** Calls with `session`. @throws CallRefused with the station's code */
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  /** Calls and answers the code, or null when it went well. */
  codeOf<N extends CallName>(name: N, input: CallInput<N>): Promise<string | null>;
  /** Makes the first lead of a new data folder (not in practice), and signs them in. */
  firstLead(login?: string, password?: string): Promise<string>;
  /** Signs in and keeps the session. Costs half a second of scrypt: reuse it. */
  signIn(login?: string, password?: string): Promise<string>;
  /** Process id of the station that runs now. */
  pid(): Promise<number>;
  /** False when the process has died by itself. */
  isAlive(): Promise<boolean>;
  /** Sends a signal and waits until the process is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again (killing it first if it still runs) on the same data folder. Everybody has to sign in anew. */
  restart(): Promise<void>;
  /** Calls again and again until the answer satisfies; throws what it answered last after `timeoutMs` (default 60 s). */
  until<N extends CallName>(
    name: N,
    input: CallInput<N>,
    predicate: (value: CallOutput<N>) => boolean,
    timeoutMs?: number,
  ): Promise<CallOutput<N>>;
  stop(): Promise<void>;
}

/** Two processes less for each start of a station that no device hangs on. */
const NO_DEVICES = { usb: false, buttons: false };

export const testLead = { login: 'lead', password: 'practice-lead' } as const;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A real station process on a data folder of its own, and a client of its door. */
export async function startTestStation(options: TestStationOptions = {}): Promise<TestStation> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), 'photodock-station-')));
  const keep = options.keep ?? options.dataDir !== undefined;
  const config = options.config ? { devices: NO_DEVICES, ...options.config } : null;
  const configFile = config === null ? null : path.join(dataDir, 'station.json');
  if (configFile) await writeFile(configFile, JSON.stringify(config, null, 2), { mode: 0o600 });
  const stationMain = path.join(options.build ?? ownBuild, 'main', 'station', 'main.ts');
  const nodeArguments = [...(options.nodeArguments ?? [])];
  if (options.faults !== undefined) nodeArguments.push('--conditions=photodock-faults');
  const env = options.faults === undefined ? process.env : { ...process.env, PHOTODOCK_FAULT_FOLDER: options.faults };
  let running: number | null = null;
  const endAtExit = () => void (running !== null && isAlive(running) && process.kill(running, 'SIGKILL'));
  process.once('exit', endAtExit);

  const start = async () => {
    await startStation({ dataDir, configFile, nodePath, stationMain, nodeArguments, env, patience: 60_000 });
    running = (await readDoorFile(dataDir))?.pid ?? null;
  };
  await start();

  const client = new DoorClient(dataDir);
  const station: TestStation = {
    dataDir,
    configFile,
    client,
    session: undefined,
    async call(name, input) {
      const answer = await client.call(name, input, { session: station.session });
      if (answer.ok) return answer.value;
      throw new CallRefused(answer.code, `${name}: ${answer.code}`, { ...answer.details });
    },
    async codeOf(name, input) {
      const answer = await client.call(name, input, { session: station.session });
      return answer.ok ? null : answer.code;
    },
    async firstLead(login = testLead.login, password = testLead.password) {
      const { sessionToken } = await station.call('session.firstLead', { login, displayName: 'Test Lead', password });
      return (station.session = sessionToken);
    },
    async signIn(login = testLead.login, password = testLead.password) {
      const { sessionToken } = await station.call('session.signIn', { login, password });
      return (station.session = sessionToken);
    },
    async pid() {
      if (running === null) throw new Error('the station does not run');
      return running;
    },
    async isAlive() {
      return running !== null && isAlive(running);
    },
    async kill(signal = 'SIGKILL') {
      if (running === null) return;
      const pid = running;
      if (isAlive(pid)) process.kill(pid, signal);
      while (isAlive(pid)) await pause(20);
      running = null;
    },
    async restart() {
      await station.kill();
      station.session = undefined;
      await start();
    },
    async until(name, input, predicate, timeoutMs = 60_000) {
      const giveUpAt = Date.now() + timeoutMs;
      for (;;) {
        const value = await station.call(name, input);
        if (predicate(value)) return value;
        if (Date.now() > giveUpAt)
          throw new Error(`${name} did not get there: ${JSON.stringify(value).slice(0, 4000)}`);
        await pause(50);
      }
    },
    async stop() {
      await station.kill('SIGTERM');
      process.removeListener('exit', endAtExit);
      if (!keep) await rm(dataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return station;
}
