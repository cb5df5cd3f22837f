import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export { freePort } from '../../main/station/practice/free-port.ts';

export function tempFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `photodock-${name}-`));
}

/** True when something accepts TCP connections there. */
export function answersTcp(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false));
  });
}

/** Runs a program to its end. */
export function run(
  command: string,
  args: string[],
  options: { cwd?: string } = {},
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString() }));
  });
}

export interface ServerProcess {
  output(): string;
  /** Ends the process and waits until it is gone. */
  stop(): Promise<void>;
}

/** Starts a server and waits until `ready` says so; throws with its output when it dies first or takes longer than `withinMs`. */
export async function startServer(
  command: string,
  args: string[],
  options: { cwd: string; ready: () => Promise<boolean>; withinMs?: number },
): Promise<ServerProcess> {
  const child = spawn(command, args, { cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const keep = (chunk: Buffer): void => void (output = (output + chunk.toString()).slice(-200_000));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let ended = false;
  const gone = new Promise<void>((resolve) => {
    child.once('error', (error) => ((output += String(error)), (ended = true), resolve()));
    child.once('exit', () => ((ended = true), resolve()));
  });
  const killAtExit = (): void => void child.kill('SIGKILL');
  process.once('exit', killAtExit);
  const stop = async (): Promise<void> => {
    process.removeListener('exit', killAtExit);
    child.kill('SIGTERM');
    const hard = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await gone;
    clearTimeout(hard);
  };
  const deadline = Date.now() + (options.withinMs ?? 30_000);
  while (!(await options.ready().catch(() => false))) {
    if (ended || Date.now() > deadline) {
      await stop();
      throw new Error(`${command} did not become ready:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  if (ended) throw new Error(`${command} ended at once:\n${output}`);
  return { output: () => output, stop };
}

/** A port taken between asking and binding is the one honest reason to try again. */
export async function withRetries<T>(start: () => Promise<T>, times = 3): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start();
    } catch (error) {
      if (attempt >= times) throw error;
    }
  }
}

export function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true, maxRetries: 3 });
}
