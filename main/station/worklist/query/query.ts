import type { WorklistEntry, WorklistSkipReason } from '../../../../shared/domain/worklist.ts';
import {
  COMMAND,
  encodeElements,
  EXPLICIT_LITTLE_ENDIAN,
  IMPLICIT_LITTLE_ENDIAN,
  runRequests,
  UnexpectedStatusError,
} from '../../archive/dimse/index.ts';
import type { CallOptions, OutElement, Peer } from '../../archive/dimse/index.ts';
import { readEntry } from './read-entry.ts';

export const MODALITY_WORKLIST_FIND = '1.2.840.10008.5.1.4.31';

export interface WorklistQuery {
  stationAet?: string | undefined;
  modality?: string | undefined;
  /** Scheduled start, first and last day: YYYYMMDD */
  from?: string | undefined;
  to?: string | undefined;
  /** Begin of the name as the worklist writes it (`Family^Given`); `*` and `?` are wildcards. */
  patientName?: string | undefined;
  patientId?: string | undefined;
  accessionNumber?: string | undefined;
  /** Stops asking after so many answers. Default 1000 */
  limit?: number | undefined;
  /** For servers that name no character set although they use more than ASCII. A defined term, say `ISO_IR 100`. */
  assumedCharacterSet?: string | undefined;
}

export interface WorklistAnswer {
  entries: WorklistEntry[];
  /** Answers that must not be shown, and why. */
  skipped: { reason: WorklistSkipReason }[];
  /** True when `limit` cut the answer short: there is more. */
  truncated: boolean;
}

const DEFAULT_LIMIT = 1_000;
const STATUS_CANCELLED = 0xfe00;

/** Modality Worklist C-FIND. All answers or a named error: never a list silently cut. */
export async function queryWorklist(
  peer: Peer,
  query: WorklistQuery,
  options: CallOptions = {},
): Promise<WorklistAnswer> {
  const limit = query.limit ?? DEFAULT_LIMIT;
  const answer: WorklistAnswer = { entries: [], skipped: [], truncated: false };
  const [final] = await runRequests(
    peer,
    [
      {
        context: {
          sopClassUid: MODALITY_WORKLIST_FIND,
          transferSyntaxUids: [EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN],
        },
        command: { field: COMMAND.find, affectedSopClassUid: MODALITY_WORKLIST_FIND, priority: 0 },
        dataset: (transferSyntaxUid) => encodeElements(worklistKeys(query), transferSyntaxUid),
        onPending: ({ dataset, transferSyntaxUid }) => {
          if (answer.entries.length + answer.skipped.length >= limit) {
            answer.truncated = true;
            return false;
          }
          const read = dataset
            ? readEntry(dataset, transferSyntaxUid, query.assumedCharacterSet ?? null)
            : { skipped: 'malformed' as const };
          if ('entry' in read) answer.entries.push(read.entry);
          else answer.skipped.push({ reason: read.skipped });
          return true;
        },
      },
    ],
    options,
  );
  const status = final?.status ?? -1;
  if (status !== 0 && !(status === STATUS_CANCELLED && answer.truncated))
    throw new UnexpectedStatusError('C-FIND', status);
  return answer;
}

/** Our own keys (PS3.4 table K.6-1): what is matched has a value, what shall be returned is empty. */
export function worklistKeys(query: WorklistQuery): OutElement[] {
  const code: OutElement[] = [
    [0x00080100, 'SH', ''],
    [0x00080102, 'SH', ''],
    [0x00080103, 'SH', ''],
    [0x00080104, 'LO', ''],
  ];
  const step: OutElement[] = [
    [0x00080060, 'CS', query.modality ?? ''],
    [0x00400001, 'AE', query.stationAet ?? ''],
    [0x00400002, 'DA', dateRange(query.from, query.to)],
    [0x00400003, 'TM', ''],
    [0x00400006, 'PN', ''],
    [0x00400007, 'LO', ''],
    [0x00400008, 'SQ', [code]],
    [0x00400009, 'SH', ''],
    [0x00400011, 'SH', ''],
  ];
  return [
    [0x00080005, 'CS', 'ISO_IR 192'],
    [0x00080050, 'SH', query.accessionNumber ?? ''],
    [0x00080090, 'PN', ''],
    [0x00100010, 'PN', namePattern(query.patientName)],
    [0x00100020, 'LO', query.patientId ?? ''],
    [0x00100021, 'LO', ''],
    [0x00100030, 'DA', ''],
    [0x00100040, 'CS', ''],
    [0x00101000, 'LO', ''],
    [0x00102000, 'LO', ''],
    [0x0020000d, 'UI', ''],
    [0x00321060, 'LO', ''],
    [0x00321064, 'SQ', [code]],
    [0x00380010, 'LO', ''],
    [0x00380300, 'LO', ''],
    [0x00400100, 'SQ', [step]],
    [0x00401001, 'SH', ''],
    [0x00401003, 'SH', ''],
    [0x00403001, 'LO', ''],
  ];
}

/** Range matching, PS3.4 C.2.2.2.5. */
function dateRange(from: string | undefined, to: string | undefined): string {
  if (from !== undefined && from === to) return from;
  if (from === undefined && to === undefined) return '';
  return `${from ?? ''}-${to ?? ''}`;
}

function namePattern(name: string | undefined): string {
  if (!name) return '';
  return name.endsWith('*') ? name : `${name}*`;
}
