import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CommandError, UsageError } from './errors.ts';
import type { World } from './world.ts';

const LONGEST = 4096;
const TELL_AFTER_MS = 3000;

/**
 * The password: first line of the file that PHOTODOCK_PASSWORD_FILE names, else first line of standard input; a person at a
 * terminal is asked and sees nothing of it. Never an argument: those are in every process list.
 * @throws UsageError, CommandError `not-signed-in`
 */
export async function readPassword(world: World): Promise<string> {
  const file = world.env['PHOTODOCK_PASSWORD_FILE'];
  const password = file ? await fromFile(resolve(world.cwd, file), world) : await fromInput(world);
  if (password === '') {
    throw new CommandError(
      'not-signed-in',
      'no password: name a file by PHOTODOCK_PASSWORD_FILE, or send it as the first line of standard input',
    );
  }
  return password;
}

async function fromFile(file: string, world: World): Promise<string> {
  try {
    const facts = await stat(file);
    if (facts.isFile() && (facts.mode & 0o077) !== 0 && process.platform !== 'win32') {
      world.stderr.write('photodock: warning: others can read the password file; chmod 600 it\n');
    }
    return firstLine(await readFile(file, 'utf8'));
  } catch (error) {
    throw new UsageError(
      `PHOTODOCK_PASSWORD_FILE cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`,
      'password-file',
    );
  }
}

async function fromInput(world: World): Promise<string> {
  const { stdin } = world;
  if (stdin.isTTY === true && stdin.setRawMode) return ask(world);
  const told = setTimeout(
    () => world.stderr.write('photodock: waiting for the password on standard input\n'),
    TELL_AFTER_MS,
  );
  try {
    return await lineOf(world);
  } finally {
    clearTimeout(told);
  }
}

function lineOf({ stdin, signal }: World): Promise<string> {
  return new Promise((done, fail) => {
    const parts: Buffer[] = [];
    let size = 0;
    const finish = (): void => {
      stdin.pause();
      for (const [name, listener] of listeners) stdin.off(name, listener);
      signal.removeEventListener('abort', onAbort);
    };
    const end = (): void => (finish(), done(firstLine(Buffer.concat(parts).toString('utf8'))));
    const onAbort = (): void => (finish(), fail(signal.reason as Error));
    const onData = (part: Buffer | string): void => {
      const bytes = Buffer.from(part);
      parts.push(bytes);
      size += bytes.length;
      if (size > LONGEST || bytes.includes(0x0a)) end();
    };
    const listeners = [
      ['data', onData],
      ['end', end],
      ['error', end],
      ['close', end],
    ] as const;
    for (const [name, listener] of listeners) stdin.on(name, listener);
    signal.addEventListener('abort', onAbort);
  });
}

/** Asks at the terminal with echo off. */
function ask({ stdin, stderr, signal }: World): Promise<string> {
  stderr.write('Password: ');
  stdin.setRawMode?.(true);
  return new Promise((done, fail) => {
    let typed = '';
    const finish = (): void => {
      stdin.setRawMode?.(false);
      stdin.pause();
      stdin.off('data', onData);
      signal.removeEventListener('abort', onAbort);
      stderr.write('\n');
    };
    const onAbort = (): void => (finish(), fail(signal.reason as Error));
    const onData = (part: Buffer | string): void => {
      for (const character of part.toString()) {
        if (character === '\r' || character === '\n' || character === '\u0004') return (finish(), done(typed));
        if (character === '\u0003') return (finish(), fail(new CommandError('not-signed-in', 'no password was given')));
        if (character === '\u007f' || character === '\b') typed = [...typed].slice(0, -1).join('');
        else typed += character;
      }
    };
    stdin.on('data', onData);
    signal.addEventListener('abort', onAbort);
    stdin.resume();
  });
}

function firstLine(text: string): string {
  return (text.replace(/^\uFEFF/, '').split('\n', 1)[0] ?? '').replace(/\r$/, '').slice(0, LONGEST);
}
