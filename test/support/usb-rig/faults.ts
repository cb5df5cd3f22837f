/**
 * The table of faults: what a device of the rig does wrong, one row each. faults.py strikes them; rig.test.ts compares the two tables. Every fault may name an
 * `operation` (else every operation it fits), a `path` of the object (with *), `after` so many fitting times it begins, and `times` it strikes (else always).
 */
export const rigFaults = {
  // the operation as it arrives
  'device-busy': 'request',
  refuse: 'request',
  silence: 'request',
  slow: 'request',
  'unplug-at': 'request',
  'forgets-storages': 'request',
  'session-already-open': 'request',
  'info-needs-session': 'request',
  'all-storages-unsupported': 'request',
  // its data phase
  'short-data': 'data',
  'long-data': 'data',
  'stall-at-data': 'data',
  'hang-in-data': 'data',
  'unplug-in-data': 'data',
  'wrong-transaction': 'data',
  'garbage-header': 'data',
  'wrong-length': 'data',
  'huge-length': 'data',
  'split-header': 'data',
  'no-zero-packet': 'data',
  'other-data': 'data',
  // its response
  'stall-at-response': 'response',
  'no-response': 'response',
  'wrong-transaction-response': 'response',
  'other-response': 'response',
  'unplug-before-response': 'response',
  // objects
  'wrong-size': 'object',
  unreadable: 'object',
  'cloud-only': 'object',
  'other-bytes': 'object',
  transcoding: 'object',
  'lying-delete': 'object',
  'delete-refused': 'object',
  'partial-delete': 'object',
  'returns-after-delete': 'object',
  'short-partial': 'object',
  'no-partial-reads': 'object',
  // listings
  'orphan-parents': 'listing',
  'cyclic-folders': 'listing',
  'parent-zero-is-root': 'listing',
  'ghost-handles': 'listing',
  'handles-twice': 'listing',
  // events
  'events-lost': 'event',
  'ghost-events': 'event',
} as const satisfies Readonly<Record<string, 'request' | 'data' | 'response' | 'object' | 'listing' | 'event'>>;

export type RigFaultName = keyof typeof rigFaults;

/** One fault; faults.py says what each row does with `code`, `bytes` and so on. */
export interface RigFault {
  readonly name: RigFaultName;
  /** PTP operation code. */
  readonly operation?: number;
  /** Path of the object, * for anything. */
  readonly path?: string;
  /** Fitting occasions to let pass first. */
  readonly after?: number;
  /** How often it strikes; without it, always. */
  readonly times?: number;
  /** PTP response code. */
  readonly code?: number;
  readonly bytes?: number;
  readonly milliseconds?: number;
  readonly count?: number;
  /** `other-bytes`: from which whole read on, and the offset of the byte. */
  readonly from?: number;
  readonly at?: number;
  /** `transcoding`, `other-data`: what comes instead. */
  readonly base64?: string;
  readonly file?: string;
  readonly size?: number;
  readonly seed?: string;
}
