import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Interrupted } from '../../../main/cli/errors.ts';
import { readPassword } from '../../../main/cli/password.ts';
import { testWorld } from './world.ts';

describe('the password', () => {
  test.each([
    ['with a line end', 'correct horse\n'],
    ['of Windows', 'correct horse\r\n'],
    ['without a line end', 'correct horse'],
    ['before more lines', 'correct horse\nsomething else\n'],
    ['behind a byte order mark', '\uFEFFcorrect horse\n'],
  ])('is the first line of standard input, %s', async (_what, typed) => {
    expect(await readPassword(testWorld(typed).world)).toBe('correct horse');
  });

  test('is read without waiting for the end of standard input', async () => {
    const { world, stdin } = testWorld(null);
    const password = readPassword(world);
    stdin.write('correct ');
    stdin.write('horse\n');
    expect(await password).toBe('correct horse');
  });

  test('that is not given is told', async () => {
    await expect(readPassword(testWorld('').world)).rejects.toMatchObject({ code: 'not-signed-in' });
    await expect(readPassword(testWorld('\nsecond line\n').world)).rejects.toMatchObject({ code: 'not-signed-in' });
  });

  test('is not waited for when somebody ends us', async () => {
    const { world, ending } = testWorld(null);
    const password = readPassword(world);
    ending.abort(new Interrupted('SIGINT'));
    await expect(password).rejects.toMatchObject({ code: 'interrupted', exit: 130 });
  });

  test('is asked for at a terminal, and not shown', async () => {
    const { world, told } = testWorld(null);
    const raw: boolean[] = [];
    const terminal = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (on: boolean) => raw.push(on) });
    const password = readPassword({ ...world, stdin: terminal });
    terminal.write('correctt\u007f horse\r');
    expect(await password).toBe('correct horse');
    expect(raw).toEqual([true, false]);
    expect(told.join('')).toBe('Password: \n');
  });

  describe('from a file', () => {
    let folder: string;
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'password-'));
    });
    afterEach(() => rm(folder, { recursive: true }));

    test('goes before standard input', async () => {
      const file = join(folder, 'password');
      await writeFile(file, 'from the file\n', { mode: 0o600 });
      const { world, told } = testWorld('from the input\n', { PHOTODOCK_PASSWORD_FILE: file });
      expect(await readPassword(world)).toBe('from the file');
      expect(told).toEqual([]);
    });

    test.skipIf(process.platform === 'win32')('that others can read is warned about', async () => {
      const file = join(folder, 'password');
      await writeFile(file, 'open\n', { mode: 0o644 });
      const { world, told } = testWorld(null, { PHOTODOCK_PASSWORD_FILE: file });
      expect(await readPassword(world)).toBe('open');
      expect(told.join('')).toContain('others can read the password file');
    });

    test('that is missing is wrong usage', async () => {
      const { world } = testWorld('x\n', { PHOTODOCK_PASSWORD_FILE: join(folder, 'none') });
      await expect(readPassword(world)).rejects.toMatchObject({ code: 'password-file' });
    });
  });
});
