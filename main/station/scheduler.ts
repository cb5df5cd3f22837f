import { declareSteps, passing, within } from '#durable';
import { errorCode } from '../../shared/domain/errors.ts';

/** One arrow of the pipeline: finds rows in stage X, does one idempotent thing to one row, moves it to stage Y. */
export interface Step {
  readonly name: string;
  /** How many rows at a time. */
  readonly concurrency: number;
  /** Ids of rows that are ready now, oldest first, at most `limit`. */
  find(limit: number): Promise<readonly string[]>;
  /**
   * Does the row. Recoverable trouble is thrown and tried again after a while; what cannot be mended the step records
   * itself as an end of the row.
   */
  run(id: string, signal: AbortSignal, attempt: number): Promise<void>;
  /** ms to wait before attempt n + 1 of a row that threw; default doubles from 1 s to 60 s. */
  backoff?(attempt: number): number;
  /**
   * Rows of one medium share what is slow about it. Every medium with work has at least one row under way, beyond `concurrency` if
   * need be, and none has more than its limit: a slow phone never keeps a card waiting.
   */
  readonly media?: {
    /** The medium of a row that `find` has answered. */
    of(id: string): string;
    /** How many rows at a time, when this many media have work. */
    limit(medium: string, media: number): number;
  };
}

export interface WaitingStep {
  readonly step: string;
  readonly code: string;
  readonly count: number;
  readonly nextAttemptAt: number;
}

interface Retry {
  readonly attempts: number;
  /** By the steady clock: a leap of the system's must neither stop nor hurry a retry. */
  readonly at: number;
  readonly code: string;
}

interface Lane {
  readonly step: Step;
  readonly active: Map<string, Promise<void>>;
  readonly retries: Map<string, Retry>;
  looking: boolean;
  lookAgain: boolean;
  /** Found ready at the last look and not begun yet: so that one look serves several rows. */
  found: string[];
}

/** How many rows one look may find beyond those that begin at once. Small, because a found row is begun without a new look. */
const LOOK_AHEAD = 8;
/** A finished row wakes its own lane at once, the other lanes at most this often. */
const WAKE_OTHERS_MS = 50;

export interface SchedulerOptions {
  readonly onError: (step: string, id: string, code: string, attempts: number) => void;
  readonly tickMs?: number;
}

/** Milliseconds of a clock that nobody sets. */
const steadyNow = () => performance.now();

const defaultBackoff = (attempt: number) => Math.min(60_000, 1000 * 2 ** (attempt - 1));

/** Which of the found rows begin now: the first `free` ones, and fairly where rows belong to media. */
function choose(lane: Lane, free: number): string[] {
  const { media } = lane.step;
  if (!media) return lane.found.slice(0, free);
  const active = new Map<string, number>();
  for (const id of lane.active.keys()) active.set(media.of(id), (active.get(media.of(id)) ?? 0) + 1);
  const withWork = new Set([...active.keys(), ...lane.found.map((id) => media.of(id))]).size;
  const chosen: string[] = [];
  for (const id of lane.found) {
    const medium = media.of(id);
    const underway = active.get(medium) ?? 0;
    if (underway >= media.limit(medium, withWork) || (chosen.length >= free && underway > 0)) continue;
    active.set(medium, underway + 1);
    chosen.push(id);
  }
  return chosen;
}

/** The one scheduler of the station. Boring on purpose: a lane per step, a tick, and a kick when something was done. */
export class Scheduler {
  readonly #lanes: Lane[];
  readonly #options: SchedulerOptions;
  readonly #tickMs: number;
  readonly #abort = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #kicked = false;
  #wakeOthers: NodeJS.Timeout | null = null;
  /** How often a piece of work began or ended. */
  #moves = 0;

