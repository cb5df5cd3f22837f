import { attributes, type Keyword } from './attributes.ts';
import type { Dataset, PersonName } from './dataset.ts';
import { DicomValueError } from './errors.ts';

/** Characters that separate values or groups, and control characters: not in short text (PS3.5 6.1.3 and 6.2). */
const shortText = /^[^\\\p{Cc}\p{Cs}]*$/u;
/** Long text may hold backslash, tab, line feed, form feed and carriage return. */
const longText = /^(?:[\t\n\f\r]|[^\p{Cc}\p{Cs}])*$/u;

interface TextRule {
  pattern: RegExp;
  /** In characters, not bytes (PS3.5 6.2), per value. */
  length: number;
  check?: (value: string) => boolean;
}

const unlimited = 0xfffffffe;

/** PS3.5 table 6.2-1 for the VRs that we write as text. */
const textRules: Readonly<Record<string, TextRule>> = {
  CS: { pattern: /^[A-Z0-9_ ]*$/, length: 16 },
  DA: { pattern: /^(?:\d{8})?$/, length: 8, check: isDate },
  TM: {
    pattern: /^(?:([01]\d|2[0-3])([0-5]\d([0-5]\d|60)?)?)?$|^([01]\d|2[0-3])[0-5]\d([0-5]\d|60)\.\d{1,6}$/,
    length: 14,
  },
  DT: { pattern: /^\d{14}(?:\.\d{1,6})?(?:[+-](?:0\d|1[0-4])[0-5]\d)?$/, length: 26, check: isDateTime },
  DS: { pattern: /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d+)?$/, length: 16 },
  IS: { pattern: /^[+-]?\d+$/, length: 12, check: (value) => Math.abs(Number(value)) < 2 ** 31 },
  UI: { pattern: /^(?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*))+$/, length: 64 },
  SH: { pattern: shortText, length: 16 },
  LO: { pattern: shortText, length: 64 },
  UC: { pattern: shortText, length: unlimited },
  ST: { pattern: longText, length: 1024 },
  LT: { pattern: longText, length: 10240 },
  UT: { pattern: longText, length: unlimited },
};

/**
 * Checks every value of the dataset, sequences included, against its VR (PS3.5 6.2): length, character repertoire, format
 * and number of values. dcmjs checks almost nothing and writes an 80-character LO as it is.
 * @throws DicomValueError for the first value that breaks a rule; it names the attribute, never the value
 */
export function validateDataset(dataset: Dataset): void {
  for (const [keyword, value] of Object.entries(dataset) as [Keyword, Dataset[Keyword]][]) {
    if (value !== undefined && value !== null) validateValue(keyword, value);
  }
}

function validateValue(keyword: Keyword, value: unknown): void {
  const { vr } = attributes[keyword];
  if (vr === 'SQ') {
    for (const item of value as readonly Dataset[]) validateDataset(item);
  } else if (vr === 'PN') {
    validateName(keyword, value as PersonName);
  } else if (vr === 'US') {
    const number = value as number;
    if (!Number.isInteger(number) || number < 0 || number > 0xffff)
      throw broken(keyword, 'not a number from 0 to 65535');
  } else if (vr === 'OB') {
    if ((value as Uint8Array).byteLength === 0) throw broken(keyword, 'no bytes');
  } else {
    validateText(keyword, vr, Array.isArray(value) ? (value as string[]) : [value as string]);
  }
}

function validateText(keyword: Keyword, vr: string, values: readonly string[]): void {
  const attribute: { tag: string; values?: number } = attributes[keyword];
  if (values.length > (attribute.values ?? 1)) throw broken(keyword, 'too many values');
  const rule = textRules[vr];
  if (!rule) throw broken(keyword, 'no rule for this VR');
  for (const value of values) {
    if (characters(value) > rule.length) throw broken(keyword, `longer than ${rule.length} characters`);
    if (!rule.pattern.test(value)) throw broken(keyword, 'characters or format not allowed');
    if (rule.check && !rule.check(value)) throw broken(keyword, 'out of range');
  }
}

function validateName(keyword: Keyword, name: PersonName): void {
  for (const group of [name.alphabetic, name.ideographic ?? '', name.phonetic ?? '']) {
    if (characters(group) > 64) throw broken(keyword, 'a name group longer than 64 characters');
    if (!shortText.test(group) || group.includes('=')) throw broken(keyword, 'characters not allowed in a name');
    if (group.split('^').length > 5) throw broken(keyword, 'more than five name components');
  }
}

function characters(value: string): number {
  return [...value].length;
}

function isDate(value: string): boolean {
  if (value === '') return true;
  const [year, month, day] = [Number(value.slice(0, 4)), Number(value.slice(4, 6)), Number(value.slice(6, 8))];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day); // Date.UTC would read the years 0 to 99 as 1900 to 1999
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** The digits are there: the pattern has been tested. */
function isDateTime(value: string): boolean {
  const part = (from: number) => Number(value.slice(from, from + 2));
  return isDate(value.slice(0, 8)) && part(8) < 24 && part(10) < 60 && part(12) <= 60;
}

function broken(keyword: Keyword, reason: string): DicomValueError {
  const { tag, vr } = attributes[keyword];
  return new DicomValueError({ tag, keyword, vr, reason });
}
