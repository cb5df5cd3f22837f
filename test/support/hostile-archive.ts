import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DimsePartner } from '../../main/station/practice/associate.ts';
import type { InstanceStore, StoredReference } from '../../main/station/practice/instance-store.ts';
import { contentHash, frameOf, type ArchivedInstance } from '../../main/station/practice/part10.ts';
import { startScp } from '../../main/station/practice/scp.ts';
import { startWeb } from '../../main/station/practice/web.ts';
import type { Archived } from './fault-invariants.ts';
import { lyingHandlers } from './hostile-dimse.ts';
import type { HostileScenarioName } from './hostile-scenarios.ts';
import { lyingWeb } from './hostile-web.ts';
import { streamHashes } from './orthanc.ts';

export { hostileScenarios } from './hostile-scenarios.ts';
export type { HostileScenario, HostileScenarioName } from './hostile-scenarios.ts';

export interface HostileArchiveOptions {
  readonly scenario: HostileScenarioName;
  /** Where reports and moved instances go. */
  readonly stationAet: string;
  readonly stationPort: number;
  readonly stationHost?: string;
  readonly aet?: string;
  /** What dies with it when it dies in the middle: every connection to it. */
  readonly onDeath?: () => void;
}

export interface HostileArchive {
  readonly dicomPort: number;
  readonly aet: string;
  readonly webPort: number;
  readonly dicomWebUrl: string;
  /** What it really keeps: hashes of the data set and of the first frame's stream. */
  stored(): { sopInstanceUid: string; sha256: string; frameSha256: string | null }[];
  /** The same for the invariants of custody. */
  held(): Promise<Archived[]>;
  /** Store requests seen, C-STORE and STOW. */
  storeRequests(): number;
  /** Every instance it was ever sent: how often, and how many different contents came under its UID. */
  sent(): ReadonlyMap<string, { readonly times: number; readonly contents: number }>;
  /** Requests that were carried to where it redirects to. Must be none. */
  carriedElsewhere(): number;
  /** From now on it behaves as another scenario; what it keeps stays. */
  become(scenario: HostileScenarioName): void;
  /** Its people remove what it holds and was never sent: other pixels, halves. */
  repair(): void;
  stop(): Promise<void>;
}

/** What every lie needs to know. */
export interface Lies {
  current(): HostileScenarioName;
  readonly store: InstanceStore;
  readonly station: DimsePartner;
  /** Where a redirect to another host leads. */
  readonly elsewhere: string;
  /** A store request arrived, whatever becomes of it. */
  arrived(instances: readonly ArchivedInstance[]): void;
  /** It loses what it had. */
  lose(sopInstanceUid: string): void;
  /** True the first time for these words: then it dies with every connection, and comes back. */
  dies(during: string): boolean;
  /** True for the last of these UIDs, and from then on for that one wherever it comes again. */
  leavesOut(uid: string, last: string | undefined): boolean;
}

/** Starts an archive that fails in the named way, on loopback, speaking DIMSE and DICOMweb. */
export async function startHostileArchive(options: HostileArchiveOptions): Promise<HostileArchive> {
  let scenarioName: HostileScenarioName = options.scenario;
  const aet = options.aet ?? 'HOSTILE';
  const kept = new Map<string, ArchivedInstance>();
  const faults = new Map<string, 'changed' | 'lost'>();
  const lost = new Map<string, ArchivedInstance>();
  const sent = new Map<string, { times: number; contents: Set<string> }>();
  const deaths = new Set<string>();
  const leftOut = new Set<string>();
  let requests = 0;
  let carried = 0;
  let stopped: Promise<void> | undefined;
  const elsewhere = createServer((_request, response) => ((carried += 1), response.end()));
  elsewhere.listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  const current = () => scenarioName;
  const lies: Lies = {
    current,
    store: lyingStore(kept, faults, current),
    station: {
      host: options.stationHost ?? '127.0.0.1',
      port: options.stationPort,
      aet: options.stationAet,
      callingAet: aet,
    },
    elsewhere: `http://localhost:${(elsewhere.address() as AddressInfo).port}`,
    arrived(instances) {
      requests += 1;
      for (const instance of instances) {
        const before = sent.get(instance.sopInstanceUid) ?? { times: 0, contents: new Set() };
        const contents = before.contents.add(contentHash(instance));
        sent.set(instance.sopInstanceUid, { times: before.times + 1, contents });
      }
    },
    lose(uid) {
      const instance = kept.get(uid);
      if (instance === undefined) return;
      kept.delete(uid);
      lost.set(uid, instance);
    },
    leavesOut(uid, last) {
      if (uid === last) leftOut.add(uid);
      return leftOut.has(uid);
    },
    dies(during) {
      if (deaths.has(during)) return false;
      deaths.add(during);
      options.onDeath?.();
      return true;
    },
  };
  const scp = await startScp(0, lyingHandlers(lies));
  const web = await startWeb(0, lies.store, lyingWeb(lies));
  const told = (one: ArchivedInstance, fault?: 'changed' | 'lost'): Archived => ({
    sopInstanceUid: one.sopInstanceUid,
    hashes: streamHashes(frameOf(one) ?? Buffer.alloc(0)),
    ...(fault === undefined ? {} : { fault }),
  });
  return {
    dicomPort: scp.port,
    aet,
    webPort: web.port,
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
    held: async () => [
      ...[...kept.values()].map((one) => told(one, faults.get(one.sopInstanceUid))),
      ...[...lost.values()].filter((one) => !kept.has(one.sopInstanceUid)).map((one) => told(one, 'lost')),
    ],
    storeRequests: () => requests,
    sent: () => new Map([...sent].map(([uid, { times, contents }]) => [uid, { times, contents: contents.size }])),
    carriedElsewhere: () => carried,
    become: (name) => void (scenarioName = name),
    repair() {
      for (const [uid, fault] of faults) if (fault === 'changed') kept.delete(uid);
      faults.clear();
    },
    stop: () =>
      (stopped ??= Promise.all([scp.stop(), web.stop(), new Promise((done) => elsewhere.close(done))]).then(
        () => undefined,
      )),
  };
}

