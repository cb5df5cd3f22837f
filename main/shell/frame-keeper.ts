import type { IpcMainInvokeEvent } from 'electron';
import type { FrameAnswer } from '../../shared/contract/capture.ts';
import { FRAME_MAX_BYTES, FrameFacts } from '../../shared/contract/capture.ts';
import type { DoorClient } from '../client/index.ts';
import type { Access } from './access.ts';
import { SenderRefused } from './relay.ts';
import { isTrustedSender } from './trusted-sender.ts';

/** What the shell keeps at most of pictures that no station has sealed yet, bytes. */
const KEPT_MAX_BYTES = 1 << 30;

/** A station that has not answered for this long hangs: the person is told that the picture is not saved, ms. */
const PATIENCE_MS = 60_000;

/** Nothing of what was handed over will ever be taken in: to keep it, or to send it again, is of no use. */
const NEVER: ReadonlySet<string> = new Set(['bad-request', 'frame-too-large', 'frame-not-jpeg', 'frame-not-of-camera']);

export interface FrameKeeperParts {
  readonly client: Pick<DoorClient, 'frame'>;
  readonly access: Access;
  readonly windows: ReadonlySet<number>;
  /** How many pictures are kept now. */
  readonly onCount: (count: number) => void;
  readonly stationLost: () => void;
}

interface Kept {
  readonly dockingId: string;
  readonly facts: FrameFacts;
  readonly bytes: Uint8Array;
}

/**
 * The way of a picture from the page to the station. The page's memory ends when the window locks, or when the station was restarted and knows
 * its person no more; so a picture that was handed over is kept here, in memory only, until a station has sealed it.
 */
export class FrameKeeper {
  readonly #parts: FrameKeeperParts;
  readonly #kept = new Map<string, Kept>();
  readonly #sending = new Map<string, Promise<FrameAnswer>>();

  constructor(parts: FrameKeeperParts) {
    this.#parts = parts;
  }

  get count(): number {
    return this.#kept.size;
  }

  /** Answers the page's own hand-over. @throws SenderRefused */
  async handOver(
    event: Pick<IpcMainInvokeEvent, 'senderFrame' | 'sender'>,
    dockingId: unknown,
    rawFacts: unknown,
    bytes: unknown,
  ): Promise<FrameAnswer> {
    if (!isTrustedSender(event, this.#parts.windows)) throw new SenderRefused();
    const facts = FrameFacts.safeParse(rawFacts);
    const isId = typeof dockingId === 'string' && /^[a-zA-Z0-9-]{8,64}$/.test(dockingId);
    if (!isId || !facts.success || !(bytes instanceof Uint8Array)) return { ok: false, code: 'bad-request' };
    if (bytes.length > FRAME_MAX_BYTES) return { ok: false, code: 'frame-too-large' };
    const key = `${dockingId} ${facts.data.sha256}`;
    if (!this.#kept.has(key)) {
      const held = [...this.#kept.values()].reduce((sum, one) => sum + one.bytes.length, 0);
      if (held + bytes.length > KEPT_MAX_BYTES) return { ok: false, code: 'frames-waiting' };
      this.#kept.set(key, { dockingId, facts: facts.data, bytes });
      this.#tell();
    }
    return this.#send(key);
  }

  /** Sends again what waits: a station answers, or somebody has signed in. */
  async sendAgain(): Promise<void> {
    for (const key of this.#kept.keys()) await this.#send(key);
  }

  #send(key: string): Promise<FrameAnswer> {
    const under = this.#sending.get(key);
    if (under) return under;
    const sending = this.#sendNow(key).finally(() => this.#sending.delete(key));
    this.#sending.set(key, sending);
    return sending;
  }

  async #sendNow(key: string): Promise<FrameAnswer> {
    const { client, access, stationLost } = this.#parts;
    const kept = this.#kept.get(key);
    if (!kept) return { ok: false, code: 'bad-request' };
    if (access.token === null) return { ok: false, code: 'not-signed-in' };
    const answer = await client.frame(kept.dockingId, kept.facts, kept.bytes, {
      session: access.token,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.ok || NEVER.has(answer.code)) {
      this.#kept.delete(key);
      this.#tell();
    } else if (answer.code === 'station-unreachable') {
      stationLost();
    }
    return answer;
  }

  #tell(): void {
    this.#parts.onCount(this.#kept.size);
  }
}
