import { parseArgs } from 'node:util';
import type { Command, CommandOption, OptionValues } from './command.ts';
import { commands } from './commands/index.ts';
import { UsageError } from './errors.ts';

/** Options that every command understands. */
export const GLOBAL_OPTIONS: Readonly<Record<string, CommandOption>> = {
  config: { type: 'string', value: 'FILE', help: 'station.json; default: station.json in the data folder' },
  data: {
    type: 'string',
    value: 'DIR',
    help: 'the data folder of the station; default: the usual place of this system',
  },
  json: { type: 'boolean', help: 'print one JSON document to standard output' },
  help: { type: 'boolean', help: 'show this help, or that of a command' },
  version: { type: 'boolean', help: 'show the version' },
};

export interface Arguments {
  readonly command: Command | null;
  readonly options: OptionValues;
  readonly operands: readonly string[];
}

/** Splits the command word (one or two words) from everything else; global options may stand before it. */
function findCommand(argv: readonly string[]): { command: Command | null; rest: string[] } {
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? '';
    if (word.startsWith('-')) {
      const option = GLOBAL_OPTIONS[word.replace(/^--/, '')];
      if (option?.type === 'string') at += 1;
      continue;
    }
    const two = `${word} ${argv[at + 1] ?? ''}`;
    const command = commands.find(({ name }) => name === two) ?? commands.find(({ name }) => name === word);
    if (command === undefined) throw new UsageError(`there is no command "${word}"`);
    const words = command.name.split(' ').length;
    return { command, rest: [...argv.slice(0, at), ...argv.slice(at + words)] };
  }
  return { command: null, rest: [...argv] };
}

/** Reads a command line. @throws UsageError */
export function readArguments(argv: readonly string[]): Arguments {
  const { command, rest } = findCommand(argv);
  const options = { ...GLOBAL_OPTIONS, ...command?.options };
  let parsed: { values: OptionValues; positionals: string[] };
  try {
    parsed = parseArgs({ args: rest, options, strict: true, allowPositionals: true });
  } catch (error) {
    throw new UsageError(
      error instanceof Error ? error.message.replace(/\.? To specify a positional.*/s, '') : 'wrong usage',
    );
  }
  const { values, positionals } = parsed;
  if (values['help'] === true || values['version'] === true) return { command, options: values, operands: positionals };
  for (const [name, { value }] of Object.entries(options)) {
    if (value !== undefined && values[name] === '') throw new UsageError(`--${name} needs ${value}`);
  }
  const wanted = command?.operands ?? [];
  if (command !== null && positionals.length !== wanted.length) {
    const needs = wanted.length === 0 ? 'takes no argument' : `takes ${wanted.join(' ')}`;
    throw new UsageError(`${command.name} ${needs}`);
  }
  return { command, options: values, operands: positionals };
}
