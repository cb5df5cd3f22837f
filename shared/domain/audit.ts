/** What can be wrong with the audit chain. Each has words in i18n. */
export const AUDIT_PROBLEMS = [
  /** A line is not as it was written. */
  'changed',
  'removed',
  'inserted',
  'reordered',
  /** The chain fits in itself, and not to a head that this station has signed in it. */
  'rewritten',
  /** It ends before a line that a signed head or a certificate knows: its end was cut off, or an older chain put in its place. */
  'cut-short',
  /** A signed head or a certificate knows another line at this place: another chain was put in its place. */
  'replaced',
  /** A certificate or head file is signed with another key than this station has. */
  'other-key',
] as const;
export type AuditProblem = (typeof AUDIT_PROBLEMS)[number];

/** What comparing the chain with something outside of it has shown. `missing` and `unreadable` are of the head file only. */
export const WITNESS_ANSWERS = ['agrees', 'cut-short', 'replaced', 'other-key', 'missing', 'unreadable'] as const;
export type WitnessAnswer = (typeof WITNESS_ANSWERS)[number];
