import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { UsbRig } from './rig.ts';

/** What a transaction looked like to the bare client. */
export interface Seen {
  /** Response code, when one came. */
  readonly code?: number;
  readonly parameters?: readonly number[];
  /** LIBUSB_TRANSFER_..., or `transaction` and `header` for what no client may take. */
  readonly error?: string;
  /** Bytes of the data phase, without its header. */
  readonly size: number;
  /** What its header promised, header included. */
  readonly announced?: number;
  readonly sha256: string;
  /** Hex of the first bytes of data. */
  readonly start: string;
  /** Lengths of the first reads, and how many there were. */
  readonly reads: readonly number[];
  readonly count: number;
}

export interface HostProcess {
  /** One question, one answer. */
  ask<T = Record<string, unknown>>(command: string, more?: object): Promise<T>;
  transact(code: number, parameters?: readonly number[], more?: { buffer?: number; idle?: number }): Promise<Seen>;
  /** The next event that fits, now or later. */
  event(fits: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>>;
  stop(): Promise<void>;
}

/** A process on the rig's bus that answers JSON lines: raw-client.ts (PTP), hid-client.ts (buttons). */
export async function startHost(rig: UsbRig, script: 'raw-client.ts' | 'hid-client.ts'): Promise<HostProcess> {
  const [command = '', ...prefix] = rig.launch;
  const file = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(command, [...prefix, process.execPath, '--no-warnings', file], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => (complaints = (complaints + chunk.toString()).slice(-20_000)));
  child.stdin.on('error', () => {});
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const events: Record<string, unknown>[] = [];
  const listeners: { fits: Readonly<Record<string, unknown>>; resolve: (event: Record<string, unknown>) => void }[] =
    [];
  const answers: { resolve: (answer: unknown) => void; reject: (error: Error) => void }[] = [];
  const fitsEvent = (event: Record<string, unknown>, fits: Readonly<Record<string, unknown>>) =>
    Object.entries(fits).every(([name, value]) => event[name] === value);
  const match = () => {
    for (const listener of listeners.slice()) {
      const at = events.findIndex((event) => fitsEvent(event, listener.fits));
      if (at === -1) continue;
      listeners.splice(listeners.indexOf(listener), 1);
      listener.resolve(events.splice(at, 1)[0] ?? {});
    }
  };
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line) as Record<string, unknown>;
    if ('answer' in said) {
      answers.shift()?.resolve(said['answer']);
      return;
    }
    events.push(said);
    match();
  });
  void ended.then(() => {
    for (const one of answers.splice(0)) one.reject(new Error(`${script} ended: ${complaints}`));
  });
  const host: HostProcess = {
    ask: <T>(what: string, more: object = {}) =>
      new Promise<T>((resolve, reject) => {
        answers.push({ resolve: resolve as (answer: unknown) => void, reject });
        child.stdin.write(`${JSON.stringify({ do: what, ...more })}\n`);
      }),
    transact: (code, parameters = [], more = {}) => host.ask<Seen>('transact', { code, parameters, ...more }),
    event: (fits) =>
      new Promise((resolve) => {
        listeners.push({ fits, resolve });
        match();
      }),
    async stop() {
      child.kill('SIGKILL');
      await ended;
    },
  };
  await host.event({ event: 'ready' });
  return host;
}
