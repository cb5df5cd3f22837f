/**
 * What an item is to its capture's record:
 * record = its pixel stream is what the archive holds; derived-original = the archive holds a JPEG derived from it;
 * raw, motion, sidecar = companions whose bytes the archive does not hold; other = nothing of it can go to the archive.
 */
export const ITEM_ROLES = ['record', 'derived-original', 'heic-original', 'raw', 'motion', 'sidecar', 'other'] as const;
export type ItemRole = (typeof ITEM_ROLES)[number];

/** Whether originals may leave whose own bytes the archive does not hold, and whether rejected captures may. */
export interface ErasePolicy {
  readonly heicMayLeave: boolean;
  readonly rawMayLeave: boolean;
  readonly motionMayLeave: boolean;
  readonly derivedMayLeave: boolean;
  readonly rejectedMayLeave: boolean;
}

const RULES: Readonly<Record<ItemRole, keyof ErasePolicy | 'always' | 'never'>> = {
  record: 'always',
  sidecar: 'always',
  'heic-original': 'heicMayLeave',
  'derived-original': 'derivedMayLeave',
  raw: 'rawMayLeave',
  motion: 'motionMayLeave',
  other: 'never',
};

/** Whether an item of this role may leave once its capture's record is confirmed. */
export function originalMayLeave(role: ItemRole, policy: ErasePolicy): boolean {
  const rule = RULES[role];
  return rule === 'always' || (rule !== 'never' && policy[rule]);
}
