import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  sendCommitmentReport,
  type CommitmentReport,
  type DimsePartner,
} from '../../main/station/practice/associate.ts';
import { referenceJson } from '../../main/station/practice/dicom-json.ts';
import { commitmentReport, honestHandlers } from '../../main/station/practice/hospital.ts';
import type { InstanceStore, StoredReference } from '../../main/station/practice/instance-store.ts';
import { splitMultipart } from '../../main/station/practice/multipart.ts';
import { contentHash, frameOf, instanceFromPart10, type ArchivedInstance } from '../../main/station/practice/part10.ts';
import { startScp, type ScpHandlers } from '../../main/station/practice/scp.ts';
import { startWeb, type WebInterception } from '../../main/station/practice/web.ts';
import type { Archived } from './fault-invariants.ts';
import { streamHashes } from './orthanc.ts';

/**
 * Ways in which archives fail or lie. `expected` is what a station must make of it:
 * `confirmed`: everything is in order in the end; `unconfirmed`: nothing may be erased, and somebody must see why.
 */
export const hostileScenarios = [
  scenario('honest', 'both', 'stores, commits and gives back what it was sent', 'confirmed'),
  scenario('stores-nothing', 'both', 'answers success and commits, but keeps nothing', 'unconfirmed'),
  scenario(
    'keeps-other-pixels',
    'both',
    'answers success and commits, but keeps other pixels under the UID',
    'unconfirmed',
  ),
  scenario('warns', 'both', 'stores with warning B000 and is honest otherwise', 'confirmed'),
  scenario('out-of-resources', 'both', 'refuses to store: A700, disk full', 'unconfirmed'),

  scenario('refuses-association', 'dimse', 'rejects every association', 'unconfirmed'),
  scenario('refuses-context', 'dimse', 'accepts the association but no storage context', 'unconfirmed'),
  scenario('refuses-jpeg', 'dimse', 'accepts storage in uncompressed transfer syntaxes only', 'unconfirmed'),
  scenario('aborts-store', 'dimse', 'answers the C-STORE with an A-ABORT', 'unconfirmed'),
  scenario('never-answers-store', 'dimse', 'takes the C-STORE and never answers', 'unconfirmed'),
  scenario('commitment-refused', 'dimse', 'answers the N-ACTION with 0110, processing failure', 'unconfirmed'),
  scenario('commitment-never', 'dimse', 'accepts the N-ACTION and never reports', 'unconfirmed'),
  scenario('commitment-foreign', 'dimse', 'reports success for a transaction nobody asked for', 'unconfirmed'),
  scenario('commitment-fewer', 'dimse', 'reports success but leaves the last instance out', 'unconfirmed'),
  scenario('commitment-failed', 'dimse', 'reports all instances as failed, 0112', 'unconfirmed'),
  scenario('commitment-early', 'dimse', 'reports before it answers the N-ACTION', 'confirmed'),
  scenario('commitment-twice', 'dimse', 'reports the same success twice', 'confirmed'),
  scenario('move-refused', 'dimse', 'answers the C-MOVE with A801, destination unknown', 'unconfirmed'),
  scenario('move-sends-nothing', 'dimse', 'answers the C-MOVE with success and sends nothing', 'unconfirmed'),

  scenario('failures-in-200', 'web', 'answers 200 with every instance in the Failed SOP Sequence', 'unconfirmed'),
  scenario('foreign-in-200', 'web', 'answers 200 and lists instances nobody sent as stored', 'unconfirmed'),
  scenario('contradicts', 'web', 'answers 200 and lists instances as stored and as failed', 'unconfirmed'),
  scenario('empty-200', 'web', 'answers 200 without a body', 'unconfirmed'),
  scenario('empty-202', 'web', 'answers 202 without a body', 'unconfirmed'),
  scenario('partly-400', 'web', 'answers 400, stores all but the last, and says nothing of that one', 'unconfirmed'),
  scenario('conflict-409', 'web', 'answers 409 with Failure Reason 272', 'unconfirmed'),
  scenario('redirects', 'web', 'redirects to another address', 'unconfirmed'),
  scenario('html-200', 'web', 'answers 200 with a sign-in page', 'unconfirmed'),
  scenario('html-500', 'web', 'answers 500 with an error page', 'unconfirmed'),
  scenario('broken-json', 'web', 'answers 200 with JSON that ends in the middle', 'unconfirmed'),
  scenario('endless-answer', 'web', 'answers 200 with a body that never ends', 'unconfirmed'),
  scenario('busy-503', 'web', 'answers 503 with Retry-After: 7', 'unconfirmed'),
  scenario('denies-401', 'web', 'answers 401 before reading the request', 'unconfirmed'),
  scenario('resets', 'web', 'breaks the connection in the middle of the answer', 'unconfirmed'),
  scenario('never-answers', 'web', 'takes the request and never answers', 'unconfirmed'),
  scenario('no-frames', 'web', 'is honest but has no frames resource', 'confirmed'),
  scenario('read-back-cut-off', 'web', 'stores honestly and gives back half of the multipart body', 'unconfirmed'),
  scenario('read-back-html', 'web', 'stores honestly and gives back an error page with status 200', 'unconfirmed'),
] as const satisfies readonly HostileScenario[];

