import type { World } from './world.ts';

/** Tells a person at a terminal how far a long job is. Goes to stderr, so that stdout holds the result alone. */
export interface Progress {
  /** One living line, on a terminal only. */
  show(line: string): void;
  /** A line that stays, terminal or not. */
  say(line: string): void;
  /** Takes the living line away. */
  clear(): void;
}

export function createProgress(stderr: World['stderr']): Progress {
  let shown = '';
  const clear = (): void => {
    if (shown !== '') stderr.write('\r\u001b[2K');
    shown = '';
  };
  return {
    show(line) {
      if (stderr.isTTY !== true || line === shown) return;
      clear();
      shown = line;
      stderr.write(line);
    },
    say(line) {
      clear();
      stderr.write(`${line}\n`);
    },
    clear,
  };
}