/** What it says to a store request, and what it keeps of it. */
const STATUSES: Partial<Record<HostileScenarioName, number>> = {
  'stores-nothing': 0x0000,
  'out-of-resources': 0xa700,
  'refuses-class': 0x0122,
  'cannot-understand': 0xc000,
};
const WARNINGS: Partial<Record<HostileScenarioName, number>> = {
  warns: 0xb000,
  'warns-discarded': 0xb006,
  'warns-mismatch': 0xb007,
};

function lyingStore(
  kept: Map<string, ArchivedInstance>,
  faults: Map<string, 'changed' | 'lost'>,
  current: () => HostileScenarioName,
): InstanceStore {
  const keep = (instance: ArchivedInstance) => {
    // First come, first kept, like Orthanc: other bytes under a known UID are dropped, with success.
    if (!kept.has(instance.sopInstanceUid)) kept.set(instance.sopInstanceUid, instance);
    return 0x0000;
  };
  const change = (instance: ArchivedInstance) => {
    if (!kept.has(instance.sopInstanceUid)) faults.set(instance.sopInstanceUid, 'changed');
    return keep(current() === 'truncates' ? truncated(instance) : withOtherPixels(instance));
  };
  return {
    put: async (instance) => {
      const status = STATUSES[current()];
      if (status !== undefined) return status;
      if (current() === 'keeps-other-pixels' || current() === 'truncates') return change(instance);
      return keep(instance) || (WARNINGS[current()] ?? 0x0000);
    },
    get: async (uid) => {
      const instance = kept.get(uid);
      if (instance === undefined) return null;
      if (current() === 'gives-other-pixels') return withOtherPixels(instance);
      return current() === 'gives-half' ? truncated(instance) : instance;
    },
    list: async () =>
      [...kept.values()].map(({ dataset, ...one }): StoredReference => ({
        ...one,
        contentHash: contentHash({ ...one, dataset }),
      })),
  };
}

/** The same instance with one bit of its picture changed, as far from its ends as possible, and still a JPEG. */
function withOtherPixels(instance: ArchivedInstance): ArchivedInstance {
  const dataset = Buffer.from(instance.dataset);
  const frame = encapsulated(instance);
  let at = dataset.indexOf(frame.subarray(0, 64)) + (frame.length >>> 1);
  while (dataset[at]! >= 0xfe || dataset[at - 1] === 0xff) at += 1;
  dataset[at] = dataset[at]! ^ 1;
  return { ...instance, dataset };
}

/** The same instance with the first half of its picture only, and everything else in order. */
function truncated(instance: ArchivedInstance): ArchivedInstance {
  const { dataset } = instance;
  const frame = encapsulated(instance);
  const from = dataset.indexOf(frame.subarray(0, 64));
  const half = (frame.length >>> 1) & ~1;
  const head = Buffer.from(dataset.subarray(0, from));
  head.writeUInt32LE(half, from - 4);
  return {
    ...instance,
    dataset: Buffer.concat([head, dataset.subarray(from, from + half), dataset.subarray(from + frame.length)]),
  };
}

function encapsulated(instance: ArchivedInstance): Buffer {
  const frame = frameOf(instance);
  if (frame === null) throw new Error('only encapsulated pictures can be changed');
  return frame;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
