import { randomUUID } from 'node:crypto';
import { SCAN_KEPT_MS } from '../../../shared/domain/buttons.ts';

const MOST_KEPT = 20;

/** Codes that were scanned and not asked for yet: in memory alone, each given once, for 15 seconds. */
export class KeptScans {
  readonly #codes = new Map<string, { code: string; at: number }>();

  /** @param now milliseconds on a clock that only goes forward */
  keep(code: string, now: number): string {
    this.forgetOld(now);
    const oldest = this.#codes.keys().next();
    if (this.#codes.size >= MOST_KEPT && oldest.done !== true) this.#codes.delete(oldest.value);
    const id = randomUUID();
    this.#codes.set(id, { code, at: now });
    return id;
  }

  /** The code, once; null when it was given, is too old, or never was. */
  take(id: string, now: number): string | null {
    this.forgetOld(now);
    const kept = this.#codes.get(id);
    this.#codes.delete(id);
    return kept?.code ?? null;
  }

  /** What nobody asked for in time is not kept until the next scan. */
  forgetOld(now: number): void {
    for (const [id, { at }] of this.#codes) if (now - at > SCAN_KEPT_MS) this.#codes.delete(id);
  }
}
