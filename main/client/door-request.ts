import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { PhotodockError } from '../../shared/domain/errors.ts';
import { readDoorFile } from './door-file.ts';

/** No station answers on this data folder (none runs, it just died, or it is another one than we read about). */
export class StationUnreachable extends PhotodockError {
  constructor(cause?: unknown) {
    super('station-unreachable', 'no station answers on this data folder', {}, { cause });
  }
}

export interface DoorRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  /** Text is JSON. */
  readonly body?: string | Uint8Array | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Session token of the signed-in person. */
  readonly session?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One request through the door of a data folder. The door file is read anew each time, so a client survives the restart of
 * its station; and each request has its own connection, because on a reused one "not sent" and "lost" look alike.
 * @throws StationUnreachable when no answer came; the signal's reason when it was aborted
 */
export async function askDoor(dataDir: string, ask: DoorRequest): Promise<IncomingMessage> {
  ask.signal?.throwIfAborted();
  const door = await readDoorFile(dataDir);
  if (door === null) throw new StationUnreachable();
  return new Promise((resolve, reject) => {
    const outgoing = request({
      socketPath: door.socket,
      method: ask.method,
      path: ask.path,
      agent: false,
      signal: ask.signal,
      headers: {
        host: 'station',
        authorization: `Bearer ${door.token}`,
        ...(ask.session === undefined ? {} : { 'x-photodock-session': ask.session }),
        ...(ask.body === undefined
          ? {}
          : {
              'content-type': typeof ask.body === 'string' ? 'application/json' : 'application/octet-stream',
              'content-length': Buffer.byteLength(ask.body),
            }),
        ...ask.headers,
      },
    });
    outgoing.once('response', resolve);
    outgoing.on('error', (error) => {
      reject(ask.signal?.aborted === true ? error : new StationUnreachable(error));
    });
    outgoing.end(ask.body);
  });
}
