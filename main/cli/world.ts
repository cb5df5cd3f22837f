import type { Readable } from 'node:stream';

/** Everything a command sees of the process around it: given, so that a test can stand in for a terminal. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly stdin: Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
  readonly stderr: { readonly isTTY?: boolean; write(text: string): unknown };
  /** Aborted with an `Interrupted` when somebody ends us. */
  readonly signal: AbortSignal;
}
