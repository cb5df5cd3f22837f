import { faultRandom } from '../support/fault-random.ts';
import { readCorpus, writeCorpus, writeCrash } from './corpus.ts';
import { Coverage } from './coverage.ts';
import { execute } from './execute.ts';
import { mutate } from './mutate.ts';
import type { FuzzTarget } from './target.ts';

export interface FuzzReport {
  readonly target: string;
  readonly executions: number;
  readonly seconds: number;
  /** Characters of the target's code that ran, of all. */
  readonly reached: { run: number; known: number };
  readonly inputs: number;
  readonly crashes: readonly { readonly file: string; readonly error: string }[];
}

export interface FuzzOptions {
  readonly seconds: number;
  /** End with this many executions, whatever time is left. */
  readonly executions?: number;
  readonly seed: number;
  /** Replace the committed corpus by the fewest inputs that reach all that was reached. */
  readonly save: boolean;
  /** End with the first finding. */
  readonly untilFound?: boolean;
}

/** Inputs between two looks at the coverage; only when a batch ran new code it is searched for the inputs that did. */
const BATCH = 64;
const MOST_FINDINGS = 10;
/** Larger inputs lead the search but are not committed. */
const MOST_SAVED_BYTES = 4096;

/** Searches for inputs that break a target, led by what code they run; repeated exactly by the same seed and corpus, but for its length. */
export async function fuzz(
  target: FuzzTarget,
  { seconds, executions: mostExecutions = Infinity, seed, save, untilFound = false }: FuzzOptions,
): Promise<FuzzReport> {
  const random = faultRandom(seed);
  const dictionary = target.dictionary.map((word) => Buffer.from(word as string, 'latin1'));
  const coverage = new Coverage((url) => target.covers.some((end) => url.endsWith(end)));
  await coverage.start();
  const crashes = new Map<string, string>();
  let executions = 0;

  const run = async (inputs: readonly Buffer[]): Promise<void> => {
    executions += inputs.length;
    for (const { bytes, error } of await execute(target, inputs)) {
      // The same thing at the same place is one finding.
      const lines = (error.stack ?? error.message).split('\n').slice(0, 3);
      const place = lines.join(' | ').replaceAll(/\d{3,}/g, 'N');
      if (!crashes.has(place)) crashes.set(place, await writeCrash(target.name, bytes));
    }
  };

  const seeds = [...(await readCorpus(target.name)).values(), ...target.seeds().map((bytes) => Buffer.from(bytes))];
  const pool: Buffer[] = [];
  for (const bytes of seeds) {
    await run([bytes]);
    if ((await coverage.take()) > 0 || pool.length === 0) pool.push(bytes);
  }

  /** Keeps those that ran new code; which of many they are is found by halves, because each look costs more than many executions. */
  const search = async (batch: readonly Buffer[]): Promise<void> => {
    await run(batch);
    if ((await coverage.look()) === 0) return;
    const [first, second] = batch;
    if (first && second) {
      const middle = batch.length >> 1;
      await search(batch.slice(0, middle));
      await search(batch.slice(middle));
    } else if (first) {
      await run([first]);
      if ((await coverage.take()) > 0) pool.push(first);
    }
  };

  const most = untilFound ? 1 : MOST_FINDINGS;
  const begunAt = performance.now();
  const endAt = begunAt + seconds * 1000;
  const goesOn = () => performance.now() < endAt && crashes.size < most && executions < mostExecutions;
  while (goesOn()) {
    // Newer inputs lead further.
    const pick = () => pool[Math.max(random.below(pool.length), random.below(pool.length))]!;
    await search(Array.from({ length: target.batch ?? BATCH }, () => mutate(pick(), pick(), dictionary, random)));
  }
  const reached = coverage.reached();
  if (save) await writeCorpus(target.name, await fewest(target, coverage, pool));
  await coverage.stop();
  return {
    target: target.name,
    executions,
    seconds: (performance.now() - begunAt) / 1000,
    reached,
    inputs: pool.length,
    crashes: [...crashes].map(([error, file]) => ({ file, error })),
  };
}

/** The fewest and smallest inputs that together run all code that was run. */
async function fewest(target: FuzzTarget, coverage: Coverage, pool: readonly Buffer[]): Promise<Buffer[]> {
  const small = pool.filter(({ length }) => length <= MOST_SAVED_BYTES).toSorted((a, b) => a.length - b.length);
  coverage.forget();
  const kept: Buffer[] = [];
  for (const bytes of small) {
    await execute(target, [bytes]);
    if ((await coverage.take()) > 0) kept.push(bytes);
  }
  return kept;
}
