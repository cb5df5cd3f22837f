import { expect, test } from 'vitest';
import { newUid } from '../../../../../main/station/archive/dicom/index.ts';

test('UIDs are UUIDs under 2.25, at most 64 characters, and never repeat', () => {
  const uids = Array.from({ length: 1000 }, newUid);
  expect(new Set(uids).size).toBe(1000);
  for (const uid of uids) {
    expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
    expect(BigInt(uid.slice(5)) < 2n ** 128n).toBe(true);
  }
});
