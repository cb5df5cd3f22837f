import { describe, expect, test } from 'vitest';
import { classifyStoreStatus, judgeStoreAnswer } from '../../../../../main/station/archive/dimse/store-status.ts';

const WARNINGS = new Set([0xb000, 0xb006, 0xb007]);

test('every status there can be: one is a success, three are warnings, all others are refusals', () => {
  for (let status = 0; status <= 0xffff; status++) {
    const expected = status === 0 ? 'stored' : WARNINGS.has(status) ? 'warning' : 'refused';
    if (classifyStoreStatus(status) !== expected) expect.fail(`${status.toString(16)} is not ${expected}`);
  }
  for (const status of [-1, NaN, 0.5, 0x10000]) expect(classifyStoreStatus(status)).toBe('refused');
});

describe('an answer that names what it answers', () => {
  const sent = { sopClassUid: '1.2.3', sopInstanceUid: '2.25.7' };
  const TOLD_CLASS = [undefined, '', '1.2.3', '1.2.4', '1.2.3.'] as const;
  const TOLD_INSTANCE = [undefined, '', '2.25.7', '2.25.70', '2.25'] as const;

  test('every combination: what names another class or instance proves nothing, what names none is taken as it is', () => {
    for (const status of [0x0000, 0xb000, 0xb006, 0xb007, 0xa700, 0xa900, 0xc000, 0x0122])
      for (const affectedSopClassUid of TOLD_CLASS)
        for (const affectedSopInstanceUid of TOLD_INSTANCE) {
          const command = {
            ...(affectedSopClassUid === undefined ? {} : { affectedSopClassUid }),
            ...(affectedSopInstanceUid === undefined ? {} : { affectedSopInstanceUid }),
          };
          const isOurs =
            [undefined, '', '1.2.3'].includes(affectedSopClassUid) &&
            [undefined, '', '2.25.7'].includes(affectedSopInstanceUid);
          const outcome = classifyStoreStatus(status);
          // A refusal needs no proof: it is believed whatever it names.
          const expected = isOurs || outcome === 'refused' ? outcome : 'unknown';
          expect(judgeStoreAnswer({ status, command }, sent)).toBe(expected);
        }
  });
});
