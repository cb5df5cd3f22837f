/** Who goes first when a device is free: what is asked for the screen or for events does not wait for a film to be read. */
export const PRIORITY = { event: 0, small: 1, read: 2 } as const;

interface Waiting {
  readonly priority: number;
  readonly start: () => void;
}

/** One at a time; those that wait go by priority, then by age. */
export class Turns {
  readonly #waiting: Waiting[] = [];
  #isBusy = false;

  async run<T>(priority: number, work: () => Promise<T>): Promise<T> {
    if (this.#isBusy) {
      await new Promise<void>((start) => {
        const at = this.#waiting.findLastIndex((other) => other.priority <= priority);
        this.#waiting.splice(at + 1, 0, { priority, start });
      });
    }
    this.#isBusy = true;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next.start();
      else this.#isBusy = false;
    }
  }
}