export interface HostileScenario {
  readonly name: string;
  readonly protocol: 'dimse' | 'web' | 'both';
  readonly behaviour: string;
  readonly expected: 'confirmed' | 'unconfirmed';
}

export type HostileScenarioName = (typeof hostileScenarios)[number]['name'];

export interface HostileArchiveOptions {
  readonly scenario: HostileScenarioName;
  /** Where reports and moved instances go. */
  readonly stationAet: string;
  readonly stationPort: number;
  readonly stationHost?: string;
  readonly aet?: string;
}

export interface HostileArchive {
  readonly dicomPort: number;
  readonly aet: string;
  readonly dicomWebUrl: string;
  /** What it really keeps: hashes of the data set and of the first frame's stream. */
  stored(): { sopInstanceUid: string; sha256: string; frameSha256: string | null }[];
  /** The same for the invariants of custody. */
  held(): Promise<Archived[]>;
  /** Store requests seen, C-STORE and STOW. */
  storeRequests(): number;
  /** From now on it behaves as another scenario; what it keeps stays. */
  become(scenario: HostileScenarioName): void;
  stop(): Promise<void>;
}

/** Starts an archive that fails in the named way, on loopback, speaking DIMSE and DICOMweb. */
export async function startHostileArchive(options: HostileArchiveOptions): Promise<HostileArchive> {
  let scenarioName: HostileScenarioName = options.scenario;
  const current = () => scenarioName;
  const aet = options.aet ?? 'HOSTILE';
  const station: DimsePartner = {
    host: options.stationHost ?? '127.0.0.1',
    port: options.stationPort,
    aet: options.stationAet,
    callingAet: aet,
  };
  const kept = new Map<string, ArchivedInstance>();
  const changed = new Set<string>();
  let requests = 0;
  let stopped: Promise<void> | undefined;
  const store = lyingStore(kept, changed, current);
  const scp = await startScp(
    0,
    lyingHandlers(store, station, current, () => (requests += 1)),
  );
  const web = await startWeb(
    0,
    store,
    lyingWeb(store, current, () => (requests += 1)),
  );
  return {
    dicomPort: scp.port,
    aet,
    dicomWebUrl: web.dicomWebUrl,
    stored: () =>
      [...kept.values()].map((one) => {
        const frame = frameOf(one);
        return {
          sopInstanceUid: one.sopInstanceUid,
          sha256: sha256(one.dataset),
          frameSha256: frame === null ? null : sha256(frame),
        };
      }),
    held: async () =>
      [...kept.values()].map((one) => ({
        sopInstanceUid: one.sopInstanceUid,
        hashes: streamHashes(frameOf(one) ?? Buffer.alloc(0)),
        ...(changed.has(one.sopInstanceUid) ? { fault: 'changed' as const } : {}),
      })),
    storeRequests: () => requests,
    become: (name) => void (scenarioName = name),
    stop: () => (stopped ??= Promise.all([scp.stop(), web.stop()]).then(() => undefined)),
  };
}

type Current = () => HostileScenarioName;

