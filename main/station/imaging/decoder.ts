import { spawn, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';

import { AnswerReader, type Received } from './answer-reader.ts';
import { ImagingFailedError, type ImagingFailure } from './errors.ts';
import type { Launch } from './launch.ts';
import { ANSWER_DESCRIPTOR, END, frame, GIVE_UP, type JobRequest } from './protocol.ts';

export type DecoderLimits = { timeLimit: number; memoryLimitMegabytes: number };

/** What a job reads: a name for it would be patient data, so it has none. */
export type JobInput = JobRequest & { size: number; read: () => AsyncIterable<Uint8Array> };

const START_LIMIT_MS = 30_000;
const MEMORY_CHECK_MS = 100;
/** A job nobody waits for may still end by itself for this long; starting a new process costs as much. */
const ABANDONED_GRACE_MS = 250;
/** Pipes take this much at once. */
const MOST_CHUNK = 16 * 1024 * 1024;

/**
 * One imaging process as the station sees it. It does one job at a time; when the job crashes, hangs or eats too much memory the
 * process is killed, the job is rejected, and the decoder is dead (`ended` resolves): its owner starts another one.
 */
export class Decoder {
  readonly #child: ChildProcess;
  readonly #limits: DecoderLimits;
  readonly #reader: AnswerReader;
  readonly ready: Promise<void>;
  readonly ended: Promise<void>;
  #waiting: { resolve: (received: Received) => void; reject: (error: Error) => void } | null = null;
  #killedFor: ImagingFailure | null = null;
  #hasEnded = false;
  #isAbandoned = false;
  #wake: (() => void) | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor({ command, arguments: launchArguments, environment }: Launch, limits: DecoderLimits) {
    this.#limits = limits;
    this.#child = spawn(command, launchArguments, {
      cwd: process.platform === 'win32' ? undefined : '/',
      env: environment,
      stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
      windowsHide: true,
    });
    this.#reader = new AnswerReader((received) => this.#settle(received));
    const answers = this.#child.stdio[ANSWER_DESCRIPTOR] as Readable;
    answers.on('data', (chunk: Buffer) => this.#receive(chunk));
    // Errors of the pipes are followed by the end of the process, which is what counts.
    this.#child.stdin!.on('error', () => this.kill('decoder-crashed'));
    this.#child.stdin!.on('drain', () => this.#wake?.());
    answers.on('error', () => this.kill('decoder-crashed'));
    this.ended = new Promise((resolve) => {
      const end = () => {
        if (this.#hasEnded) return;
        this.#hasEnded = true;
        this.#stopTimer();
        this.#reject(this.#endedError());
        this.#wake?.();
        resolve();
      };
      this.#child.once('close', end);
      this.#child.once('error', end);
    });
    this.#startTimer(START_LIMIT_MS);
    this.ready = this.#nextAnswer().then(() => this.#stopTimer());
    // Whoever starts the first job sees the same failure.
    this.ready.catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isAlive(): boolean {
    return !this.#hasEnded && this.#killedFor === null;
  }

  /** @throws ImagingFailedError; or what `input.read` throws */
  async run(input: JobInput): Promise<Received> {
    const answer = this.#nextAnswer();
    answer.catch(() => undefined);
    const memory = setInterval(() => void this.#checkMemory(), MEMORY_CHECK_MS);
    try {
      const failed = await Promise.race([this.#send(input), answer.then(() => null)]);
      this.#startTimer(this.#limits.timeLimit);
      const received = await answer;
      if (failed !== null) throw failed.error;
      return received;
    } finally {
      clearInterval(memory);
      this.#isAbandoned = false;
      this.#stopTimer();
    }
  }

  /** The one who asked went away: the job may end soon by itself, else it is ended. */
  abandon(): void {
    this.#startTimer(ABANDONED_GRACE_MS);
    this.#isAbandoned = true;
  }

  kill(reason: ImagingFailure): void {
    if (this.#hasEnded) return;
    this.#killedFor ??= reason;
    this.#child.kill('SIGKILL');
  }

  /** Lets an idle process end by itself. */
  dismiss(): void {
    this.#killedFor ??= 'imaging-closed';
    this.#child.stdin!.end();
  }

  /** Sends the job and its bytes. When the source fails the child is told, and the source's error comes back. */
  async #send({ read, ...request }: JobInput): Promise<{ error: unknown } | null> {
    await this.#write(frame(request));
    let sent = 0;
    try {
      for await (const chunk of read()) {
        sent += chunk.length;
        if (sent > request.size) break;
        for (let at = 0; at < chunk.length; at += MOST_CHUNK) {
          const part = chunk.subarray(at, Math.min(at + MOST_CHUNK, chunk.length));
          await this.#write(number(part.length));
          await this.#write(part);
        }
      }
      if (sent !== request.size)
        throw new ImagingFailedError('source-incomplete', 'the source has another size than it said');
    } catch (error) {
      if (this.isAlive) await this.#write(number(GIVE_UP));
      return { error };
    }
    await this.#write(number(END));
    return null;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (!this.#child.stdin!.write(bytes)) {
      // Only the child's slowness counts as hanging, never the source's.
      this.#startTimer(this.#limits.timeLimit);
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#hasEnded) resolve();
      });
      this.#wake = null;
      this.#stopTimer();
    }
    if (!this.isAlive) throw this.#endedError();
  }

  #endedError(): ImagingFailedError {
    return new ImagingFailedError(this.#killedFor ?? 'decoder-crashed', 'the imaging process ended during a job');
  }

  #nextAnswer(): Promise<Received> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  #receive(chunk: Buffer): void {
    try {
      this.#reader.push(chunk);
    } catch {
      this.kill('decoder-crashed');
    }
  }

  #settle(received: Received): void {
    if (this.#waiting === null) throw new Error('an answer to nothing');
    this.#waiting.resolve(received);
    this.#waiting = null;
  }

  #reject(error: Error): void {
    this.#waiting?.reject(error);
    this.#waiting = null;
  }

  #startTimer(duration: number): void {
    if (this.#isAbandoned) return;
    this.#stopTimer();
    this.#timer = setTimeout(() => this.kill('decoder-timeout'), duration);
  }

  #stopTimer(): void {
    if (this.#isAbandoned) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Decoders allocate outside Node's heap, so what counts is what the kernel says. Elsewhere than on Linux: the pixel limit. */
  async #checkMemory(): Promise<void> {
    if (process.platform !== 'linux' || this.#hasEnded) return;
    const status = await readFile(`/proc/${this.pid}/status`, 'latin1').catch(() => '');
    const kilobytes = Number(/^VmRSS:\s+(\d+) kB/mu.exec(status)?.[1] ?? 0);
    if (kilobytes > this.#limits.memoryLimitMegabytes * 1024) this.kill('decoder-memory');
  }
}

function number(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value, 0);
  return bytes;
}
