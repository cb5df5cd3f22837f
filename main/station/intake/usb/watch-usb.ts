import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { UsbFacts, UsbReport } from './facts.ts';
import { launchOf, type LaunchOptions } from './launch.ts';

const WATCH_MAIN = fileURLToPath(new URL('process/watch-main.ts', import.meta.url));
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** It says every two seconds that it is alive; a machine under load may take its time. */
const SILENT_MS = 30_000;
/** A process that lived this long was well: the next pause is the first again. */
const WELL_AFTER_MS = 60_000;

export interface UsbWatchOptions extends LaunchOptions {
  readonly onAppear: (facts: UsbFacts) => void;
  readonly onVanish: (key: string) => void;
  /** The watching process ended: `usb-watch-ended`; another is started by and by. */
  readonly onFailure: (code: string) => void;
}

export interface UsbWatch {
  /** Resolves when what was plugged at the start has been told. */
  readonly listed: Promise<void>;
  /** What is plugged now. */
  plugged(): readonly UsbFacts[];
  close(): Promise<void>;
}

/**
 * Tells of every PTP and MTP device that is plugged and unplugged, from a process of its own, that is started anew when it ends. On a machine
 * without USB nothing is ever told.
 */
export function watchUsb(options: UsbWatchOptions): UsbWatch {
  const known = new Map<string, UsbFacts>();
  const firstListed = Promise.withResolvers<void>();
  let child: ChildProcessWithoutNullStreams | null = null;
  let ended: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  let pause = FIRST_PAUSE_MS;
  let isClosed = false;

  function take(report: UsbReport, seen: Set<string>): void {
    if (report.what === 'appeared') {
      const { facts } = report;
      seen.add(facts.key);
      const before = known.get(facts.key);
      if (before && isSame(before, facts)) return;
      if (before) vanish(facts.key);
      known.set(facts.key, facts);
      options.onAppear(facts);
    } else if (report.what === 'vanished') {
      seen.delete(report.key);
      vanish(report.key);
    } else if (report.what === 'listed') {
      // What a former process told and this one does not find went while nobody looked.
      for (const key of known.keys()) if (!seen.has(key)) vanish(key);
      firstListed.resolve();
    }
  }

  function vanish(key: string): void {
    if (known.delete(key)) options.onVanish(key);
  }

  function start(): void {
    timer = null;
    const begunAt = performance.now();
    const seen = new Set<string>();
    const { command, arguments: launchArguments, environment } = launchOf(WATCH_MAIN, [], options);
    const watching = spawn(command, launchArguments, { cwd: '/', env: environment, stdio: 'pipe', windowsHide: true });
    child = watching;
    watching.stderr.resume();
    let silent = setTimeout(() => watching.kill('SIGKILL'), SILENT_MS);
    watching.stdin.on('error', () => undefined);
    createInterface({ input: watching.stdout }).on('line', (line) => {
      if (isClosed || child !== watching) return;
      clearTimeout(silent);
      silent = setTimeout(() => watching.kill('SIGKILL'), SILENT_MS);
      let report: UsbReport;
      try {
        report = JSON.parse(line) as UsbReport;
      } catch {
        return;
      }
      take(report, seen);
    });
    ended = new Promise((resolve) => {
      const end = () => {
        clearTimeout(silent);
        resolve();
        if (child !== watching) return;
        child = null;
        if (isClosed) return;
        if (performance.now() - begunAt > WELL_AFTER_MS) pause = FIRST_PAUSE_MS;
        options.onFailure('usb-watch-ended');
        timer = setTimeout(start, pause);
        pause = Math.min(LONGEST_PAUSE_MS, 2 * pause);
      };
      watching.once('close', end);
      watching.once('error', end);
    });
  }

  start();
  return {
    listed: firstListed.promise,
    plugged: () => [...known.values()],
    async close() {
      isClosed = true;
      if (timer) clearTimeout(timer);
      firstListed.resolve();
      child?.kill('SIGKILL');
      await ended;
    },
  };
}

/** The very same plug, told by another process. */
function isSame(one: UsbFacts, other: UsbFacts): boolean {
  return one.address === other.address && one.vendorId === other.vendorId && one.productId === other.productId;
}
