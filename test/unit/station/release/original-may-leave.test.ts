import { expect, test } from 'vitest';
import type { ErasePolicy, ItemRole } from '../../../../main/station/release/original-may-leave.ts';
import { ITEM_ROLES, originalMayLeave } from '../../../../main/station/release/original-may-leave.ts';
import { POLICIES } from './policies.ts';

/** Which word of the policy decides on a role: the design's sentence "policy for originals whose bytes the archive does not hold". */
const DECIDES: Readonly<Record<ItemRole, (policy: ErasePolicy) => boolean>> = {
  record: () => true,
  sidecar: () => true,
  'derived-original': (policy) => policy.derivedMayLeave,
  'heic-original': (policy) => policy.heicMayLeave,
  raw: (policy) => policy.rawMayLeave,
  motion: (policy) => policy.motionMayLeave,
  other: () => false,
};

test('every role under every policy: only its own word lets an original go', () => {
  expect(POLICIES).toHaveLength(32);
  for (const policy of POLICIES)
    for (const role of ITEM_ROLES) expect(originalMayLeave(role, policy), role).toBe(DECIDES[role](policy));
});
