import { expect, test } from 'vitest';
import { readCommitmentReport } from '../../../../../main/station/archive/dimse/commitment-report.ts';
import type { OutElement } from '../../../../../main/station/archive/dimse/elements.ts';
import {
  encodeElements,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  readElements,
} from '../../../../../main/station/archive/dimse/elements.ts';

const TRANSACTION: OutElement = [0x00081195, 'UI', '2.25.1'];
const reference = (sopClassUid: string | null, sopInstanceUid: string | null): OutElement[] => [
  ...(sopClassUid === null ? [] : [[0x00081150, 'UI', sopClassUid] as const]),
  ...(sopInstanceUid === null ? [] : [[0x00081155, 'UI', sopInstanceUid] as const]),
];
const committed = (...items: OutElement[][]): OutElement => [0x00081199, 'SQ', items];
const failed = (...items: OutElement[][]): OutElement => [0x00081198, 'SQ', items];
/** US, little endian: 0x0112 as its two bytes. */
const because: OutElement = [0x00081197, 'US', '\x12\x01'];

const read = (elements: OutElement[], syntax = EXPLICIT_LITTLE_ENDIAN) =>
  readCommitmentReport(readElements(encodeElements(elements, syntax), syntax));

test.each([EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN])('both lists as they stand, in %s', (syntax) => {
  const report = [
    TRANSACTION,
    committed(reference('1.2', '2.25.7'), reference('1.2', '2.25.7')),
    failed([...reference('1.2', '2.25.8'), because], reference('1.3', '2.25.9')),
  ];
  expect(read(report, syntax)).toEqual({
    transactionUid: '2.25.1',
    ok: [
      { sopClassUid: '1.2', sopInstanceUid: '2.25.7' },
      { sopClassUid: '1.2', sopInstanceUid: '2.25.7' },
    ],
    failed: [
      { sopClassUid: '1.2', sopInstanceUid: '2.25.8', reason: 0x0112 },
      { sopClassUid: '1.3', sopInstanceUid: '2.25.9', reason: null },
    ],
  });
});

test('a report that lists nothing says nothing', () => {
  expect(read([TRANSACTION])).toEqual({ transactionUid: '2.25.1', ok: [], failed: [] });
});

test('a report without its transaction, or with a reference that names half of an instance, is none', () => {
  for (const elements of [[], [[0x00081195, 'UI', ''] as const]])
    expect(() => read([...elements, committed(reference('1.2', '2.25.7'))])).toThrow(
      'commitment report without a Transaction UID',
    );
  for (const half of [reference(null, '2.25.7'), reference('1.2', null), reference('', '2.25.7'), reference('1.2', '')])
    for (const list of [committed, failed])
      expect(() => read([TRANSACTION, list(half)])).toThrow('reference without UIDs');
});
