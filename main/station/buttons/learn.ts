import { DEBOUNCE_MS } from '../../../shared/domain/buttons.ts';
import { PressEdge, saysPressed } from './press-edge.ts';
import type { Pattern } from './press-edge.ts';

/** A report and when it came (ms on a clock that only goes forward). */
export interface TimedReport {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** What the reports of one device have shown so far. Two presses prove a pattern: the first finds it, the second keeps it. */
export type Heard =
  { readonly presses: 0 } | { readonly presses: 1 } | { readonly presses: 2; readonly pattern: Pattern };

/**
 * Finds out which bits of a device's reports mean "pressed", from the difference between its idle and its pressed reports.
 * @param reports of one device, in the order sent
 * @param since when the person was asked to press: what came before is the device at rest
 */
export function learn(reports: readonly TimedReport[], since: number): Heard {
  const asked = reports.findIndex(({ at }) => at >= since);
  const idle = asked === -1 ? reports : reports.slice(0, asked);
  const live = asked === -1 ? [] : reports.slice(asked);
  const rest = (length: number) => idle.findLast(({ bytes }) => bytes.length === length)?.bytes ?? null;

  const heard = live.find(({ bytes }) => {
    const atRest = rest(bytes.length);
    return bytes.length > 0 && (atRest === null || differs(bytes, atRest, steadyBits(idle, bytes.length)));
  });
  if (!heard) return { presses: 0 };
  const { length } = heard.bytes;
  const steady = steadyBits(idle, length);
  const other = live.find(({ bytes }) => bytes.length === length && differs(bytes, heard.bytes, steady));
  // Nothing was said at rest, and the first report is one of zeros: a foot came off the pedal. A pressed button is 1 (HID Usage Tables 1.5, 12).
  const cameOff = rest(length) === null && other !== undefined && isLower(heard.bytes, other.bytes);
  const first = cameOff ? other : heard;
  const later = live.filter(({ at, bytes }) => at >= first.at && bytes.length === length && bytes !== first.bytes);
  const back = cameOff ? heard : later.find(({ bytes }) => differs(bytes, first.bytes, steady));
  const released = rest(length) ?? back?.bytes ?? null;

  const pattern = patternOf(first.bytes, released, steady);
  if (countPresses(pattern, live) >= 2)
    return { presses: 2, pattern: withoutRestless(pattern, first.bytes, released, live) };
  if (released === null) return { presses: 1 };

  // A device that counts its reports never says the same twice: what both presses have in common is the button.
  const second = later.find(
    ({ at, bytes }) =>
      at - first.at >= DEBOUNCE_MS && differs(bytes, released, steady) && differs(bytes, first.bytes, steady),
  );
  if (!second) return { presses: 1 };
  const common = steady.map((bits, at) => bits & ~(first.bytes[at]! ^ second.bytes[at]!));
  const refined = patternOf(first.bytes, released, common);
  const tellsApart = refined.mask.some((bits, at) => (bits & (first.bytes[at]! ^ released[at]!)) !== 0);
  if (!tellsApart || countPresses(refined, live) < 2) return { presses: 1 };
  return { presses: 2, pattern: withoutRestless(refined, first.bytes, released, live) };
}

/** The bits that stood still while the device was at rest; a counter or a sensor beside the button does not. */
function steadyBits(idle: readonly TimedReport[], length: number): Uint8Array {
  const same = idle.filter(({ bytes }) => bytes.length === length).map(({ bytes }) => bytes);
  const steady = new Uint8Array(length).fill(0xff);
  for (const bytes of same) for (let at = 0; at < length; at++) steady[at]! &= ~(bytes[at]! ^ same[0]![at]!);
  return steady;
}

/** Whether no bit is set that is not set in the other, too. */
function isLower(one: Uint8Array, other: Uint8Array): boolean {
  return one.every((byte, at) => (byte & ~other[at]!) === 0);
}

function differs(one: Uint8Array, other: Uint8Array, bits: Uint8Array): boolean {
  return bits.some((mask, at) => ((one[at]! ^ other[at]!) & mask) !== 0);
}

/** The bits that a press changes; all of them where nothing tells a release. An equal first byte names the kind of report, so it belongs to it. */
function patternOf(pressed: Uint8Array, released: Uint8Array | null, bits: Uint8Array): Pattern {
  const mask = bits.map((steady, at) => (released === null ? steady : (pressed[at]! ^ released[at]!) & steady));
  if (released !== null && mask.length > 1) {
    if (bits[0] === 0xff && pressed[0] === released[0]) mask[0] = 0xff;
    // Every bit of it changes, so it is no kind of report: one bit fewer says so.
    else if (mask[0] === 0xff) mask[0] = 0x7f;
  }
  return { mask, value: mask.map((own, at) => pressed[at]! & own) };
}

/** Leaves out what also changes while the button is up (a counter's higher bits), as long as something remains to know it by. */
function withoutRestless(
  pattern: Pattern,
  pressed: Uint8Array,
  released: Uint8Array | null,
  live: readonly TimedReport[],
): Pattern {
  if (released === null) return pattern;
  const up = live.filter(({ bytes }) => bytes.length === released.length && !saysPressed(pattern, bytes));
  const restless = released.map((bits, at) => up.reduce((all, { bytes }) => all | (bytes[at]! ^ bits), 0));
  const own = pattern.mask.map((bits, at) => bits & (pressed[at]! ^ released[at]!) & ~restless[at]!);
  if (own.every((bits) => bits === 0)) return pattern;
  const mask = pattern.mask.map((bits, at) => (pressed[at] === released[at] ? bits : own[at]!));
  return { mask, value: mask.map((bits, at) => pressed[at]! & bits) };
}

function countPresses(pattern: Pattern, reports: readonly TimedReport[]): number {
  if (pattern.mask.every((bits) => bits === 0)) return 0;
  const edge = new PressEdge(pattern);
  return reports.filter(({ bytes, at }) => edge.report(bytes, at)).length;
}
