import { expect, test } from 'vitest';
import { counted, printable, table } from '../../../main/cli/table.ts';

test('a table lines up text to the left and numbers to the right', () => {
  expect(
    table(
      ['NAME', 'BYTES'],
      [
        ['a', 5],
        ['longer', 1000],
      ],
    ),
  ).toBe(['NAME    BYTES', 'a           5', 'longer   1000'].join('\n'));
});

test("no control character of a stranger's file name reaches the terminal", () => {
  expect(printable('a\u001b[2Jb\u202Ec\nd')).toBe('a\uFFFD[2Jb\uFFFDc\uFFFDd');
  expect(table(['NAME'], [['x\u0007y']])).not.toContain('\u0007');
});

test('one and many', () => {
  expect([counted(1, 'item'), counted(0, 'item'), counted(2, 'entry', 'entries')]).toEqual([
    '1 item',
    '0 items',
    '2 entries',
  ]);
});
