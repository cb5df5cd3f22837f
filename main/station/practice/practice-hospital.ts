import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { extname } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { PhotodockError } from '../../../shared/domain/errors.ts';
import { freePort } from './free-port.ts';

export interface PracticeHospital {
  readonly aet: string;
  readonly dicomPort: number;
  readonly httpPort: number;
  readonly dicomWebUrl: string;
  /** The station as the hospital knows it: listen there for reports and instances sent back. */
  readonly stationAet: string;
  readonly stationPort: number;
  /** Process id of the hospital as it runs now. */
  readonly pid: () => number | undefined;
  stop(): Promise<void>;
}

export interface PracticeOptions {
  /** Default `PHOTODOCK`. */
  readonly stationAet?: string;
  /** Default: a port that was free a moment ago. */
  readonly stationPort?: number;
  /** The process entry, where the program is bundled. */
  readonly entry?: string;
}

/** The practice hospital's process did not start. */
export class PracticeUnavailableError extends PhotodockError {
  constructor(exitCode: number | null) {
    super('practice-unavailable', 'the practice hospital did not start', { exitCode });
  }
}

type Child = ChildProcessByStdio<Writable, Readable, null>;
type Whereabouts = Pick<PracticeHospital, 'aet' | 'dicomPort' | 'httpPort' | 'dicomWebUrl'>;

const longestPauseMs = 5_000;

/**
 * Starts the practice hospital in a process of its own and keeps it running on the same ports until `stop()`; what it
 * was sent stays in `folder`. It ends with this process, however that ends.
 * @throws PracticeUnavailableError
 */
export async function startPractice(folder: string, options: PracticeOptions = {}): Promise<PracticeHospital> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const entry = options.entry ?? fileURLToPath(new URL(`./main${extname(import.meta.url)}`, import.meta.url));
  const stationAet = options.stationAet ?? 'PHOTODOCK';
  const stationPort = options.stationPort ?? (await freePort());
  const launch = (dicomPort: number, httpPort: number): Child =>
    spawn(
      process.execPath,
      [
        entry,
        `--folder=${folder}`,
        `--dicom-port=${dicomPort}`,
        `--http-port=${httpPort}`,
        `--station-aet=${stationAet}`,
        `--station-port=${stationPort}`,
      ],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
  let child = launch(0, 0);
  const found = await whereabouts(child);
  let stopping = false;
  let restart: NodeJS.Timeout | undefined;
  const supervise = (one: Child, pauseMs: number): void => {
    const startedAt = Date.now();
    one.stdin.on('error', () => undefined);
    one.once('exit', () => {
      if (stopping) return;
      // A hospital that ran for a while may come back at once; one that dies at start is asked less and less often.
      const pause = Date.now() - startedAt > 10_000 ? 0 : pauseMs;
      restart = setTimeout(() => {
        child = launch(found.dicomPort, found.httpPort);
        child.stdout.resume();
        supervise(child, Math.min(pause * 2 + 100, longestPauseMs));
      }, pause);
    });
  };
  supervise(child, 0);
  return {
    ...found,
    stationAet,
    stationPort,
    pid: () => (child.exitCode === null && child.signalCode === null ? child.pid : undefined),
    stop: async () => {
      stopping = true;
      clearTimeout(restart);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.stdin.end();
      await gone;
    },
  };
}

/** Reads the line in which a starting hospital says where it listens. */
function whereabouts(child: Child): Promise<Whereabouts> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.once('error', () => reject(new PracticeUnavailableError(null)));
    child.once('exit', (code) => reject(new PracticeUnavailableError(code)));
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) resolve(JSON.parse(text.slice(0, text.indexOf('\n'))) as Whereabouts);
    });
  });
}
