import { runRequests } from './association.ts';
import { COMMAND } from './command.ts';
import { readCommitmentReport } from './commitment-report.ts';
import type { CommitmentLists, InstanceReference } from './commitment-report.ts';
import { encodeElements, EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN, readElements } from './elements.ts';
import type { IncomingMessage } from './network.ts';
import type { CallOptions, Peer } from './peer.ts';

export const STORAGE_COMMITMENT = '1.2.840.10008.1.20.1';
const STORAGE_COMMITMENT_INSTANCE = '1.2.840.10008.1.20.1.1';

export interface CommitmentReport extends CommitmentLists {
  /** Who reported, as it called itself. */
  callingAet: string;
  /** 1 all committed, 2 failures exist */
  eventTypeId: number;
}

/** Keeps a report. The archive is answered only after this resolved: what it throws, the archive hears as a failure. */
export type CommitmentReportHandler = (report: CommitmentReport) => Promise<void>;

/**
 * Asks for storage commitment (N-ACTION). Store the Transaction UID durably before: the report may arrive before this
 * returns. Status 0 means only that the archive took the request.
 */
export async function requestCommitment(
  peer: Peer,
  transactionUid: string,
  references: readonly InstanceReference[],
  options: CallOptions & { onReport?: CommitmentReportHandler } = {},
): Promise<{ status: number }> {
  const { onReport } = options;
  const [answer] = await runRequests(
    peer,
    [
      {
        context: {
          sopClassUid: STORAGE_COMMITMENT,
          transferSyntaxUids: [EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN],
        },
        command: {
          field: COMMAND.action,
          requestedSopClassUid: STORAGE_COMMITMENT,
          requestedSopInstanceUid: STORAGE_COMMITMENT_INSTANCE,
          actionTypeId: 1,
        },
        dataset: (transferSyntaxUid) => commitmentRequest(transactionUid, references, transferSyntaxUid),
      },
    ],
    {
      ...options,
      // some archives report on the association of the request
      onRequest: onReport ? (message) => answerCommitmentReport(message, peer.calledAet, onReport) : undefined,
    },
  );
  return { status: answer?.status ?? -1 };
}

function commitmentRequest(
  transactionUid: string,
  references: readonly InstanceReference[],
  transferSyntaxUid: string,
): Buffer {
  return encodeElements(
    [
      [0x00081195, 'UI', transactionUid],
      [
        0x00081199,
        'SQ',
        references.map((reference) => [
          [0x00081150, 'UI', reference.sopClassUid] as const,
          [0x00081155, 'UI', reference.sopInstanceUid] as const,
        ]),
      ],
    ],
    transferSyntaxUid,
  );
}

/** The status to answer an incoming message with, after its report has been kept. */
export async function answerCommitmentReport(
  message: IncomingMessage,
  callingAet: string,
  keep: CommitmentReportHandler,
): Promise<number> {
  const { command, dataset } = message;
  if (command.field !== COMMAND.eventReport || message.sopClassUid !== STORAGE_COMMITMENT) return 0x0211;
  const eventTypeId = command.eventTypeId ?? 0;
  if (eventTypeId !== 1 && eventTypeId !== 2) return 0x0113;
  if (!dataset) return 0x0120;
  try {
    const lists = readCommitmentReport(readElements(dataset, message.transferSyntaxUid));
    await keep({ ...lists, callingAet, eventTypeId });
    return 0x0000;
  } catch {
    return 0x0110;
  }
}
