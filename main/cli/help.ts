import { GLOBAL_OPTIONS } from './arguments.ts';
import type { Command, CommandOption } from './command.ts';
import { commands } from './commands/index.ts';

function aligned(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

function optionRows(options: Readonly<Record<string, CommandOption>>): (readonly [string, string])[] {
  return Object.entries(options).map(
    ([name, { value, help }]) => [`--${name}${value === undefined ? '' : ` ${value}`}`, help] as const,
  );
}

const PERSON = aligned([
  ['PHOTODOCK_USER', 'login of the person who acts'],
  ['PHOTODOCK_PASSWORD_FILE', 'file whose first line is the password; else it is read from standard input'],
  ['PHOTODOCK_DATA, PHOTODOCK_CONFIG', 'like --data and --config'],
]);

const EXITS = aligned([
  ['0', 'done'],
  ['1', 'a defect, or the station cannot be started'],
  ['2', 'wrong usage'],
  ['3', 'not allowed, or not signed in'],
  ['4', 'done in part; the output says what is not, and why'],
  ['5', 'archive or worklist cannot be reached'],
]);

/** The help of one command. */
export function helpOf(command: Command): string {
  const own = optionRows(command.options);
  return [
    `photodock ${command.name} ${command.usage}`.trimEnd(),
    '',
    `${command.summary.charAt(0).toUpperCase()}${command.summary.slice(1)}.`,
    ...(command.about === undefined ? [] : [command.about]),
    ...(own.length === 0 ? [] : ['', 'Options', aligned(own)]),
    '',
    'Options of every command',
    aligned(optionRows(GLOBAL_OPTIONS)),
  ].join('\n');
}

/** The help of all. */
export function help(): string {
  return [
    'photodock COMMAND [OPTIONS]',
    '',
    'Works with the station of a data folder: the one that runs, else one it starts for its own duration. Without a configuration that is the practice hospital.',
    '',
    'Commands',
    aligned(commands.map(({ name, summary }) => [name, summary] as const)),
    '',
    'Options of every command',
    aligned(optionRows(GLOBAL_OPTIONS)),
    '',
    'Environment',
    PERSON,
    '',
    'Exit codes',
    EXITS,
    '',
    'photodock COMMAND --help says more. All of it: docs/cli.md',
  ].join('\n');
}
