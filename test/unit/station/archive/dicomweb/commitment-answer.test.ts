import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCommitmentLists } from '../../../../../main/station/archive/dicomweb/commitment-answer.ts';
import { readCommitmentAnswer } from '../../../../../main/station/archive/dicomweb/commitment.ts';

const OURS = '2.25.1';
const item = (sopClass: unknown, uid: unknown, more: Record<string, unknown> = {}) => ({
  '00081150': { vr: 'UI', Value: [sopClass] },
  '00081155': { vr: 'UI', Value: [uid] },
  ...more,
});
const list = (...Value: unknown[]) => ({ vr: 'SQ', Value });
const transaction = (uid: unknown) => ({ '00081195': { vr: 'UI', Value: [uid] } });

test('both lists as they stand, with what is repeated, foreign or half', () => {
  const module = {
    '00081199': list(item('1.2', '2.25.7'), item('1.2', '2.25.7'), item(null, '2.25.8'), item('1.2', 9), 'x'),
    '00081198': list(item('1.2', '2.25.9', { '00081197': { vr: 'US', Value: [274] } }), {}),
  };
  expect(readCommitmentLists(module, OURS)).toEqual({
    committed: [
      { sopClassUid: '1.2', sopInstanceUid: '2.25.7' },
      { sopClassUid: '1.2', sopInstanceUid: '2.25.7' },
      // What is missing is empty, and so is nobody's.
      { sopClassUid: '', sopInstanceUid: '2.25.8' },
      { sopClassUid: '1.2', sopInstanceUid: '' },
    ],
    failed: [
      { sopClassUid: '1.2', sopInstanceUid: '2.25.9', reason: 274 },
      { sopClassUid: '', sopInstanceUid: '', reason: null },
    ],
  });
});

test('an answer may name its transaction, and then it has to be ours', () => {
  const lists = { committed: [], failed: [] };
  expect(readCommitmentLists({}, OURS)).toEqual(lists);
  expect(readCommitmentLists(transaction(OURS), OURS)).toEqual(lists);
  for (const other of ['2.25.10', '2.25', ''])
    expect(readCommitmentLists({ ...transaction(other), '00081199': list(item('1.2', '2.25.7')) }, OURS)).toBeNull();
});

test('no JSON commits an instance that it does not name', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('00081199', '00081198', 'x'), fc.jsonValue()), (module) => {
      const lists = readCommitmentLists(module, OURS);
      expect(lists?.committed.some(({ sopInstanceUid }) => sopInstanceUid === '2.25.7')).toBe(false);
    }),
  );
});

describe('the whole HTTP answer', () => {
  const yes = { '00081199': list(item('1.2', '2.25.7')) };
  const read = (status: number, body: unknown) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    return readCommitmentAnswer(
      { status, headers: {}, mediaType: 'application/dicom+json', body: Buffer.from(text) },
      OURS,
    );
  };

  test('only a 200 commits; a 202 that lists everything is still to come', () => {
    const committed = [{ sopClassUid: '1.2', sopInstanceUid: '2.25.7' }];
    expect(read(200, yes)).toEqual({ state: 'answered', committed, failed: [] });
    expect(read(202, yes)).toEqual({ state: 'pending', retryAfterMs: null });
    for (const [status, code] of [
      [201, 'peer-refuses-request'],
      [204, 'peer-refuses-request'],
      [301, 'peer-redirects'],
      [400, 'peer-refuses-request'],
      [401, 'peer-denies-access'],
      [409, 'peer-refuses-request'],
      [500, 'peer-busy'],
      [503, 'peer-busy'],
    ] as const)
      expect(() => read(status, yes), String(status)).toThrow(expect.objectContaining({ code }));
  });

  test('HTML, nothing and an answer to another transaction are no answer', () => {
    for (const body of ['<html>', '', '[]', { ...yes, ...transaction('2.25.2') }])
      expect(() => read(200, body)).toThrow(expect.objectContaining({ code: 'peer-answer-unreadable' }));
  });
});
