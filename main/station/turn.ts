/**
 * People's words about what may be erased, and the erasing itself, take turns: between the last look at the gate and the
 * deletion nobody can place a hold or take a rejection back that the deletion would not see.
 */
export class Turn {
  #last: Promise<unknown> = Promise.resolve();

  /** Does it when all earlier ones are done. */
  take<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
