import { convertBytes } from 'dicom-character-set';

/** Why a text was not decoded. Never holds the text. */
export type DecodeFailure = 'unknown-character-set' | 'not-decodable';

export type Decoded = { text: string } | { failure: DecodeFailure };

/** Value representations in which a backslash is a character and not a separator. */
const FREE_TEXT = new Set(['LT', 'ST', 'UT']);
/** Character sets that use the bytes 80 to 9F, alone in their element (PS3.3 C.12.1.1.2). */
const WHOLE_BYTE_SETS = new Set(['ISO_IR 192', 'GB18030', 'GBK']);
/** Latin sets, in which UTF-8 that was labelled wrongly decodes to plausible rubbish ("MÃ¼ller"). */
const LATIN_SETS = new Set(['100', '101', '109', '110', '148']);
const KNOWN = new Set([
  '6',
  '100',
  '101',
  '109',
  '110',
  '144',
  '127',
  '126',
  '138',
  '148',
  '13',
  '166',
  '87',
  '159',
  '149',
  '58',
]);
/** Sets that fill G1 (bytes A0 to FF) from the start when they come first. */
const WITH_INITIAL_G1 = new Set(['100', '101', '109', '110', '144', '127', '126', '138', '148', '13', '166']);
const ESCAPE = 0x1b;

/** The defined terms of Specific Character Set (0008,0005), the first one possibly empty. */
export function characterSetsOf(value: string | null): string[] {
  if (value === null) return [''];
  return value.split('\\').map((term) => term.trim().toUpperCase());
}

/**
 * Decodes the bytes of one text value. Refuses whatever is not certain: an unknown set, bytes the set does not define,
 * a stray escape sequence, UTF-8 under a Latin label. A wrong name is worse than none.
 * @param terms as of characterSetsOf
 * @param vr value representation: separators reset ISO 2022 designations (PS3.5 6.1.2.5.3)
 */
export function decodeText(bytes: Uint8Array, terms: readonly string[], vr: string): Decoded {
  const first = terms[0] ?? '';
  const value = bytes.subarray(0, lengthWithoutPadding(bytes));
  if (value.every((byte) => byte >= 0x20 && byte < 0x7f && byte !== 0x5c && byte !== 0x7e)) {
    if (terms.every((term) => isKnown(term))) return { text: latin1(value) };
    return { failure: 'unknown-character-set' };
  }
  if (!terms.every((term) => isKnown(term))) return { failure: 'unknown-character-set' };
  if (WHOLE_BYTE_SETS.has(first)) return check(decodeWhole(value, first), vr);
  if (!isPlausible(value, terms, vr)) return { failure: 'not-decodable' };
  try {
    return check(convertBytes(terms.join('\\'), Uint8Array.from(value), { vr }), vr);
  } catch {
    return { failure: 'not-decodable' };
  }
}

function isKnown(term: string): boolean {
  return term === '' || WHOLE_BYTE_SETS.has(term) || KNOWN.has(numberOf(term));
}

function numberOf(term: string): string {
  return /^ISO(?:_| 2022 )IR (\d+)$/.exec(term)?.[1] ?? '';
}

function decodeWhole(value: Uint8Array, term: string): string | null {
  try {
    return new TextDecoder(term === 'ISO_IR 192' ? 'utf-8' : 'gb18030', { fatal: true }).decode(value);
  } catch {
    return null;
  }
}

/** Rules on the bytes, before decoding: designations must precede their use, and 80 to 9F is never a character. */
function isPlausible(value: Uint8Array, terms: readonly string[], vr: string): boolean {
  const first = numberOf(terms[0] ?? '');
  const extended = terms.length > 1 || (terms[0] ?? '').startsWith('ISO 2022');
  if (value.some((byte) => byte >= 0x80 && byte <= 0x9f)) return false;
  if (!extended) {
    if (value.includes(ESCAPE)) return false;
    if (value.some((byte) => byte >= 0x80) && !WITH_INITIAL_G1.has(first)) return false;
    // JIS X 0201 ends at DF; above it a shift-JIS pair would begin
    if (first === '13' && value.some((byte) => byte >= 0xe0)) return false;
  }
  if (LATIN_SETS.has(first) && looksLikeUtf8(value)) return false;
  return !extended || designationsHold(value, first, vr);
}

function designationsHold(value: Uint8Array, first: string, vr: string): boolean {
  const initial = { g0Wide: false, g1: WITH_INITIAL_G1.has(first), g1Wide: false };
  let state = { ...initial };
  for (let at = 0; at < value.length; at++) {
    const byte = value[at] ?? 0;
    if (byte === ESCAPE) {
      const sequence = latin1(value.subarray(at + 1, at + 4));
      const designated = DESIGNATIONS.find(([text]) => sequence.startsWith(text));
      if (!designated) return false;
      state = { ...state, ...designated[1] };
      at += designated[0].length;
    } else if (byte >= 0x80) {
      if (!state.g1) return false;
      if (state.g1Wide && (value[++at] ?? 0) < 0x80) return false;
    } else if (state.g0Wide) {
      const second = value[++at] ?? 0;
      if (byte < 0x21 || second < 0x21 || second > 0x7e) return false;
    } else if (isSeparator(byte, vr)) {
      state = { ...initial };
    }
  }
  return !state.g0Wide;
}

/** Escape sequences of PS3.3 tables C.12-3 and C.12-4, without ESC, and what they change. */
const DESIGNATIONS: readonly (readonly [string, Partial<{ g0Wide: boolean; g1: boolean; g1Wide: boolean }>])[] = [
  ['$)A', { g1: true, g1Wide: true }],
  ['$)C', { g1: true, g1Wide: true }],
  ['$(D', { g0Wide: true }],
  ['$B', { g0Wide: true }],
  ['(B', { g0Wide: false }],
  ['(J', { g0Wide: false }],
  [')I', { g1: true, g1Wide: false }],
  ...['A', 'B', 'C', 'D', 'F', 'G', 'H', 'L', 'M', 'T', 'b'].map(
    (final) => [`-${final}`, { g1: true, g1Wide: false }] as const,
  ),
];

function isSeparator(byte: number, vr: string): boolean {
  if (byte === 0x09 || byte === 0x0a || byte === 0x0c || byte === 0x0d) return true;
  if (vr === 'PN' && (byte === 0x5e || byte === 0x3d)) return true;
  return byte === 0x5c && !FREE_TEXT.has(vr);
}

function looksLikeUtf8(value: Uint8Array): boolean {
  if (!value.some((byte) => byte >= 0x80)) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(value);
    return true;
  } catch {
    return false;
  }
}

/** Controls, replacement and private-use characters are never part of a name or an id. */
function check(text: string | null, vr: string): Decoded {
  if (text === null) return { failure: 'not-decodable' };
  const bad = FREE_TEXT.has(vr)
    ? // eslint-disable-next-line no-control-regex
      /[\u0000-\u0008\u000b\u000e-\u001f\u007f-\u009f\ufffd\ue000-\uf8ff]/
    : // eslint-disable-next-line no-control-regex
      /[\u0000-\u001f\u007f-\u009f\ufffd\ue000-\uf8ff]/;
  return bad.test(text) ? { failure: 'not-decodable' } : { text };
}

function lengthWithoutPadding(bytes: Uint8Array): number {
  let length = bytes.length;
  while (length > 0 && (bytes[length - 1] === 0x20 || bytes[length - 1] === 0)) length--;
  return length;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}
