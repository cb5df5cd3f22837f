import fc from 'fast-check';
import { expect, test } from 'vitest';
import { learn } from '../../../../main/station/buttons/learn.ts';
import type { TimedReport } from '../../../../main/station/buttons/learn.ts';
import { PressEdge } from '../../../../main/station/buttons/press-edge.ts';

const at = (when: number, ...bytes: number[]): TimedReport => ({ at: when, bytes: Uint8Array.from(bytes) });

function patternIn(reports: readonly TimedReport[], since = 0) {
  const heard = learn(reports, since);
  return heard.presses === 2
    ? [Buffer.from(heard.pattern.mask).toString('hex'), Buffer.from(heard.pattern.value).toString('hex')]
    : heard.presses;
}

test('two presses of a pedal are its bit', () => {
  const pressed = [at(0, 1, 0), at(200, 0, 0)];
  expect(patternIn([])).toBe(0);
  expect(patternIn(pressed)).toBe(1);
  expect(patternIn([...pressed, at(900, 1, 0)])).toEqual(['0100', '0100']);
});

test('a report id belongs to the button', () => {
  expect(patternIn([at(0, 1, 1), at(90, 1, 0), at(600, 1, 1)])).toEqual(['ff01', '0101']);
});

test('what a device says before the press is the device at rest', () => {
  const rest = [at(0, 9, 0x40), at(100, 9, 0x40)];
  expect(patternIn([...rest, at(300, 9, 0x40)], 200)).toBe(0);
  expect(patternIn([...rest, at(300, 9, 0x44), at(350, 9, 0x40), at(900, 9, 0x44)], 200)).toEqual(['ff04', '0904']);
});

test('a counter beside the button is left out', () => {
  const rest = [0, 1, 2, 3].map((count) => at(10 * count, count, 0x80));
  const live = [at(200, 4, 0x81), at(400, 5, 0x80), at(900, 6, 0x81)];
  expect(patternIn([...rest, ...live], 100)).toEqual(['0001', '0001']);
});

test('a device that counts its presses is known by what they have in common', () => {
  const reports = [
    at(0, 3, 1, 0x80),
    at(50, 3, 2, 0),
    at(800, 3, 0x13, 0x80),
    at(900, 3, 0x14, 0),
    at(1700, 3, 0x21, 0x80),
  ];
  const heard = learn(reports, 0);
  expect(heard.presses).toBe(2);
  if (heard.presses !== 2) return;
  const edge = new PressEdge(heard.pattern);
  expect(edge.report(Uint8Array.of(3, 0x31, 0x80), 5000)).toBe(true);
  expect(edge.report(Uint8Array.of(3, 0x32, 0x00), 5100)).toBe(false);
});

test('a foot that comes off the pedal after the beginning is no press', () => {
  const off = [at(0, 0, 0), at(500, 1, 0)];
  expect(patternIn([...off, at(501, 0, 0)])).toBe(1);
  expect(patternIn([...off, at(1200, 0, 0), at(1900, 1, 0)])).toEqual(['0100', '0100']);
});

test('two different buttons are not one', () => {
  expect(patternIn([at(0, 1, 0), at(100, 0, 0), at(900, 2, 0), at(1000, 0, 0)])).toBe(1);
});

test('holding and bouncing is one press', () => {
  expect(
    patternIn([at(0, 1, 0), at(4, 0, 0), at(8, 1, 0), at(500, 1, 0), at(900, 1, 0), at(1800, 1, 0), at(1803, 0, 0)]),
  ).toBe(1);
});

test('a button that never tells its release is learnt by all of its report', () => {
  expect(patternIn([at(0, 2, 7), at(3000, 2, 7)])).toEqual(['ffff', '0207']);
});

test('whatever bit a button is, it is learnt, and each later push is one press', () => {
  const device = fc.record({
    length: fc.integer({ min: 2, max: 16 }),
    rest: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    bit: fc.nat(15 * 8 - 1),
    bounces: fc.integer({ min: 0, max: 4 }),
    isQuietAtRest: fc.boolean(),
  });
  fc.assert(
    fc.property(device, ({ length, rest, bit, bounces, isQuietAtRest }) => {
      const up = rest.slice(0, length);
      const byte = 1 + (Math.floor(bit / 8) % (length - 1));
      // Of a device that says nothing at rest it is taken for granted that pressed is 1.
      if (isQuietAtRest) up[byte]! &= ~(1 << (bit % 8));
      const down = up.slice();
      // Never the first byte: a device's first byte may be its report's id.
      down[byte]! ^= 1 << (bit % 8);
      const reports: TimedReport[] = isQuietAtRest ? [] : [{ at: 0, bytes: up.slice() }];
      for (const begin of [1000, 2000]) {
        for (let n = 0; n <= bounces; n++)
          reports.push({ at: begin + 4 * n, bytes: down.slice() }, { at: begin + 4 * n + 2, bytes: up.slice() });
      }
      const heard = learn(reports, 500);
      expect(heard.presses).toBe(2);
      if (heard.presses !== 2) return;
      const edge = new PressEdge(heard.pattern);
      const told = [3000, 4000, 5000].map((when) => [edge.report(down, when), edge.report(up, when + 90)]);
      expect(told).toEqual([
        [true, false],
        [true, false],
        [true, false],
      ]);
    }),
  );
});

test('no reports make it fail', () => {
  const report = fc.record({ at: fc.nat(5000), bytes: fc.uint8Array({ maxLength: 8 }) });
  fc.assert(
    fc.property(fc.array(report, { maxLength: 60 }), fc.nat(3000), (reports, since) => {
      const heard = learn(
        reports.toSorted((a, b) => a.at - b.at),
        since,
      );
      if (heard.presses === 2) expect(heard.pattern.mask.some((bits) => bits !== 0)).toBe(true);
    }),
  );
});
