/** Why a capture was rejected: a fixed list, so that it can be counted and translated. */
export const REJECT_REASONS = [
  'blurred',
  'test-shot',
  'not-clinical',
  'wrong-card',
  'unknown-file-kind',
  'duplicate-view',
  'other',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

/** Every reason for which the gate refuses to erase an item. Each has words in i18n. */
export const KEEP_REASONS = [
  'not-proven',
  'source-hash-missing',
  'second-read-missing',
  'second-read-differs',
  'unsealed-hash-missing',
  'unsealed-hash-differs',
  'no-capture',
  'capture-not-confirmed',
  'capture-rejected-policy',
  'store-status-missing',
  'commitment-missing',
  'commitment-failed',
  'read-back-missing',
  'read-back-differs',
  'hold',
  'object-changed',
  'object-missing',
  'group-incomplete',
  'original-not-in-archive-policy',
  'unreadable',
  'housekeeping',
  'not-followed',
  'medium-read-only',
  'erase-refused',
  'object-unreadable',
  'personal-phone',
] as const;
export type KeepReason = (typeof KEEP_REASONS)[number];
