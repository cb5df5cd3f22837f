/**
 * Ways in which archives fail or lie, and what the station must make of each. docs/reliability-archives.md is this table
 * for people; a test compares the two, and test/faults/hostile-archives.test.ts plays every row against a real station.
 */
export interface HostileScenario {
  readonly name: string;
  readonly protocol: 'dimse' | 'web' | 'both';
  /** Who fails: the archive itself, or the line to it (network, TLS, its process going away). */
  readonly at: 'archive' | 'line';
  readonly behaviour: string;
  /** `confirmed`: in order in the end, by itself. `unconfirmed`: nothing may be erased, and somebody must see why. */
  readonly expected: 'confirmed' | 'unconfirmed';
  /** What the station holds to be so while it lasts. */
  readonly believes: Belief;
  /** The code on the lead's Review row, one for both protocols or one for each; null where there is nothing to tell. */
  readonly told: string | { readonly dimse: string; readonly web: string } | null;
  /** What the dot beside "Archive" says. */
  readonly health: 'ok' | 'unreachable';
  readonly next: Next;
}

/** Stage of the capture, and its latest evidence of each kind, in the station's store. */
export const beliefs = {
  'nothing said': { stage: 'filed', evidence: {} },
  'not taken': { stage: 'filed', evidence: { 'store-status': false } },
  taken: { stage: 'delivered', evidence: { 'store-status': true } },
  'taken, not committed': { stage: 'delivered', evidence: { 'store-status': true, commitment: false } },
  'never had it': { stage: 'filed', evidence: { 'store-status': true, commitment: false } },
  'taken, committed': { stage: 'delivered', evidence: { 'store-status': true, commitment: true } },
  'other pixels there': {
    stage: 'delivered',
    evidence: { 'store-status': true, commitment: true, 'read-back': false },
  },
  'lost there': { stage: 'filed', evidence: { 'store-status': true, commitment: true, 'read-back': false } },
  proven: { stage: 'confirmed', evidence: { 'store-status': true, commitment: true, 'read-back': true } },
} as const;
export type Belief = keyof typeof beliefs;

/**
 * What it does next, by itself, at a growing distance: the same bytes under the same UID once more, or the same question
 * once more without sending again. `a person`: it goes on asking, but only the archive's people can mend it. `goes on`: no more.
 */
export type Next = 'sends again' | 'asks again' | 'a person' | 'goes on';

type Trouble = Partial<Pick<HostileScenario, 'believes' | 'health' | 'next' | 'at'>> & {
  readonly told: Exclude<HostileScenario['told'], null>;
};
const committed = { believes: 'taken, committed', next: 'asks again' } as const;
const stored = { believes: 'taken', next: 'asks again' } as const;
const line = { at: 'line', health: 'unreachable' } as const;

