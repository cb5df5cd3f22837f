import { sendCommitmentReport, type CommitmentReport } from '../../main/station/practice/associate.ts';
import { commitmentReport, honestHandlers } from '../../main/station/practice/hospital.ts';
import type { CommitmentRequest, ScpHandlers } from '../../main/station/practice/scp.ts';
import type { Lies } from './hostile-archive.ts';

const forEver = () => new Promise<never>(() => undefined);

/** An archive by DIMSE that is honest but for what its scenario says. */
export function lyingHandlers(lies: Lies): ScpHandlers {
  const { current, store, station } = lies;
  const honest = honestHandlers(store, station);
  /** What `commitment-late` has not told yet. */
  const owed: CommitmentReport[] = [];
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
      lies.arrived([instance]);
      if (current() === 'aborts-store') return 'abort';
      if (current() === 'never-answers-store') return 'silence';
      const status = await store.put(instance);
      const died = current() === 'restarts-in-store' && lies.dies(`store ${instance.sopInstanceUid}`);
      return died ? 'silence' : status;
    },
    commit: (request) => lieAboutCommitment(lies, owed, request),
    move: async (destination, query, progress) => {
      const none = { remaining: 0, completed: 0, failed: 0 };
      const uid = String(query['SOPInstanceUID'] ?? '');
      switch (current()) {
        case 'move-refused':
          return { status: 0xa801, progress: none };
        case 'move-sends-nothing':
          return { status: 0x0000, progress: { ...none, completed: 1 } };
        case 'read-back-never-answers':
          return forEver();
        case 'restarts-in-read-back':
          if (lies.dies(`move ${uid}`)) return forEver();
          break;
        case 'loses-after-proof': {
          const given = await honest.move(destination, query, progress);
          lies.lose(uid);
          return given;
        }
        default:
      }
      return honest.move(destination, query, progress);
    },
  };
}

async function lieAboutCommitment(
  lies: Lies,
  owed: CommitmentReport[],
  request: CommitmentRequest,
): Promise<{ status: number; afterwards?: () => Promise<void> }> {
  const truth: CommitmentReport = await commitmentReport(lies.store, request);
  const lie: CommitmentReport = { transactionUid: request.transactionUid, committed: request.references, failed: [] };
  const send = async (report: CommitmentReport) => void (await sendCommitmentReport(lies.station, report));
  const taken = (report: CommitmentReport) => ({ status: 0x0000, afterwards: () => send(report) });
  const failed = (reason: number) => ({
    ...lie,
    committed: [],
    failed: lie.committed.map((one) => ({ ...one, reason })),
  });
  switch (lies.current()) {
    case 'commitment-refused':
      return { status: 0x0110 };
    case 'commitment-never-answers':
      return forEver();
    case 'restarts-in-commitment':
      return lies.dies(`commitment ${request.references[0]?.sopInstanceUid}`) ? forEver() : taken(truth);
    case 'commitment-never':
      return { status: 0x0000 };
    case 'commitment-late': {
      const late = owed.splice(0);
      if (late.length === 0) owed.push(truth);
      return { status: 0x0000, afterwards: async () => void (await Promise.all(late.map(send))) };
    }
    case 'commitment-early':
      await send(truth);
      return { status: 0x0000 };
    case 'commitment-twice':
      return { status: 0x0000, afterwards: async () => (await send(truth), await send(truth)) };
    case 'commitment-foreign':
      return taken({ ...lie, transactionUid: '2.25.123456789012345678901234567890' });
    case 'commitment-fewer':
      return taken({
        ...lie,
        committed: lie.committed.filter(
          ({ sopInstanceUid }) => !lies.leavesOut(sopInstanceUid, lie.committed.at(-1)?.sopInstanceUid),
        ),
      });
    case 'commitment-failed':
      return taken(failed(0x0112));
    case 'commitment-failed-0110':
      return taken(failed(0x0110));
    case 'loses-after-commitment':
      for (const { sopInstanceUid } of truth.committed) lies.lose(sopInstanceUid);
      return taken(truth);
    case 'stores-nothing':
    case 'keeps-other-pixels':
    case 'truncates':
      return taken(lie);
    default:
      return taken(truth);
  }
}