  constructor(steps: readonly Step[], options: SchedulerOptions) {
    this.#options = options;
    this.#tickMs = options.tickMs ?? 1000;
    declareSteps(steps.map((step) => step.name));
    this.#lanes = steps.map((step) => ({
      step,
      active: new Map(),
      retries: new Map(),
      looking: false,
      lookAgain: false,
      found: [],
    }));
  }

  start(): void {
    this.#timer = setInterval(() => this.kick(), this.#tickMs);
    this.kick();
  }

  /** Something changed: every lane looks for work soon. */
  kick(): void {
    if (this.#kicked || this.#abort.signal.aborted) return;
    this.#kicked = true;
    setImmediate(() => {
      this.#kicked = false;
      for (const lane of this.#lanes) void this.#look(lane);
    });
  }

  /** Forgets the waiting times of rows, so that they are tried at once. */
  retryNow(): void {
    for (const lane of this.#lanes) {
      for (const [id, retry] of lane.retries) lane.retries.set(id, { ...retry, at: 0 });
    }
    this.kick();
  }

  async #look(lane: Lane): Promise<void> {
    if (lane.looking) {
      lane.lookAgain = true;
      return;
    }
    lane.looking = true;
    try {
      do {
        lane.lookAgain = false;
        const free = Math.max(0, lane.step.concurrency - lane.active.size);
        if ((free === 0 && !lane.step.media) || this.#abort.signal.aborted) break;
        const now = steadyNow();
        const waiting = [...lane.retries.values()].filter((retry) => retry.at > now).length;
        const isReady = (id: string) => !lane.active.has(id) && (lane.retries.get(id)?.at ?? 0) <= now;
        lane.found = lane.found.filter(isReady);
        let chosen = choose(lane, free);
        if (lane.found.length === 0 || (chosen.length === 0 && lane.step.media)) {
          lane.found = (await lane.step.find(free + lane.active.size + waiting + LOOK_AHEAD)).filter(isReady);
          chosen = choose(lane, free);
        }
        lane.found = lane.found.filter((id) => !chosen.includes(id));
        for (const id of chosen) this.#begin(lane, id);
      } while (lane.lookAgain);
    } catch (error) {
      this.#options.onError(lane.step.name, '', errorCode(error), 0);
    } finally {
      lane.looking = false;
    }
  }

  #begin(lane: Lane, id: string): void {
    this.#moves += 1;
    const attempt = (lane.retries.get(id)?.attempts ?? 0) + 1;
    const work = within(lane.step.name, async () => {
      passing('before');
      await lane.step.run(id, this.#abort.signal, attempt);
      passing('after');
    })
      .then(
        () => void lane.retries.delete(id),
        (error: unknown) => {
          if (this.#abort.signal.aborted) return;
          const code = errorCode(error);
          const wait = (lane.step.backoff ?? defaultBackoff)(attempt);
          lane.retries.set(id, { attempts: attempt, at: steadyNow() + wait, code });
          // A short wait is not rounded up to the next tick.
          if (wait < this.#tickMs) setTimeout(() => void this.#look(lane), wait + 1).unref();
          this.#options.onError(lane.step.name, id, code, attempt);
        },
      )
      .finally(() => {
        this.#moves += 1;
        lane.active.delete(id);
        void this.#look(lane);
        this.#wakeOthers ??= setTimeout(() => {
          this.#wakeOthers = null;
          this.kick();
        }, WAKE_OTHERS_MS);
      });
    lane.active.set(id, work);
  }

  /**
   * Whether no lane works or would find work, and the rows that wait for their next try, which do not count as work: of one moment, so that
   * a row whose time comes while the lanes are asked is in the one or in the other.
   */
  async outlook(): Promise<{ idle: boolean; waiting: WaitingStep[] }> {
    const moves = this.#moves;
    const asked = steadyNow();
    const idle = !(await this.#wouldWork(asked));
    const now = steadyNow();
    const stirs = this.#lanes.some(
      (lane) =>
        lane.active.size > 0 ||
        lane.looking ||
        [...lane.retries.values()].some((retry) => retry.at > asked && retry.at <= now),
    );
    return { idle: idle && !stirs && moves === this.#moves, waiting: this.#waiting(now) };
  }

  async #wouldWork(now: number): Promise<boolean> {
    for (const lane of this.#lanes) {
      if (lane.active.size > 0) return true;
      const waiting = new Set([...lane.retries].filter(([, retry]) => retry.at > now).map(([id]) => id));
      const ids = await lane.step.find(waiting.size + 1);
      if (ids.some((id) => !waiting.has(id))) return true;
    }
    return false;
  }

  /** How many rows this step is working on. */
  activeIn(step: string): number {
    return this.#lanes.find((lane) => lane.step.name === step)?.active.size ?? 0;
  }

  #waiting(now: number): WaitingStep[] {
    const systemTime = Date.now() - now;
    return this.#lanes.flatMap((lane) => {
      const byCode = Map.groupBy(
        [...lane.retries.values()].filter((retry) => retry.at > now),
        (retry) => retry.code,
      );
      return [...byCode].map(([code, retries]) => ({
        step: lane.step.name,
        code,
        count: retries.length,
        nextAttemptAt: Math.round(systemTime + Math.min(...retries.map((retry) => retry.at))),
      }));
    });
  }

  /** Stops looking, aborts and awaits what runs. */
  async stop(): Promise<void> {
    if (this.#timer) clearInterval(this.#timer);
    if (this.#wakeOthers) clearTimeout(this.#wakeOthers);
    this.#abort.abort();
    await Promise.allSettled(this.#lanes.flatMap((lane) => [...lane.active.values()]));
  }
}
