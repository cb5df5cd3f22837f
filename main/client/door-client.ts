import type { IncomingMessage } from 'node:http';
import type { CallInput, CallName, CallResult, StationEvent } from '../../shared/contract.ts';
import type { FrameAnswer, FrameFacts } from '../../shared/contract/capture.ts';
import { askDoor } from './door-request.ts';
import { followEvents } from './follow-events.ts';
import type { DoorState } from './follow-events.ts';

export type PictureSize = 'thumb' | 'screen' | 'full';

/** A picture on its way out of the station. `status` is HTTP's: 200, or 401, 403, 404, 415, 423 (locked). */
export interface Picture {
  readonly status: number;
  readonly contentType: string | null;
  readonly contentLength: number | null;
  readonly body: IncomingMessage;
}

export interface CallOptions {
  /** Session token of the signed-in person. */
  readonly session?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface EventOptions {
  readonly session?: string | undefined;
  readonly onState?: ((state: DoorState) => void) | undefined;
}

/** A client of the station's door, the same for window and command line. It finds a restarted station by itself. */
export class DoorClient {
  readonly dataDir: string;

  constructor(dataDir: string) {
    this.dataDir = dataDir;
  }

  /** Calls the station. Never throws: no answer is `station-unreachable`, an aborted call is `cancelled`. */
  async call<N extends CallName>(name: N, input: CallInput<N>, options: CallOptions = {}): Promise<CallResult<N>> {
    try {
      const answer = await askDoor(this.dataDir, {
        method: 'POST',
        path: `/call/${name}`,
        body: JSON.stringify({ input }),
        ...options,
      });
      if (answer.statusCode !== 200) {
        answer.resume();
        return { ok: false, code: 'station-unreachable' };
      }
      return JSON.parse(await textOf(answer)) as CallResult<N>;
    } catch {
      return { ok: false, code: options.signal?.aborted === true ? 'cancelled' : 'station-unreachable' };
    }
  }

  /**
   * Hands over a picture that was taken from a live camera. Never throws; only `ok` means that it is sealed. The same picture may be sent again
   * and again: it becomes one item.
   */
  async frame(
    dockingId: string,
    facts: FrameFacts,
    bytes: Uint8Array,
    options: CallOptions = {},
  ): Promise<FrameAnswer> {
    try {
      const answer = await askDoor(this.dataDir, {
        method: 'PUT',
        path: `/frame/${encodeURIComponent(dockingId)}`,
        body: bytes,
        headers: { 'x-photodock-frame': JSON.stringify(facts) },
        ...options,
      });
      if (answer.statusCode !== 200) {
        answer.resume();
        return { ok: false, code: 'station-unreachable' };
      }
      return JSON.parse(await textOf(answer)) as FrameAnswer;
    } catch {
      return { ok: false, code: options.signal?.aborted === true ? 'cancelled' : 'station-unreachable' };
    }
  }

  /** Follows the station's events until the returned function is called; reconnects by itself. */
  events(onEvent: (event: StationEvent) => void, options: EventOptions = {}): () => void {
    return followEvents(this.dataDir, onEvent, options);
  }

  /**
   * Asks for the bytes of a picture.
   * @throws StationUnreachable when no station answers
   */
  async picture(id: string, size: PictureSize, options: CallOptions = {}): Promise<Picture> {
    const path = `/picture/${encodeURIComponent(id)}/${size}`;
    const body = await askDoor(this.dataDir, { method: 'GET', path, ...options });
    const length = body.headers['content-length'];
    return {
      status: body.statusCode ?? 500,
      contentType: body.headers['content-type'] ?? null,
      contentLength: length === undefined ? null : Number(length),
      body,
    };
  }
}

async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
