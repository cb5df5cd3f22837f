import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventReader } from '../../../main/client/follow-events.ts';

test('events are whole however the stream is cut', () => {
  const payload = { topics: ['captures'], dockingId: 'docking-Ж' };
  const stream =
    `: hello\n\ndata: ${JSON.stringify({ name: 'changed', payload })}\n\ndata:broken\n\ndata: 7\n\n`.repeat(3);
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: stream.length - 1 })), (cuts) => {
      const seen: unknown[] = [];
      const read = eventReader((event) => seen.push(event));
      const places = [0, ...new Set(cuts), stream.length].toSorted((a, b) => a - b);
      places.slice(1).forEach((end, index) => read(stream.slice(places[index], end)));
      expect(seen).toEqual(Array.from({ length: 3 }, () => ({ name: 'changed', payload })));
    }),
    { numRuns: 50 },
  );
});
