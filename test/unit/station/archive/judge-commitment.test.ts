import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeCommitment } from '../../../../main/station/archive/judge-commitment.ts';

const ASKED = { sopClassUid: '1.2', sopInstanceUid: '2.25.7' };
const OTHER_CLASS = { ...ASKED, sopClassUid: '1.3' };
const OTHER = { ...ASKED, sopInstanceUid: '2.25.70' };
const EMPTY = { sopClassUid: '', sopInstanceUid: '' };

/** Every list of up to two of these, in every order, repetitions included. */
const lists = <One>(ones: readonly One[]): One[][] => [
  [],
  ...ones.map((one) => [one]),
  ...ones.flatMap((first) => ones.map((second) => [first, second])),
];
const COMMITTED = lists([ASKED, OTHER_CLASS, OTHER, EMPTY]);
const FAILED = lists(
  [ASKED, OTHER_CLASS, OTHER].flatMap((reference) =>
    [0x0110, 0x0112, 0x0119, null].map((reason) => ({ ...reference, reason })),
  ),
);

test('every pair of lists: committed only when named under its own class, each time, and nowhere among the failed', () => {
  for (const committed of COMMITTED)
    for (const failed of FAILED) {
      const judged = judgeCommitment({ committed, failed }, ASKED);
      const failures = failed.filter((one) => one.sopInstanceUid === '2.25.7');
      const named = committed.filter((one) => one.sopInstanceUid === '2.25.7');
      if (failures.length > 0) {
        const isUnknown = failures.some((one) => one.reason === 0x0112);
        expect(judged).toEqual({
          verdict: 'failed',
          reason: isUnknown ? 0x0112 : failures[0]!.reason,
          // What the archive does not know is sent again; what it knows and cannot commit is asked for again.
          backTo: isUnknown ? 'built' : 'stored',
        });
      } else {
        const isCommitted = named.length > 0 && named.every((one) => one.sopClassUid === '1.2');
        expect(judged).toEqual({ verdict: isCommitted ? 'committed' : 'not-said' });
      }
    }
});

const uid = fc.constantFrom('2.25.7', '2.25.70', '2.25.8', '');
const references = fc.array(fc.record({ sopClassUid: fc.constantFrom('1.2', '1.3', ''), sopInstanceUid: uid }));

test('monotone: a report that says less, or fails more, never commits more', () => {
  fc.assert(
    fc.property(references, references, references, fc.nat(), (committed, failed, more, at) => {
      const withReason = (list: typeof failed) => list.map((one) => ({ ...one, reason: null }));
      const of = (yes: typeof committed, no: typeof failed) =>
        judgeCommitment({ committed: yes, failed: withReason(no) }, ASKED).verdict;
      fc.pre(of(committed, failed) !== 'committed');
      expect(of(committed, [...failed, ...more])).not.toBe('committed');
      // Taking a contradiction away is the one thing that may turn a no: what is left then says yes, and nothing else.
      const without = committed.filter((_one, index) => index !== at % Math.max(1, committed.length));
      const hasContradiction = committed.some((one) => one.sopInstanceUid === '2.25.7' && one.sopClassUid !== '1.2');
      if (!hasContradiction) expect(of(without, failed)).not.toBe('committed');
    }),
  );
});
