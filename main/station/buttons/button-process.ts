import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { deviceLaunch } from '../device-process.ts';
import type { LaunchOptions } from '../device-process.ts';
import { MOST_LINE } from './limits.ts';
import { Told } from './protocol.ts';
import type { Asked, DeviceFacts } from './protocol.ts';

const SCRIPT = path.join(import.meta.dirname, 'process', 'main.ts');
const READABLE = {
  // With the star: a folder that does not exist yet would be taken for a file.
  places: [import.meta.dirname, '/dev/input/*'],
  packages: ['node-hid', 'pkg-prebuilds'],
};
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 60_000;
/** A process that lived this long was well: the next pause is the first again. */
const WELL_AFTER_MS = 60_000;
/** Where Linux shows what could be listened to. Nothing in there: no process is needed yet. */
const LINUX_CLASSES = ['/sys/class/hidraw', '/sys/class/input'];
const NOTHING_THERE_MS = 1000;

export interface ButtonProcessOptions extends LaunchOptions {
  /** What is plugged, the ids of what is being read, and whether everything was to be read; after a change. */
  readonly onDevices: (devices: readonly DeviceFacts[], reading: ReadonlySet<number>, everything: boolean) => void;
  readonly onReport: (id: number, report: Uint8Array, at: number) => void;
  /** The process ended; another is started by and by. */
  readonly onFailure: (code: string) => void;
}

/**
 * The process that reads pedals, buttons and scanners, as the station sees it: started when the machine has something to listen to, started
 * anew when it ends, asked again what it was asked before.
 */
export class ButtonProcess {
  readonly #options: ButtonProcessOptions;
  #asked: Asked = { wanted: [], everything: false };
  #child: ChildProcessWithoutNullStreams | null = null;
  #ended: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #pause = FIRST_PAUSE_MS;
  #isClosed = false;

  constructor(options: ButtonProcessOptions) {
    this.#options = options;
    this.#start();
  }

  /** Process id while it runs: what a test kills. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  /** Reads these from now on, and nothing else but scanners. */
  ask(asked: Asked): void {
    this.#asked = asked;
    this.#send();
  }

  #send(): void {
    this.#child?.stdin.write(`${JSON.stringify(this.#asked)}\n`);
  }

  #start(): void {
    this.#timer = null;
    if (this.#options.launch.length === 0 && isNothingThere()) {
      this.#timer = setTimeout(() => this.#start(), NOTHING_THERE_MS);
      return;
    }
    const begunAt = performance.now();
    const { command, arguments: launchArguments, environment } = deviceLaunch(SCRIPT, [], READABLE, this.#options);
    const child = spawn(command, launchArguments, { cwd: '/', env: environment, stdio: 'pipe', windowsHide: true });
    this.#child = child;
    child.stderr.resume();
    child.stdin.on('error', () => undefined);
    child.stdout.setEncoding('utf8');
    let pending = '';
    child.stdout.on('data', (text: string) => {
      const lines = (pending + text).split('\n');
      pending = lines.pop() ?? '';
      for (const line of lines) if (this.#child === child) this.#take(line);
      // It speaks in short lines: what does not is no process of ours any more.
      if (pending.length > MOST_LINE) child.kill('SIGKILL');
    });
    this.#ended = new Promise((resolve) => {
      const end = () => {
        resolve();
        if (this.#child !== child) return;
        this.#child = null;
        if (this.#isClosed) return;
        this.#options.onDevices([], new Set(), false);
        this.#options.onFailure('buttons-process-ended');
        if (performance.now() - begunAt > WELL_AFTER_MS) this.#pause = FIRST_PAUSE_MS;
        this.#timer = setTimeout(() => this.#start(), this.#pause);
        this.#pause = Math.min(LONGEST_PAUSE_MS, 2 * this.#pause);
      };
      child.once('close', end);
      child.once('error', end);
    });
    this.#send();
  }

  #take(line: string): void {
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      return;
    }
    const told = Told.safeParse(value);
    if (!told.success) return;
    if (told.data.what === 'devices')
      this.#options.onDevices(told.data.devices, new Set(told.data.reading), told.data.everything);
    else this.#options.onReport(told.data.id, Buffer.from(told.data.hex, 'hex'), told.data.at);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer) clearTimeout(this.#timer);
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }
}

function isNothingThere(): boolean {
  if (process.platform !== 'linux') return false;
  return LINUX_CLASSES.every((folder) => !existsSync(folder) || readdirSync(folder).length === 0);
}