export const hostileScenarios = [
  fine('honest', 'both', 'stores, commits and gives back what it was sent'),

  // What it says to a store request, and what it keeps
  bad('stores-nothing', 'both', 'answers success and commits, but keeps nothing', {
    told: 'archive-does-not-hold-it',
    believes: 'lost there',
  }),
  bad('keeps-other-pixels', 'both', 'answers success and commits, but keeps other pixels under the UID', {
    told: 'read-back-differs',
    believes: 'other pixels there',
    next: 'a person',
  }),
  bad('truncates', 'both', 'answers success and commits, but keeps half of the picture', {
    told: 'read-back-differs',
    believes: 'other pixels there',
    next: 'a person',
  }),
  fine('warns', 'both', 'stores with warning B000 (elements coerced) and is honest otherwise'),
  fine('warns-discarded', 'both', 'stores with warning B006 (elements discarded) and is honest otherwise'),
  fine('warns-mismatch', 'both', 'stores with warning B007 (does not match its class) and is honest otherwise'),
  bad('out-of-resources', 'both', 'its disk is full: refuses to store with A700', {
    told: 'archive-refused',
    believes: 'not taken',
  }),
  bad('refuses-class', 'both', 'refuses to store with 0122, class not supported', {
    told: 'archive-refused',
    believes: 'not taken',
  }),
  bad('cannot-understand', 'both', 'refuses to store with C000, cannot understand', {
    told: 'archive-refused',
    believes: 'not taken',
  }),
  bad('refuses-jpeg', 'dimse', 'takes uncompressed pictures only', { told: 'context-not-accepted' }),
  bad('refuses-syntax', 'web', 'takes uncompressed pictures only: 409 with Failure Reason 0122', {
    told: 'archive-refused',
    believes: 'not taken',
  }),
  bad('refuses-association', 'dimse', 'rejects every association', {
    told: 'association-rejected',
    health: 'unreachable',
  }),
  bad('refuses-context', 'dimse', 'accepts the association but no storage context', { told: 'context-not-accepted' }),
  bad('aborts-store', 'dimse', 'answers the C-STORE with an A-ABORT', { told: 'association-aborted' }),
  bad('never-answers-store', 'both', 'takes the picture and never answers', { told: 'peer-timeout' }),
  fine('restarts-in-store', 'both', 'keeps the picture, and dies before it answers; comes back'),

  // Storage commitment
  bad('commitment-refused', 'both', 'refuses the commitment request (N-ACTION 0110; HTTP 400)', {
    ...stored,
    told: { dimse: 'commitment-refused', web: 'peer-refuses-request' },
  }),
  bad('commitment-never-answers', 'both', 'takes the commitment request and never answers it', {
    ...stored,
    told: 'peer-timeout',
  }),
  bad('commitment-never', 'both', 'accepts the commitment request and never reports (HTTP 202 for ever)', {
    ...stored,
    told: 'commitment-timeout',
  }),
  bad('commitment-foreign', 'both', 'reports success for a transaction, or for instances, that nobody asked about', {
    ...stored,
    told: 'commitment-timeout',
  }),
  bad('commitment-fewer', 'both', 'reports success but leaves the last instance out', {
    ...stored,
    told: 'commitment-timeout',
  }),
  bad('commitment-failed', 'both', 'reports all instances as failed, 0112: it never had them', {
    told: 'commitment-failed',
    believes: 'never had it',
  }),
  bad('commitment-failed-0110', 'both', 'reports all instances as failed, 0110: processing failure', {
    told: 'commitment-failed',
    believes: 'taken, not committed',
    next: 'asks again',
  }),
  bad('commitment-not-offered', 'web', 'answers 404: it has no storage commitment', {
    ...stored,
    told: 'commitment-not-offered',
  }),
  bad('commitment-forgotten', 'web', 'accepts the commitment request, then does not know it any more', {
    ...stored,
    told: 'commitment-forgotten',
  }),
  fine('commitment-late', 'both', 'reports only after the station gave up waiting (HTTP: 202 first)'),
  fine('commitment-early', 'dimse', 'reports before it answers the N-ACTION'),
  fine('commitment-twice', 'dimse', 'reports the same success twice'),
  fine('restarts-in-commitment', 'both', 'dies while it is asked to commit; comes back'),
  bad('loses-after-commitment', 'both', 'stores, commits, and then loses the picture', {
    told: 'archive-does-not-hold-it',
    believes: 'lost there',
  }),

  // Read-back
  bad('gives-other-pixels', 'both', 'stores honestly and gives back other pixels', {
    told: 'read-back-differs',
    believes: 'other pixels there',
    next: 'asks again',
  }),
  bad('gives-half', 'both', 'stores honestly and gives back half of the picture', {
    told: 'read-back-differs',
    believes: 'other pixels there',
    next: 'asks again',
  }),
  bad('read-back-never-answers', 'both', 'stores honestly and never answers the request to give back', {
    ...committed,
    told: 'peer-timeout',
  }),
  bad('move-refused', 'dimse', 'answers the C-MOVE with A801, destination unknown', {
    ...committed,
    told: 'unexpected-status',
  }),
  bad('move-sends-nothing', 'dimse', 'answers the C-MOVE with success and sends nothing', {
    ...committed,
    told: 'read-back-failed',
  }),
  fine('no-frames', 'web', 'is honest but has no frames resource'),
  bad('read-back-cut-off', 'web', 'stores honestly and gives back half of the multipart body', {
    ...committed,
    told: 'peer-answer-unreadable',
  }),
  bad('read-back-html', 'web', 'stores honestly and gives back an error page with status 200', {
    ...committed,
    told: 'peer-answer-unreadable',
  }),
  bad('read-back-endless', 'web', 'stores honestly and gives back a picture that never ends', {
    ...committed,
    told: 'peer-answer-too-large',
  }),
  fine('restarts-in-read-back', 'both', 'dies while it gives the picture back; comes back'),
  fine('loses-after-proof', 'both', 'stores, commits, gives back, and loses the picture afterwards'),

  // What it answers over the web
  bad('failures-in-200', 'web', 'answers 200 with every instance in the Failed SOP Sequence', {
    told: 'archive-refused',
    believes: 'not taken',
  }),
  bad('failures-in-202', 'web', 'answers 202 with every instance in the Failed SOP Sequence', {
    told: 'archive-refused',
    believes: 'not taken',
  }),
  bad('foreign-in-200', 'web', 'answers 200 and lists instances nobody sent as stored', {
    told: 'archive-silent',
    believes: 'not taken',
  }),
  bad('contradicts', 'web', 'answers 200 and lists instances as stored and as failed', {
    told: 'archive-silent',
    believes: 'not taken',
  }),
  bad('empty-200', 'web', 'answers 200 without a body', { told: 'archive-silent', believes: 'not taken' }),
  bad('empty-202', 'web', 'answers 202 without a body', { told: 'archive-silent', believes: 'not taken' }),
  bad('partly-400', 'web', 'answers 400, stores all but the last, and says nothing of that one', {
    told: 'archive-silent',
    believes: 'not taken',
  }),
  fine('stored-400', 'web', 'answers 400, and names the instances as stored, which they are'),
  bad('conflict-409', 'web', 'answers 409 with Failure Reason 272', { told: 'archive-refused', believes: 'not taken' }),
  bad('refuses-415', 'web', 'answers 415, media type not supported', { told: 'peer-refuses-request' }),
  bad('disk-full-507', 'web', 'answers 507, insufficient storage', { told: 'peer-busy' }),
  bad('redirects', 'web', 'redirects everything to another host', { told: 'peer-redirects', health: 'unreachable' }),
  bad('redirects-at-home', 'web', 'redirects everything to another path of its own', {
    told: 'peer-redirects',
    health: 'unreachable',
  }),
  bad('html-200', 'web', 'answers everything with 200 and a sign-in page', {
    told: 'peer-answer-unreadable',
    health: 'unreachable',
  }),
  bad('html-500', 'web', 'answers everything with 500 and an error page', { told: 'peer-busy', health: 'unreachable' }),
  bad('broken-json', 'web', 'answers 200 with JSON that ends in the middle', { told: 'peer-answer-unreadable' }),
  bad('endless-answer', 'web', 'answers 200 with a body that never ends', { told: 'peer-answer-too-large' }),
  bad('busy-503', 'web', 'answers everything with 503 and Retry-After: 7', {
    told: 'peer-busy',
    health: 'unreachable',
  }),
  bad('denies-401', 'web', 'answers everything with 401 before reading the request', {
    told: 'peer-denies-access',
    health: 'unreachable',
  }),
  bad('resets', 'web', 'breaks the connection in the middle of the answer', { told: 'peer-unreachable' }),

  // The line to it
  bad('gone', 'both', 'its port is closed', { ...line, told: 'peer-unreachable' }),
  bad('silent', 'both', 'takes the connection and never says a byte', { ...line, told: 'peer-timeout' }),
  bad('trickles', 'both', 'answers a byte at a time, without end', { ...line, told: 'peer-timeout' }),
  fine('slow', 'both', 'answers in small pieces with pauses, and is honest', 'line'),
  bad('aborts-association', 'dimse', 'answers the A-ASSOCIATE-RQ with an A-ABORT', {
    ...line,
    told: 'association-aborted',
  }),
  bad('aborts-command', 'dimse', 'breaks off with an A-ABORT at the first P-DATA, the command', {
    ...line,
    told: 'association-aborted',
  }),
  bad('aborts-data', 'dimse', 'breaks off with an A-ABORT in the data set', {
    at: 'line',
    told: 'association-aborted',
  }),
  fine('aborts-release', 'dimse', 'answers every A-RELEASE-RQ with an A-ABORT', 'line'),
  bad('endless-pdus', 'dimse', 'answers with a message that never ends', { ...line, told: 'association-aborted' }),
  bad('speaks-http', 'dimse', 'is a web server: answers with an HTML page', { ...line, told: 'association-aborted' }),
  bad('cuts-request', 'web', 'breaks the connection while the picture is being sent', {
    at: 'line',
    told: 'peer-unreachable',
  }),
  bad('certificate-expired', 'both', 'shows a certificate that has expired', { ...line, told: 'peer-tls' }),
  bad('certificate-self-signed', 'both', 'shows a certificate that nobody trusted signed', {
    ...line,
    told: 'peer-tls',
  }),
  bad('certificate-wrong-name', 'both', 'shows a certificate for another name', { ...line, told: 'peer-tls' }),
  bad('speaks-plain', 'both', 'speaks no TLS at all', { ...line, told: 'peer-tls' }),
] as const satisfies readonly HostileScenario[];