function lyingStore(kept: Map<string, ArchivedInstance>, changed: Set<string>, current: Current): InstanceStore {
  const keep = (instance: ArchivedInstance) => {
    // First come, first kept, like Orthanc: other bytes under a known UID are dropped, with success.
    if (!kept.has(instance.sopInstanceUid)) kept.set(instance.sopInstanceUid, instance);
    return 0x0000;
  };
  return {
    put: async (instance) => {
      switch (current()) {
        case 'stores-nothing':
          return 0x0000;
        case 'keeps-other-pixels':
          if (!kept.has(instance.sopInstanceUid)) changed.add(instance.sopInstanceUid);
          return keep(withOtherPixels(instance));
        case 'warns':
          return keep(instance) || 0xb000;
        case 'out-of-resources':
          return 0xa700;
        default:
          return keep(instance);
      }
    },
    get: async (uid) => kept.get(uid) ?? null,
    list: async () =>
      [...kept.values()].map(({ dataset, ...one }): StoredReference => ({
        ...one,
        contentHash: contentHash({ ...one, dataset }),
      })),
  };
}

function lyingHandlers(store: InstanceStore, station: DimsePartner, current: Current, count: () => void): ScpHandlers {
  const honest = honestHandlers(store, station);
  return {
    ...honest,
    knows: (aet) => current() !== 'refuses-association' && honest.knows(aet),
    accept: (abstractSyntax, offered) => {
      const storage = abstractSyntax.startsWith('1.2.840.10008.5.1.4.1.1.');
      if (storage && current() === 'refuses-context') return null;
      const allowed =
        storage && current() === 'refuses-jpeg'
          ? offered.filter((one) => !one.startsWith('1.2.840.10008.1.2.4.'))
          : offered;
      return honest.accept(abstractSyntax, allowed);
    },
    store: async (instance) => {
      count();
      if (current() === 'aborts-store') return 'abort';
      if (current() === 'never-answers-store') return 'silence';
      return store.put(instance);
    },
    commit: async (request) => {
      const name = current();
      const truth = await commitmentReport(store, request);
      const lie: CommitmentReport = {
        transactionUid: request.transactionUid,
        committed: request.references,
        failed: [],
      };
      const send = async (report: CommitmentReport) => {
        await sendCommitmentReport(station, report);
      };
      switch (name) {
        case 'commitment-refused':
          return { status: 0x0110 };
        case 'commitment-never':
          return { status: 0x0000 };
        case 'commitment-early':
          await send(truth);
          return { status: 0x0000 };
        case 'commitment-twice':
          return { status: 0x0000, afterwards: async () => (await send(truth), await send(truth)) };
        case 'commitment-foreign':
          return {
            status: 0x0000,
            afterwards: () => send({ ...lie, transactionUid: '2.25.123456789012345678901234567890' }),
          };
        case 'commitment-fewer':
          return { status: 0x0000, afterwards: () => send({ ...lie, committed: lie.committed.slice(0, -1) }) };
        case 'commitment-failed': {
          const failed = lie.committed.map((one) => ({ ...one, reason: 0x0112 }));
          return { status: 0x0000, afterwards: () => send({ ...lie, committed: [], failed }) };
        }
        case 'stores-nothing':
        case 'keeps-other-pixels':
          return { status: 0x0000, afterwards: () => send(lie) };
        default:
          return { status: 0x0000, afterwards: () => send(truth) };
      }
    },
    move: async (destination, query, progress) => {
      const none = { remaining: 0, completed: 0, failed: 0 };
      if (current() === 'move-refused') return { status: 0xa801, progress: none };
      if (current() === 'move-sends-nothing') return { status: 0x0000, progress: { ...none, completed: 1 } };
      return honest.move(destination, query, progress);
    },
  };
}

function lyingWeb(store: InstanceStore, current: Current, count: () => void): WebInterception {
  return async (request, response, body) => {
    const path = request.url ?? '';
    const stow = request.method === 'POST' && path.includes('/studies');
    if (stow) {
      count();
      return lieAboutStore(request, response, body, store, current());
    }
    if (path.includes('/commitment-requests/')) return lieAboutCommitment(response, body, current());
    if (request.method === 'GET' && path.includes('/instances/'))
      return lieAboutReading(request, response, store, current());
    return false;
  };
}

