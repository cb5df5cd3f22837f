import { join } from 'node:path';
import { sendCommitmentReport, sendInstance, type DimsePartner, type SopReference } from './associate.ts';
import { archiveStatus, openInstanceStore, type InstanceStore } from './instance-store.ts';
import { startScp, type CommitmentRequest, type MoveProgress, type ScpHandlers } from './scp.ts';
import { startWeb } from './web.ts';
import { findInWorklist } from './worklist.ts';

export interface HospitalOptions {
  readonly folder: string;
  /** 0 takes free ports. */
  readonly dicomPort: number;
  readonly httpPort: number;
  /** The station as this hospital knows it: where reports and moved instances go, on loopback. */
  readonly stationAet: string;
  readonly stationPort: number;
}

export interface Hospital {
  readonly dicomPort: number;
  readonly httpPort: number;
  readonly aet: string;
  readonly dicomWebUrl: string;
  stop(): Promise<void>;
}

export const practiceAet = 'PRACTICE';

/** Opens the practice hospital in this process: archive and worklist, by DIMSE and over the web, on one store. */
export async function openHospital(options: HospitalOptions): Promise<Hospital> {
  const store = await openInstanceStore(join(options.folder, 'instances'));
  const station = { host: '127.0.0.1', port: options.stationPort, aet: options.stationAet, callingAet: practiceAet };
  const scp = await startScp(options.dicomPort, honestHandlers(store, station));
  const web = await startWeb(options.httpPort, store);
  return {
    dicomPort: scp.port,
    httpPort: web.port,
    aet: practiceAet,
    dicomWebUrl: web.dicomWebUrl,
    stop: async () => {
      await Promise.all([scp.stop(), web.stop()]);
    },
  };
}

const uncompressed = ['1.2.840.10008.1.2.1', '1.2.840.10008.1.2'];
const compressed = ['1.2.840.10008.1.2.4.50'];
const serviceClasses = new Set([
  '1.2.840.10008.1.1',
  '1.2.840.10008.1.20.1',
  '1.2.840.10008.5.1.4.31',
  '1.2.840.10008.5.1.4.1.2.2.2',
]);
const storageClass = /^1\.2\.840\.10008\.5\.1\.4\.1\.1\./;

/** What a well-behaved archive with a worklist does. A test archive takes these and lies in single places. */
export function honestHandlers(store: InstanceStore, station: DimsePartner): ScpHandlers {
  return {
    knows: (calledAet) => calledAet === station.callingAet,
    accept: (abstractSyntax, offered) => {
      const wanted = storageClass.test(abstractSyntax)
        ? [...compressed, ...uncompressed]
        : serviceClasses.has(abstractSyntax)
          ? uncompressed
          : [];
      return wanted.find((one) => offered.includes(one)) ?? null;
    },
    store: (instance) => store.put(instance),
    find: async (query) => findInWorklist(query, station.aet, new Date()),
    commit: async (request) => ({
      status: archiveStatus.success,
      afterwards: async () => {
        await sendCommitmentReport(station, await commitmentReport(store, request));
      },
    }),
    move: (destinationAet, query, progress) => moveInstances(store, station, destinationAet, query, progress),
  };
}

/** What this store can commit itself to. */
export async function commitmentReport(store: InstanceStore, request: CommitmentRequest) {
  const committed: SopReference[] = [];
  const failed: (SopReference & { reason: number })[] = [];
  for (const reference of request.references) {
    const held = await store.get(reference.sopInstanceUid);
    if (held === null) failed.push({ ...reference, reason: archiveStatus.noSuchInstance });
    else if (held.sopClassUid !== reference.sopClassUid)
      failed.push({ ...reference, reason: archiveStatus.classConflict });
    else committed.push(reference);
  }
  return { transactionUid: request.transactionUid, committed, failed };
}

async function moveInstances(
  store: InstanceStore,
  station: DimsePartner,
  destinationAet: string,
  query: Readonly<Record<string, unknown>>,
  progress: (state: MoveProgress) => void,
): Promise<{ status: number; progress: MoveProgress }> {
  const none = { remaining: 0, completed: 0, failed: 0 };
  // Move destination unknown (PS3.4 C.4.2.1.5).
  if (destinationAet !== station.aet) return { status: 0xa801, progress: none };
  const wanted = (await store.list()).filter(
    (one) =>
      asked(query['StudyInstanceUID'], one.studyUid) &&
      asked(query['SeriesInstanceUID'], one.seriesUid) &&
      asked(query['SOPInstanceUID'], one.sopInstanceUid),
  );
  let state: MoveProgress = { ...none, remaining: wanted.length };
  for (const reference of wanted) {
    progress(state);
    const instance = await store.get(reference.sopInstanceUid);
    const status =
      instance === null ? archiveStatus.processingFailure : await sendInstance(station, instance).catch(() => -1);
    const completed = status === archiveStatus.success ? 1 : 0;
    state = {
      remaining: state.remaining - 1,
      completed: state.completed + completed,
      failed: state.failed + 1 - completed,
    };
  }
  // Sub-operations complete, some failed (B000), or none possible (A702).
  const status = state.failed === 0 ? archiveStatus.success : state.completed > 0 ? 0xb000 : 0xa702;
  return { status, progress: state };
}

/** Universal matching, single value or list of UIDs (PS3.4 C.2.2.2). */
function asked(key: unknown, uid: string): boolean {
  const values = (Array.isArray(key) ? key : [key]).map((one) => String(one ?? ''));
  return values.every((one) => one === '') || values.includes(uid);
}
