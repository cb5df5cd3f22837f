import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  integerValue,
  parseDicomJson,
  sequenceItems,
  textValue,
} from '../../../../../main/station/archive/dicomweb/dicom-json.ts';

const TAG = '00081155';
const parse = (text: string) => parseDicomJson(Buffer.from(text));
const of = (Value: unknown) => ({ [TAG]: { vr: 'XX', Value } });

test('one data set, or an array of exactly one, is a body; anything else is none', () => {
  expect(parse('{"a":1}')).toEqual({ a: 1 });
  expect(parse('[{"a":1}]')).toEqual({ a: 1 });
  for (const text of [
    '',
    '<html>',
    '{',
    'null',
    '1',
    '"text"',
    'true',
    '[]',
    '[{},{}]',
    '[[{}]]',
    '[null]',
    '[1]',
    '{}{}',
  ])
    expect(parse(text), text).toBeNull();
});

test('items of a sequence are its objects, and nothing that only looks like one', () => {
  expect(sequenceItems(of([{ a: 1 }, null, [], 'x', 2, { b: 2 }]), TAG)).toEqual([{ a: 1 }, { b: 2 }]);
  for (const value of [undefined, null, {}, 'x', 3]) expect(sequenceItems(of(value), TAG)).toEqual([]);
});

test('the attribute itself has to be there, of its own, and an object', () => {
  for (const attribute of [undefined, null, [], 'x', 1, [{ Value: ['x'] }]]) {
    expect(textValue({ [TAG]: attribute }, TAG)).toBeNull();
    expect(sequenceItems({ [TAG]: attribute }, TAG)).toEqual([]);
  }
  expect(textValue({}, TAG)).toBeNull();
  const inherited = Object.create(of(['x'])) as Record<string, unknown>;
  expect(textValue(inherited, TAG)).toBeNull();
  expect(textValue({}, 'constructor')).toBeNull();
});

test('a text is the first value when it is text', () => {
  expect(textValue(of(['1.2', 'other']), TAG)).toBe('1.2');
  expect(textValue(of(['']), TAG)).toBe('');
  for (const value of [[], [1], [null], [{}], [['1.2']], '1.2']) expect(textValue(of(value), TAG)).toBeNull();
});

test('an integer is the first value as a number or as one to nine digits', () => {
  expect(integerValue(of([272, 1]), TAG)).toBe(272);
  expect(integerValue(of([0]), TAG)).toBe(0);
  expect(integerValue(of([-1]), TAG)).toBe(-1);
  expect(integerValue(of(['45056']), TAG)).toBe(45056);
  expect(integerValue(of(['7']), TAG)).toBe(7);
  expect(integerValue(of(['999999999']), TAG)).toBe(999999999);
  for (const value of ['1.5', '', ' 1', '1 ', '-1', '0x10', '1e3', 'a1', '1a', '1234567890'])
    expect(integerValue(of([value]), TAG), value).toBeNull();
  for (const value of [[], [1.5], [NaN], [Infinity], [null], [true], [{}], [['7']], 7])
    expect(integerValue(of(value), TAG)).toBeNull();
});

test('no JSON makes it throw', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const module = parse(text) ?? {};
      for (const tag of [TAG, ...Object.keys(module)])
        for (const read of [sequenceItems, textValue, integerValue]) expect(() => read(module, tag)).not.toThrow();
    }),
  );
});
