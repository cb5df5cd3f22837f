import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { errorCode, PhotodockError } from '../../shared/domain/errors.ts';
import { findPlaces } from '../client/index.ts';
import { VERSION } from '../station/version.ts';
import type { Arguments } from './arguments.ts';
import { readArguments } from './arguments.ts';
import type { CommandInput, Outcome } from './command.ts';
import { textOption } from './command.ts';
import { Interrupted } from './errors.ts';
import { EXIT, exitOf } from './exit-code.ts';
import { help, helpOf } from './help.ts';
import { createProgress } from './progress.ts';
import type { World } from './world.ts';

/** What the process shall print, and how it shall end. */
export interface Ending {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one command line to its end. Never throws. */
export async function run(argv: readonly string[], world: World): Promise<Ending> {
  const json = argv.includes('--json');
  try {
    const { command, options, operands } = readArguments(argv);
    if (options['version'] === true) return print(json, { ok: true, version: VERSION }, `photodock ${VERSION}`);
    if (options['help'] === true) {
      const text = command === null ? help() : helpOf(command);
      return print(json, { ok: true, help: text }, text);
    }
    if (command === null) return { exit: EXIT.usage, stdout: '', stderr: `${help()}\n` };
    return told(json, await command.run(inputOf({ command, options, operands }, world)));
  } catch (error) {
    return failed(json, error);
  }
}

function inputOf({ options, operands }: Arguments, world: World): CommandInput {
  const { env, cwd } = world;
  const at = (path: string | undefined): string | undefined => (path ? resolve(cwd, path) : undefined);
  const data = at(textOption(options, 'data') ?? env['PHOTODOCK_DATA']);
  const config = at(textOption(options, 'config') ?? env['PHOTODOCK_CONFIG']);
  const around = { env, platform: process.platform, home: env['HOME'] ?? homedir(), exists: existsSync };
  return {
    options,
    operands,
    places: findPlaces({ data, config }, around),
    named: { data: data !== undefined, config: config !== undefined },
    world,
    progress: createProgress(world.stderr),
  };
}

function print(json: boolean, document: object, text: string): Ending {
  return { exit: EXIT.done, stdout: `${json ? JSON.stringify(document, null, 2) : text}\n`, stderr: '' };
}

function told(json: boolean, { exit, code, message, json: content, text }: Outcome): Ending {
  if (!json) return { exit, stdout: `${text}\n`, stderr: '' };
  const document = exit === EXIT.done ? { ok: true, ...content } : { ok: false, code, message, ...content };
  return { exit, stdout: `${JSON.stringify(document, null, 2)}\n`, stderr: '' };
}

function failed(json: boolean, error: unknown): Ending {
  const code = errorCode(error);
  // Only our own errors promise to hold no patient data; of a defect the stack says where, not what.
  const known = error instanceof PhotodockError;
  const message = known ? error.message : 'a defect in photodock; please report it with what stands on standard error';
  const exit = error instanceof Interrupted ? error.exit : exitOf(code);
  const where = known || !(error instanceof Error) ? '' : `${(error.stack ?? '').split('\n').slice(1).join('\n')}\n`;
  const hint = exit === EXIT.usage && code === 'usage' ? ' (see photodock --help)' : '';
  if (!json) return { exit, stdout: '', stderr: `photodock: ${message}${hint}\n${where}` };
  const details = known && Object.keys(error.details).length > 0 ? { details: error.details } : {};
  return { exit, stdout: `${JSON.stringify({ ok: false, code, message, ...details }, null, 2)}\n`, stderr: where };
}
