import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect } from 'vitest';
import type { z } from 'zod';
import type { OutputName } from '../../../main/cli/schemas.ts';
import { FailureOutput, outputs } from '../../../main/cli/schemas.ts';

const root = join(import.meta.dirname, '../../..');
export const examplePictures = join(root, 'node_modules/exif/test');

export interface Finished {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly data: string;
  readonly config?: string;
  readonly user?: string;
  readonly password?: string;
  readonly passwordFile?: string;
  readonly cwd?: string;
}

/** The environment without what a developer may have set, and without vitest's. */
function environment(options: CliOptions): Record<string, string | undefined> {
  const foreign = /^(PHOTODOCK_|VITEST|NODE_OPTIONS|npm_|INIT_CWD)/;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name))),
    PHOTODOCK_USER: options.user ?? 'lead',
    ...(options.passwordFile === undefined ? {} : { PHOTODOCK_PASSWORD_FILE: options.passwordFile }),
  };
}

export function startCli(options: CliOptions, words: readonly string[]) {
  const places = ['--data', options.data, ...(options.config === undefined ? [] : ['--config', options.config])];
  return startProcess(process.execPath, [join(root, 'main/cli/main.ts'), ...words, ...places], options);
}

/** By way of npm, as it is documented. */
export function startByNpm(options: CliOptions, words: readonly string[]) {
  return startProcess('npm', ['--prefix', root, 'run', '-s', 'photodock', '--', ...words], options);
}

function startProcess(command: string, args: readonly string[], options: CliOptions) {
  const child = spawn(command, args, {
    cwd: options.cwd ?? root,
    env: environment(options),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (part: Buffer) => (texts[name] += part.toString()));
  // A command that needs no password may be gone before we have written it.
  child.stdin.on('error', () => undefined);
  child.stdin.end(`${options.password ?? 'correct horse'}\n`);
  const finished = new Promise<Finished>((done, fail) => {
    child.once('error', fail);
    child.once('close', (exit) => done({ exit, ...texts }));
  });
  return { child, finished, texts };
}

/** Runs a command with --json, holds its output against its own schema, and gives it back. */
export async function ask<N extends OutputName>(
  options: CliOptions,
  name: N,
  words: readonly string[] = [],
): Promise<{ exit: number | null; value: z.output<(typeof outputs)[N]> }> {
  const { exit, stdout, stderr } = await startCli(options, [...name.split(' '), ...words, '--json']).finished;
  let document: unknown;
  try {
    document = JSON.parse(stdout);
  } catch {
    throw new Error(`${name} printed no JSON (exit ${exit}): ${stdout}\n${stderr}`);
  }
  const parsed = outputs[name].safeParse(document);
  if (!parsed.success)
    throw new Error(`${name} (exit ${exit}) does not fit its schema: ${parsed.error.message}\n${stdout}\n${stderr}`);
  const value = parsed.data as z.output<(typeof outputs)[N]>;
  expect(value.ok).toBe(exit === 0);
  return { exit, value };
}

/** Runs a command that must fail, and gives back what it says. */
export async function askFailing(options: CliOptions, words: readonly string[]) {
  const { exit, stdout } = await startCli(options, [...words, '--json']).finished;
  return { exit, value: FailureOutput.parse(JSON.parse(stdout)) };
}

/** Every file below a folder with the hash of its bytes. */
export async function contentsOf(folder: string): Promise<Map<string, string>> {
  const contents = new Map<string, string>();
  for (const name of await readdir(folder, { recursive: true })) {
    const file = join(folder, name);
    if (!(await stat(file)).isFile()) continue;
    contents.set(
      relative(folder, file),
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    );
  }
  return contents;
}

export async function writeConfig(file: string, config: unknown): Promise<string> {
  await writeFile(file, JSON.stringify(config));
  return file;
}

/** True while a process lives. */
export function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
