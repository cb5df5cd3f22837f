/** Roles, from least to most. */
export const ROLES = ['staff', 'photographer', 'lead'] as const;
export type Role = (typeof ROLES)[number];

/** Everything a person can be allowed to do. Each call of the contract names one (or `none` before sign-in). */
export const ACTIONS = [
  'see',
  'dock',
  'capture',
  'file',
  'retry',
  'release',
  'certify',
  'hold',
  'lift-hold',
  'reject',
  'review',
  'administer',
  'audit',
  'back-up',
  'teach',
  'lend',
  'register',
] as const;
export type Action = (typeof ACTIONS)[number];

/** What each role may do. One table, asked by `may()` in the station and shown by the window to explain a closed door. */
export const PERMISSIONS: Readonly<Record<Role, readonly Action[]>> = {
  staff: ['see', 'dock', 'capture', 'certify', 'lend'],
  photographer: ['see', 'dock', 'capture', 'file', 'retry', 'release', 'certify', 'hold', 'review', 'lend'],
  lead: [...ACTIONS],
};
