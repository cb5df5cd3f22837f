import { describe, expect, test } from 'vitest';
import { readArguments } from '../../../main/cli/arguments.ts';
import { commands } from '../../../main/cli/commands/index.ts';
import { UsageError } from '../../../main/cli/errors.ts';
import { help, helpOf } from '../../../main/cli/help.ts';
import { outputs } from '../../../main/cli/schemas.ts';

describe('reading a command line', () => {
  test('global options may stand before or behind the command', () => {
    for (const line of ['--data /d status --json', 'status --json --data=/d', '--json --data=/d status']) {
      const { command, options, operands } = readArguments(line.split(' '));
      expect(command?.name).toBe('status');
      expect(options).toMatchObject({ data: '/d', json: true });
      expect(operands).toEqual([]);
    }
  });

  test('the value of a global option is not taken for a command', () => {
    expect(readArguments(['--data', 'status', 'doctor']).command?.name).toBe('doctor');
  });

  test('commands of two words', () => {
    expect(readArguments(['audit', 'verify', '--json']).command?.name).toBe('audit verify');
    expect(() => readArguments(['audit'])).toThrow(UsageError);
  });

  test('an operand that is called like a command stays an operand', () => {
    expect(readArguments(['dock', 'status'])).toMatchObject({ operands: ['status'] });
  });

  test('a repeatable option keeps all its values', () => {
    const { options } = readArguments(['file', '--capture', 'a', '--capture', 'b']);
    expect(options['capture']).toEqual(['a', 'b']);
  });

  test.each([
    ['an unknown command', ['dok']],
    ['an unknown option', ['status', '--verbose']],
    ['an option of another command', ['status', '--stage', 'filed']],
    ['a missing operand', ['dock']],
    ['one operand too many', ['dock', 'a', 'b']],
    ['an option without its value', ['captures', '--stage']],
    ['an empty value', ['captures', '--stage=']],
    ['a value where none belongs', ['status', '--json=yes']],
  ])('%s is wrong usage', (_what, argv) => {
    expect(() => readArguments(argv)).toThrow(UsageError);
  });

  test('help needs nothing else to be right', () => {
    expect(readArguments(['dock', '--help']).command?.name).toBe('dock');
    expect(readArguments(['--help']).command).toBeNull();
  });
});

describe('help', () => {
  test('names every command, and every option of each', () => {
    for (const command of commands) {
      expect(help()).toContain(`  ${command.name} `);
      for (const name of Object.keys(command.options)) expect(helpOf(command)).toContain(`--${name}`);
    }
  });

  test('every command has the schema of its output', () => {
    expect(Object.keys(outputs).sort()).toEqual(commands.map(({ name }) => name).sort());
  });
});
