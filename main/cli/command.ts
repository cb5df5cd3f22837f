import type { Places } from '../client/index.ts';
import type { Progress } from './progress.ts';
import type { World } from './world.ts';

export interface CommandOption {
  readonly type: 'string' | 'boolean';
  readonly multiple?: boolean;
  /** How its value is called in the help. */
  readonly value?: string;
  readonly help: string;
}

export type OptionValues = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;

export interface CommandInput {
  readonly options: OptionValues;
  readonly operands: readonly string[];
  readonly places: Places;
  /** A data folder or configuration was named, by switch or environment; else `places` is the usual place. */
  readonly named: { readonly data: boolean; readonly config: boolean };
  readonly world: World;
  readonly progress: Progress;
}

/** What a command hands back: the document for `--json` and the text for people say the same. */
export interface Outcome {
  readonly exit: number;
  /** Stable code of why it is not wholly done; only when `exit` is not 0. */
  readonly code?: string;
  readonly message?: string;
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface Command {
  /** One or two words: `dock`, `audit verify`. */
  readonly name: string;
  readonly summary: string;
  readonly usage: string;
  /** More lines of help. */
  readonly about?: string;
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, CommandOption>>;
  run(input: CommandInput): Promise<Outcome>;
}

/** The value of a string option; undefined when it was not given. */
export function textOption(options: OptionValues, name: string): string | undefined {
  const value = options[name];
  return typeof value === 'string' ? value : undefined;
}

/** All values of a string option that may be repeated. */
export function textOptions(options: OptionValues, name: string): string[] {
  const value = options[name];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