export type HostileScenarioName = (typeof hostileScenarios)[number]['name'];

const scenarios: readonly (HostileScenario & { name: HostileScenarioName })[] = hostileScenarios;

/** The row of a name. */
export function hostileScenario(name: HostileScenarioName): HostileScenario & { name: HostileScenarioName } {
  return scenarios.find((one) => one.name === name)!;
}

/** The scenarios that an archive of one protocol can play. */
export function scenariosOf(protocol: 'dimse' | 'dicomweb'): (HostileScenario & { name: HostileScenarioName })[] {
  const spoken = protocol === 'dimse' ? 'dimse' : 'web';
  return scenarios.filter((one) => one.protocol === 'both' || one.protocol === spoken);
}

/** What the lead is told of it, by protocol. */
export function toldBy({ told }: HostileScenario, protocol: 'dimse' | 'dicomweb'): string | null {
  return told === null || typeof told === 'string' ? told : told[protocol === 'dimse' ? 'dimse' : 'web'];
}

function fine<Name extends string>(
  name: Name,
  protocol: HostileScenario['protocol'],
  behaviour: string,
  at: HostileScenario['at'] = 'archive',
) {
  const rest = { expected: 'confirmed', believes: 'proven', told: null, health: 'ok', next: 'goes on' } as const;
  return { name, protocol, at, behaviour, ...rest };
}

function bad<Name extends string>(
  name: Name,
  protocol: HostileScenario['protocol'],
  behaviour: string,
  { at = 'archive', believes = 'nothing said', health = 'ok', next = 'sends again', told }: Trouble,
) {
  return { name, protocol, at, behaviour, expected: 'unconfirmed', believes, told, health, next } as const;
}
