import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';

export interface FakeCall {
  readonly name: string;
  readonly input: unknown;
  readonly session: string | null;
}

export interface FakePicture {
  readonly status: number;
  readonly contentType: string;
  readonly bytes: Buffer;
}

/** A station's door with scripted answers, for tests of its clients only: it speaks the door's protocol and knows nothing. */
export class FakeDoor {
  readonly dataDir: string;
  readonly token: string = randomBytes(16).toString('hex');
  readonly calls: FakeCall[] = [];
  readonly answers = new Map<string, (input: unknown, session: string | null) => unknown>();
  readonly pictures = new Map<string, FakePicture>();
  /** Session tokens of the open event streams. */
  readonly listeners = new Map<ServerResponse, string | null>();
  readonly #server: Server;
  readonly #socket: string = join(tmpdir(), `pd-${randomBytes(6).toString('hex')}.sock`);
  #waiting: (() => void)[] = [];

  constructor(dataDir: string) {
    this.dataDir = dataDir;
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  async open(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(this.#socket, resolve));
    const run = join(this.dataDir, 'run');
    await mkdir(run, { recursive: true, mode: 0o700 });
    const door = { pid: process.pid, socket: this.#socket, token: this.token, startedAt: Date.now(), version: '0.1.0' };
    await writeFile(join(run, 'door.json'), JSON.stringify(door), { mode: 0o600 });
    await chmod(join(run, 'door.json'), 0o600);
    return this;
  }

  /** Dies like a killed station: the door file stays behind. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
    await rm(this.#socket, { force: true });
  }

  /** Sends an event to every open stream. */
  tell(name: string, payload: unknown): void {
    for (const stream of this.listeners.keys()) stream.write(`data: ${JSON.stringify({ name, payload })}\n\n`);
  }

  /** Resolves once `condition` holds, looked at after every request. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers.authorization !== `Bearer ${this.token}`) {
      response.writeHead(401).end();
    } else {
      const session = request.headers['x-photodock-session'];
      await this.#route(request, response, typeof session === 'string' ? session : null);
    }
    for (const wake of this.#waiting.splice(0)) wake();
  }

  async #route(request: IncomingMessage, response: ServerResponse, session: string | null): Promise<void> {
    const [, kind, name = '', size = ''] = (request.url ?? '').split('/');
    if (kind === 'events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(': hello\n\n');
      this.listeners.set(response, session);
      response.once('close', () => this.listeners.delete(response));
      return;
    }
    if (kind === 'picture') {
      const picture = this.pictures.get(`${name}/${size}`);
      response.writeHead(picture?.status ?? 404, {
        'content-type': picture?.contentType ?? 'text/plain',
        'content-length': picture?.bytes.length ?? 0,
      });
      response.end(picture?.bytes);
      return;
    }
    const { input } = JSON.parse(await textOf(request)) as { input: unknown };
    this.calls.push({ name, input, session });
    const answer = this.answers.get(name);
    const body = answer === undefined ? { ok: false, code: 'unknown-call' } : answer(input, session);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
