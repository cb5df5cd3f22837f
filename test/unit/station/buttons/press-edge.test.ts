import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PressEdge } from '../../../../main/station/buttons/press-edge.ts';

const pedal = { mask: Uint8Array.of(0x01), value: Uint8Array.of(0x01) };
const DOWN = Uint8Array.of(0x01, 0);
const UP = Uint8Array.of(0x00, 0);

function presses(reports: readonly (readonly [number, Uint8Array])[], pattern = pedal): number[] {
  const edge = new PressEdge(pattern);
  return reports.filter(([at, report]) => edge.report(report, at)).map(([at]) => at);
}

test('a press is told once, when the button goes down', () => {
  expect(
    presses(
      [
        [0, UP],
        [10, DOWN],
        [400, UP],
      ].map(([at, bytes]) => [at as number, bytes as Uint8Array]),
    ),
  ).toEqual([10]);
});

test('another button of the same pedal makes no press, held or not', () => {
  expect(
    presses([
      [0, Uint8Array.of(0x02, 0)],
      [500, Uint8Array.of(0x03, 0)],
      [900, Uint8Array.of(0x01, 0)],
      [1300, Uint8Array.of(0x00, 0)],
    ]),
  ).toEqual([500]);
});

test('a report of another kind from the same device is no release', () => {
  const pattern = { mask: Uint8Array.of(0xff, 0x01), value: Uint8Array.of(0x01, 0x01) };
  const other = Uint8Array.of(0x07, 0x00);
  expect(
    presses(
      [
        [0, Uint8Array.of(1, 1)],
        [10, other],
        [400, Uint8Array.of(1, 1)],
        [700, other],
      ] as const,
      pattern,
    ),
  ).toEqual([0]);
});

test('a button that never tells its release is pressed again after a silence', () => {
  expect(
    presses([
      [0, DOWN],
      [2000, DOWN],
      [2100, DOWN],
      [4000, DOWN],
    ]),
  ).toEqual([0, 2000, 4000]);
});

test('reports that are too short say nothing', () => {
  const pattern = { mask: Uint8Array.of(0, 0, 1), value: Uint8Array.of(0, 0, 1) };
  expect(
    presses(
      [
        [0, Uint8Array.of(0, 0)],
        [1, new Uint8Array()],
      ],
      pattern,
    ),
  ).toEqual([]);
});

/** One press of a person: bouncing when it goes down and when it comes up, repeated or silent while held. */
const push = fc.record({
  pause: fc.integer({ min: 320, max: 3000 }),
  held: fc.integer({ min: 30, max: 5000 }),
  bounces: fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 6 }),
  repeatEvery: fc.option(fc.integer({ min: 8, max: 1400 }), { nil: null }),
});

test('each push is one press, however it bounces and however long it is held', () => {
  fc.assert(
    fc.property(fc.array(push, { maxLength: 12 }), (pushes) => {
      const reports: [number, Uint8Array][] = [];
      const expected: number[] = [];
      let at = 0;
      const bounce = (gaps: readonly number[], last: Uint8Array, first: Uint8Array) => {
        for (const gap of gaps) reports.push([at, last], [(at += gap), first], [(at += gap), last]);
        if (gaps.length === 0) reports.push([at, last]);
      };
      for (const { pause, held, bounces, repeatEvery } of pushes) {
        at += pause;
        expected.push(at);
        bounce(bounces, DOWN, UP);
        const until = at + held;
        if (repeatEvery !== null)
          for (let next = at + repeatEvery; next < until; next += repeatEvery) reports.push([next, DOWN]);
        at = until;
        bounce(bounces, UP, DOWN);
      }
      expect(presses(reports)).toEqual(expected);
    }),
  );
});
