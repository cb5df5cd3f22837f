import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PosCodes, readPosReport } from '../../../../main/station/buttons/pos-report.ts';

/** Reports as a scanner sends them: 56 bytes of the code each. */
function reportsOf(code: Uint8Array, aim = ']C1', id: number | null = 2): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < code.length; at += 56) parts.push(code.subarray(at, at + 56));
  return parts.map((part, number) => {
    const body = new Uint8Array(63);
    body[0] = part.length;
    body.set(Buffer.from(aim, 'latin1'), 1);
    body.set(part, 4);
    body[62] = number < parts.length - 1 ? 1 : 0;
    return id === null ? body : Uint8Array.from([id, ...body]);
  });
}

function codesOf(reports: readonly Uint8Array[], gap = 5): string[] {
  const codes = new PosCodes();
  return reports.flatMap((report, number) => codes.report(report, 100 + number * gap) ?? []);
}

const text = (code: string) => Buffer.from(code);

test('a code of one report, with and without report id', () => {
  expect(codesOf(reportsOf(text('MRN0047110')))).toEqual(['MRN0047110']);
  expect(codesOf(reportsOf(text('MRN0047110'), ']C1', null))).toEqual(['MRN0047110']);
  expect(readPosReport(reportsOf(text('4711'), ']d2')[0]!)?.aim).toBe(']d2');
});

test('any code of any length comes out as it is printed', () => {
  const printable = fc.string({
    unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCodePoint(code)),
    minLength: 1,
    maxLength: 600,
  });
  fc.assert(
    fc.property(printable, fc.boolean(), (code, hasId) => {
      fc.pre(!code.startsWith(']C1'));
      expect(codesOf(reportsOf(text(code), ']C1', hasId ? 2 : null))).toEqual([code]);
    }),
  );
});

test('codes of several reports follow each other', () => {
  const [one, two] = ['a1'.repeat(60), 'b2'.repeat(90)];
  expect(codesOf([...reportsOf(text(one)), ...reportsOf(text(two)), ...reportsOf(text('b2'))])).toEqual([
    one,
    two,
    'b2',
  ]);
});

test('the AIM identifier in the data, a line end and separators are no part of the code', () => {
  expect(codesOf(reportsOf(text(']C1MRN4711\r\n')))).toEqual(['MRN4711']);
  expect(codesOf(reportsOf(text('00123\u001D456'), ']d2'))).toEqual(['00123456']);
  expect(codesOf(reportsOf(text(']C1MRN4711'), '\0\0\0'))).toEqual([']C1MRN4711']);
});

test('the beginning of a code whose end never came is not put before the next code', () => {
  const [cut] = reportsOf(text('x9'.repeat(50)));
  const codes = new PosCodes();
  expect(codes.report(cut!, 0)).toBeNull();
  expect(codes.report(reportsOf(text('MRN4711'))[0]!, 5000)).toBe('MRN4711');
});

test('what is no such report, is empty or never ends is no code', () => {
  const codes = new PosCodes();
  expect(codes.report(Uint8Array.of(1, 2, 3), 0)).toBeNull();
  expect(codes.report(Uint8Array.from([2, 200, ...new Uint8Array(62).fill(65)]), 1)).toBeNull();
  expect(codes.report(reportsOf(text('\r\n'))[0]!, 2)).toBeNull();
  const endless = reportsOf(text('a'.repeat(112)))[0]!;
  for (let n = 0; n < 200; n++) expect(codes.report(endless, 10 + n)).toBeNull();
  expect(codes.report(reportsOf(text('tail'))[0]!, 211)).toBeNull();
  expect(codes.report(reportsOf(text('MRN1'))[0]!, 212)).toBe('MRN1');
});