async function lieAboutStore(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  store: InstanceStore,
  name: HostileScenarioName,
): Promise<boolean> {
  const instances = (splitMultipart(request.headers['content-type'] ?? '', body) ?? []).map(instanceFromPart10);
  const listed = instances.map((one) => referenceJson(one, {}));
  const failed = (failure: number) => instances.map((one) => referenceJson(one, { failure }));
  const json = (status: number, stored: object[], failures: object[]) => {
    response.writeHead(status, { 'Content-Type': 'application/dicom+json' });
    response.end(
      JSON.stringify({
        ...(stored.length === 0 ? {} : { '00081199': { vr: 'SQ', Value: stored } }),
        ...(failures.length === 0 ? {} : { '00081198': { vr: 'SQ', Value: failures } }),
      }),
    );
  };
  const html = (status: number) => {
    response
      .writeHead(status, { 'Content-Type': 'text/html' })
      .end('<!doctype html><title>Sign in</title><p>Please sign in');
  };
  switch (name) {
    case 'failures-in-200':
      json(200, [], failed(0xa700));
      return true;
    case 'foreign-in-200':
      json(
        200,
        [referenceJson({ sopClassUid: '1.2.840.10008.5.1.4.1.1.77.1.4', sopInstanceUid: '2.25.4242' }, {})],
        [],
      );
      return true;
    case 'contradicts':
      json(200, listed, failed(0x0110));
      return true;
    case 'empty-200':
    case 'empty-202':
      response.writeHead(name === 'empty-200' ? 200 : 202).end();
      return true;
    case 'partly-400':
      for (const one of instances.slice(0, -1)) await store.put(one);
      json(400, listed.slice(0, -1), []);
      return true;
    case 'conflict-409':
      json(409, [], failed(272));
      return true;
    case 'redirects':
      response.writeHead(307, { Location: 'http://127.0.0.1:9/elsewhere' }).end();
      return true;
    case 'html-200':
    case 'html-500':
      html(name === 'html-200' ? 200 : 500);
      return true;
    case 'broken-json':
      response.writeHead(200, { 'Content-Type': 'application/dicom+json' }).end('{"00081199":{"vr":"SQ","Value":[');
      return true;
    case 'endless-answer':
      endless(response);
      return true;
    case 'busy-503':
      response.writeHead(503, { 'Retry-After': '7' }).end();
      return true;
    case 'denies-401':
      response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
      return true;
    case 'resets':
      response.writeHead(200, { 'Content-Type': 'application/dicom+json', 'Content-Length': '1000' });
      response.write('{"00081199":', () => response.destroy());
      return true;
    case 'never-answers':
      return true;
    default:
      return false;
  }
}

function endless(response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'application/dicom+json' });
  const block = Buffer.alloc(256 * 1024, ' ');
  const more = () => {
    while (!response.destroyed && response.write(block));
  };
  response.on('drain', more);
  more();
}

function lieAboutCommitment(response: ServerResponse, body: Buffer, name: HostileScenarioName): boolean {
  if (name !== 'stores-nothing' && name !== 'keeps-other-pixels') return false;
  response.writeHead(200, { 'Content-Type': 'application/dicom+json' }).end(body);
  return true;
}

async function lieAboutReading(
  request: IncomingMessage,
  response: ServerResponse,
  store: InstanceStore,
  name: HostileScenarioName,
): Promise<boolean> {
  if (name === 'no-frames' && request.url?.includes('/frames/')) {
    response.writeHead(404).end();
    return true;
  }
  if (name === 'read-back-html') {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><p>Service unavailable');
    return true;
  }
  const uid = /\/instances\/([^/?]+)/.exec(request.url ?? '')?.[1] ?? '';
  const instance = name === 'read-back-cut-off' ? await store.get(uid) : null;
  if (instance === null) return false;
  const frame = frameOf(instance) ?? Buffer.alloc(0);
  response.writeHead(200, { 'Content-Type': 'multipart/related; type="image/jpeg"; boundary=cut' });
  response.end(
    Buffer.concat([Buffer.from('--cut\r\nContent-Type: image/jpeg\r\n\r\n'), frame.subarray(0, frame.length / 2)]),
  );
  return true;
}

/** The same instance with one bit of its picture changed, as far from its ends as possible, and still a JPEG. */
function withOtherPixels(instance: ArchivedInstance): ArchivedInstance {
  const dataset = Buffer.from(instance.dataset);
  const frame = frameOf(instance);
  if (frame === null) throw new Error('only encapsulated pictures can be changed');
  let at = dataset.indexOf(frame.subarray(0, 64)) + (frame.length >>> 1);
  while (dataset[at]! >= 0xfe || dataset[at - 1] === 0xff) at += 1;
  dataset[at] = dataset[at]! ^ 1;
  return { ...instance, dataset };
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function scenario<Name extends string>(
  name: Name,
  protocol: HostileScenario['protocol'],
  behaviour: string,
  expected: HostileScenario['expected'],
) {
  return { name, protocol, behaviour, expected };
}
