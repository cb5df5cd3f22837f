import vm from 'node:vm';
import type { FuzzTarget } from './target.ts';

/** All inputs of a batch together take milliseconds: whoever takes this long loops. */
const MOST_MS = 3000;

export interface Failure {
  readonly bytes: Buffer;
  readonly error: Error;
}

const frame = vm.createContext({ act: (): void => undefined });
const script = new vm.Script('act()');

/** Runs a target on inputs and says which failed. One that does not come back is stopped from outside, and those after it are left. */
export async function execute(target: FuzzTarget, inputs: readonly Buffer[]): Promise<Failure[]> {
  const failures: Failure[] = [];
  let at = 0;
  const fail = (error: unknown) => {
    failures.push({
      bytes: inputs[at]!,
      error: error instanceof Error ? error : new Error(`thrown: ${String(error)}`),
    });
  };
  while (at < inputs.length) {
    const pending: Promise<void>[] = [];
    const runAll = (): void => {
      for (; at < inputs.length; at++) {
        try {
          const done = target.run(Buffer.from(inputs[at]!));
          if (done instanceof Promise) return void pending.push(done);
        } catch (error) {
          fail(error);
        }
      }
    };
    frame['act'] = runAll;
    try {
      script.runInContext(frame, { timeout: MOST_MS });
      const [answer] = pending;
      if (answer === undefined) continue;
      await withinTime(answer);
    } catch (error) {
      fail(error);
      if (pending.length === 0) break;
    }
    at++;
  }
  return failures;
}

function withinTime(work: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(() => late.reject(new Error(`took longer than ${MOST_MS} ms`)), MOST_MS);
  return Promise.race([work, late.promise]).finally(() => clearTimeout(timer));
}
