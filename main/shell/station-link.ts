import { setTimeout as pause } from 'node:timers/promises';
import type { EventPayload, StationEvent } from '../../shared/contract.ts';
import { errorCode } from '../../shared/domain/errors.ts';
import { connectDoor, DoorClient, startStation } from '../client/index.ts';
import type { DoorState, StartOptions } from '../client/index.ts';
import type { Access } from './access.ts';

export type ConnectionState = EventPayload<'station.connection'>['state'];

export interface StationLinkParts {
  readonly station: StartOptions;
  readonly access: Access;
  readonly onEvent: (event: StationEvent) => void;
  /** The station no longer knows the person (it was restarted, or the session ended): the page must lock. */
  readonly onSessionLost: () => void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** Keeps a station running on our data folder and passes on its events, whatever dies and comes back meanwhile. */
export class StationLink {
  readonly client: DoorClient;
  readonly #parts: StationLinkParts;
  #state: ConnectionState = 'reconnecting';
  #startError: string | null = null;
  #reviving = false;
  #closed = false;
  #stopFollowing: () => void = () => undefined;

  constructor(parts: StationLinkParts) {
    this.#parts = parts;
    this.client = new DoorClient(parts.station.dataDir);
  }

  /** Why the last attempt to start a station failed, by its stable code. */
  get startError(): string | null {
    return this.#startError;
  }

  /** Finds or starts the station, and follows its events. */
  open(): void {
    this.revive();
    this.follow();
  }

  close(): void {
    this.#closed = true;
    this.#stopFollowing();
  }

  /** Follows the events again, as the person who is signed in now. */
  follow(): void {
    this.#stopFollowing();
    if (this.#closed) return;
    this.#stopFollowing = this.client.events(this.#parts.onEvent, {
      session: this.#parts.access.token ?? undefined,
      onState: (state) => this.#onDoorState(state),
    });
  }

  /** Tells the page how the connection is, for instance after it was loaded. */
  tellState(): void {
    this.#parts.onEvent({ name: 'station.connection', payload: { state: this.#state } });
  }

  /** Makes sure that a station runs; tries until one does. */
  revive(): void {
    if (this.#reviving || this.#closed) return;
    this.#reviving = true;
    void this.#reviveUntilAlive().finally(() => {
      this.#reviving = false;
    });
  }

  async #reviveUntilAlive(): Promise<void> {
    for (let wait = FIRST_PAUSE_MS; !this.#closed; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
      try {
        if ((await connectDoor(this.client.dataDir)) === null) await startStation(this.#parts.station);
        this.#startError = null;
        return;
      } catch (error) {
        this.#startError = errorCode(error);
        await pause(wait, undefined, { ref: false });
      }
    }
  }

  #onDoorState(state: DoorState): void {
    const now: ConnectionState = state === 'reconnecting' ? 'reconnecting' : 'connected';
    if (now !== this.#state) {
      this.#state = now;
      this.tellState();
    }
    if (state === 'reconnecting') this.revive();
    else void this.#checkSession();
  }

  async #checkSession(): Promise<void> {
    const { access } = this.#parts;
    const session = access.token;
    if (session === null) return;
    const current = await this.client.call('session.current', {}, { session });
    if (current.ok && current.value.person === null && access.token === session) this.#parts.onSessionLost();
  }
}
