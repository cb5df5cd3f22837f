import type { EventPayload, StationEvent } from '../../../shared/contract.ts';

export type Topic = EventPayload<'changed'>['topics'][number];

const PAUSE_MS = 250;

/** Collects what changed and tells the clients at most four times a second; the first change after a quiet moment at once. */
export class Announcer {
  readonly #listeners = new Set<(event: StationEvent) => void>();
  readonly #progressOf: (dockingId: string) => Promise<EventPayload<'progress'>['progress']>;
  #topics = new Set<Topic>();
  #dockings = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  /** When the clients were told last, on a clock that is never set (ms). */
  #toldAt = -PAUSE_MS;

  constructor(progressOf: (dockingId: string) => Promise<EventPayload<'progress'>['progress']>) {
    this.#progressOf = progressOf;
  }

  listen(listener: (event: StationEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  announce(topics: readonly Topic[], dockingId: string | null): void {
    for (const topic of topics) this.#topics.add(topic);
    if (dockingId !== null) this.#dockings.add(dockingId);
    this.#timer ??= setTimeout(() => void this.#tell(), Math.max(0, this.#toldAt + PAUSE_MS - performance.now()));
  }

  /** Tells at once: a press is a moment, and late it is none. */
  tell(event: StationEvent): void {
    this.#send(event);
  }

  async #tell(): Promise<void> {
    const topics = [...this.#topics];
    const dockings = [...this.#dockings];
    this.#topics = new Set();
    this.#dockings = new Set();
    this.#timer = null;
    this.#toldAt = performance.now();
    if (this.#listeners.size === 0) return;
    // What changed goes first: a picture that was just taken does not wait until the progress of its lane is counted.
    this.#send({ name: 'changed', payload: { topics, dockingId: dockings.length === 1 ? dockings[0]! : null } });
    for (const dockingId of dockings) {
      const progress = await this.#progressOf(dockingId).catch(() => null);
      this.#send({ name: 'progress', payload: { dockingId, progress } });
    }
  }

  #send(event: StationEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  close(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#listeners.clear();
  }
}
