import { openAssociation, runRequests } from './association.ts';
import type { Answer, DimseRequest } from './association.ts';
import { COMMAND } from './command.ts';
import { encodeElements, EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN } from './elements.ts';
import { PhotodockError } from '../../../../shared/domain/errors.ts';
import { UnexpectedStatusError } from './errors.ts';
import type { Listener, ReceivedInstance } from './listener.ts';
import type { CallOptions, Peer } from './peer.ts';

const STUDY_ROOT_FIND = '1.2.840.10008.5.1.4.1.2.2.1';
const STUDY_ROOT_MOVE = '1.2.840.10008.5.1.4.1.2.2.2';
const STUDY_ROOT_GET = '1.2.840.10008.5.1.4.1.2.2.3';
const LITTLE_ENDIAN = [EXPLICIT_LITTLE_ENDIAN, IMPLICIT_LITTLE_ENDIAN];

/** Where one instance lies in the archive. */
export interface InstanceLocation {
  studyUid: string;
  seriesUid: string;
  sopInstanceUid: string;
}

/** The archive has the instance (or says so), but it did not arrive here. */
export class ReadBackFailedError extends PhotodockError {
  constructor(status: number, counts: { completed: number; failed: number; warning: number }) {
    super('read-back-failed', 'the archive did not send the instance back', { status, ...counts });
  }
}

/**
 * C-MOVE of one instance to our own AE: the archive opens a second association to `listener`. Gives the data set's bytes
 * as received, or null when the archive has no such instance. The archive must know our AE title, host and port.
 */
export async function readBackByMove(
  peer: Peer,
  listener: Listener,
  location: InstanceLocation,
  options: CallOptions & { maxBytes?: number } = {},
): Promise<ReceivedInstance | null> {
  const expectation = listener.expectStore(
    location.sopInstanceUid,
    options.maxBytes === undefined ? {} : { maxBytes: options.maxBytes },
  );
  let received: ReceivedInstance | null = null;
  void expectation.received.then((instance) => (received = instance));
  try {
    const [answer] = await runRequests(peer, [retrieve(STUDY_ROOT_MOVE, location, listener.aet)], options);
    return await settle(answer, received, 'C-MOVE', () => knowsInstance(peer, location, options));
  } finally {
    expectation.cancel();
  }
}

/**
 * C-GET of one instance: it comes back on our own association, so the archive needs no route to us. Not every archive
 * offers it. `stored` says in which SOP class and transfer syntax we sent it.
 */
export async function readBackByGet(
  peer: Peer,
  location: InstanceLocation,
  stored: { sopClassUid: string; transferSyntaxUid: string },
  options: CallOptions & { maxBytes?: number } = {},
): Promise<ReceivedInstance | null> {
  let received: ReceivedInstance | null = null;
  const request = retrieve(STUDY_ROOT_GET, location, null);
  const association = await openAssociation(
    peer,
    [
      request.context,
      { sopClassUid: stored.sopClassUid, transferSyntaxUids: [stored.transferSyntaxUid], weReceive: true },
    ],
    {
      ...options,
      maxMessageBytes: options.maxBytes ?? 1024 * 1024 * 1024,
      onRequest: async ({ command, dataset, sopClassUid, transferSyntaxUid }) => {
        if (command.field !== COMMAND.store) return 0x0211;
        if (command.affectedSopInstanceUid !== location.sopInstanceUid || !dataset) return 0x0124;
        received = { sopClassUid, sopInstanceUid: location.sopInstanceUid, transferSyntaxUid, dataset };
        return 0x0000;
      },
    },
  );
  let answer: Answer;
  try {
    answer = await association.perform(request, options.signal);
  } finally {
    await association.release();
  }
  return settle(answer, received, 'C-GET', () => knowsInstance(peer, location, options));
}

/** C-FIND at IMAGE level: does the archive list this instance in that study and series? */
export async function knowsInstance(
  peer: Peer,
  location: InstanceLocation,
  options: CallOptions = {},
): Promise<boolean> {
  const query = retrieve(STUDY_ROOT_FIND, location, null);
  let matches = 0;
  const [answer] = await runRequests(
    peer,
    [
      {
        ...query,
        command: { ...query.command, field: COMMAND.find },
        onPending: () => void matches++,
      },
    ],
    options,
  );
  if (answer?.status !== 0x0000) throw new UnexpectedStatusError('C-FIND', answer?.status ?? -1);
  return matches > 0;
}

function retrieve(sopClassUid: string, location: InstanceLocation, destination: string | null): DimseRequest {
  return {
    context: { sopClassUid, transferSyntaxUids: LITTLE_ENDIAN },
    command: {
      field: destination === null ? COMMAND.get : COMMAND.move,
      affectedSopClassUid: sopClassUid,
      priority: 0,
      ...(destination === null ? {} : { moveDestination: destination }),
    },
    dataset: (transferSyntaxUid) =>
      encodeElements(
        [
          [0x00080018, 'UI', location.sopInstanceUid],
          [0x00080052, 'CS', 'IMAGE'],
          [0x0020000d, 'UI', location.studyUid],
          [0x0020000e, 'UI', location.seriesUid],
        ],
        transferSyntaxUid,
      ),
  };
}

async function settle(
  answer: Answer | undefined,
  received: ReceivedInstance | null,
  operation: string,
  isKnown: () => Promise<boolean>,
): Promise<ReceivedInstance | null> {
  // what arrived is judged by its bytes, whatever the archive thinks of its own sub-operation
  if (received) return received;
  if (!answer) return null;
  const { status, command } = answer;
  const counts = { completed: command.completed ?? 0, failed: command.failed ?? 0, warning: command.warning ?? 0 };
  if (status === 0x0000 && counts.completed + counts.failed + counts.warning === 0) return null;
  // archives answer C000 or A702 to an instance they do not have as well as to a failed sub-operation: ask
  if (!(await isKnown().catch(() => true))) return null;
  if (status === 0x0000 || (status & 0xf000) === 0xb000) throw new ReadBackFailedError(status, counts);
  throw new UnexpectedStatusError(operation, status);
}
