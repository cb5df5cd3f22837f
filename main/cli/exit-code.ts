/** What the exit code tells. 1 is ours: a defect, or a station that could not be started. */
export const EXIT = { done: 0, defect: 1, usage: 2, notAllowed: 3, inPart: 4, peer: 5 } as const;

const CODES: readonly (readonly [number, readonly string[]])[] = [
  [
    EXIT.usage,
    [
      'usage',
      'bad-request',
      'config',
      'config-needed',
      'other-config',
      'other-folder-kind',
      'cannot-read-file',
      'certificate-altered',
      'cannot-write-file',
      'password-file',
      'not-empty',
      'no-such-folder',
      'not-a-folder',
      'own-data-folder',
      'not-a-backup',
      'other-store-backup',
      'backup-on-medium',
      'backup-gone',
      'backup-running',
      'no-such-generation',
      'data-folder-not-empty',
      'no-such-docking',
      'no-such-capture',
      'no-such-hold',
      'no-such-worklist-item',
      'worklist-incomplete',
      'unknown-region',
      'laterality-needed',
      'laterality-not-allowed',
    ],
  ],
  [EXIT.notAllowed, ['not-allowed', 'not-signed-in', 'wrong-password', 'wait-before-sign-in', 'no-people']],
  [EXIT.inPart, ['not-connected', 'medium-read-only', 'still-reading', 'timed-out']],
];

/** Codes that say: the archive or the worklist could not be reached at all. */
const UNREACHABLE: ReadonlySet<string> = new Set([
  'peer-unreachable',
  'peer-timeout',
  'peer-tls',
  'peer-busy',
  'connection-lost',
  'no-response',
  'association-rejected',
  'association-aborted',
]);

export function isUnreachable(code: string): boolean {
  return UNREACHABLE.has(code);
}

/** The exit code for an error's stable code. */
export function exitOf(code: string): number {
  if (isUnreachable(code)) return EXIT.peer;
  return CODES.find(([, codes]) => codes.includes(code))?.[0] ?? EXIT.defect;
}
