import { openAssociation } from './association.ts';
import type { OpenAssociation, ProposedContext } from './association.ts';
import { COMMAND } from './command.ts';
import { ContextNotAcceptedError, MalformedDatasetError } from './errors.ts';
import type { CallOptions, Peer } from './peer.ts';
import { judgeStoreAnswer } from './store-status.ts';
import type { StoreOutcome } from './store-status.ts';

export interface InstanceToStore {
  /** The whole Part-10 file. Its data set goes over the wire byte for byte. */
  bytes: Buffer;
  sopClassUid: string;
  sopInstanceUid: string;
  transferSyntaxUid: string;
}

export interface StoreResult {
  /** The C-STORE status as the archive sent it. */
  status: number;
  outcome: StoreOutcome;
}

/** Sends one instance on an association of its own. A result always stems from an answer to exactly this request. */
export async function storeInstance(
  peer: Peer,
  instance: InstanceToStore,
  options: CallOptions = {},
): Promise<StoreResult> {
  const sender = createStoreSender(peer, { ...options, keepOpenMs: 0 });
  try {
    return await sender.store(instance, options.signal);
  } finally {
    await sender.close();
  }
}

export interface StoreSender {
  /** One after the other. Named errors as of `openAssociation`, and ContextNotAcceptedError before a byte is sent. */
  store(instance: InstanceToStore, signal?: AbortSignal): Promise<StoreResult>;
  /** Releases the association if one is open. */
  close(): Promise<void>;
}

/**
 * Sends instances and keeps the association open for `keepOpenMs` after each, so that a batch needs one negotiation.
 * An association the peer ended meanwhile is replaced before sending; a request under way is never repeated here.
 */
export function createStoreSender(
  peer: Peer,
  options: Omit<CallOptions, 'signal'> & { keepOpenMs?: number } = {},
): StoreSender {
  const keepOpenMs = options.keepOpenMs ?? 2_000;
  let open: { association: OpenAssociation; key: string } | null = null;
  let idle: NodeJS.Timeout | undefined;
  let queue: Promise<unknown> = Promise.resolve();

  const close = async (): Promise<void> => {
    clearTimeout(idle);
    const last = open;
    open = null;
    await last?.association.release();
  };

  const store = async (instance: InstanceToStore, signal?: AbortSignal): Promise<StoreResult> => {
    clearTimeout(idle);
    const dataset = datasetOf(instance.bytes);
    const context: ProposedContext = {
      sopClassUid: instance.sopClassUid,
      transferSyntaxUids: [instance.transferSyntaxUid],
    };
    const key = `${instance.sopClassUid} ${instance.transferSyntaxUid}`;
    if (open && (!open.association.isOpen || open.key !== key)) await close();
    open ??= {
      association: await openAssociation(peer, [context], { timeouts: options.timeouts, signal }),
      key,
    };
    try {
      const answer = await open.association.perform(
        {
          context,
          command: {
            field: COMMAND.store,
            affectedSopClassUid: instance.sopClassUid,
            affectedSopInstanceUid: instance.sopInstanceUid,
            priority: 0,
          },
          dataset: () => dataset,
        },
        signal,
      );
      return { status: answer.status, outcome: judgeStoreAnswer(answer, instance) };
    } catch (error) {
      if (error instanceof ContextNotAcceptedError) await close();
      else open = null;
      throw error;
    } finally {
      if (open && keepOpenMs > 0) idle = setTimeout(() => void close(), keepOpenMs).unref();
      else await close();
    }
  };

  return {
    store: (instance, signal) => {
      const result = queue.then(() => store(instance, signal));
      queue = result.catch(() => undefined);
      return result;
    },
    close: async () => {
      await queue;
      await close();
    },
  };
}

/** The data set of a Part-10 file: everything after the file meta information (PS3.10 7.1). */
export function datasetOf(part10: Buffer): Buffer {
  if (part10.length < 144 || part10.toString('latin1', 128, 132) !== 'DICM')
    throw new MalformedDatasetError('not a Part-10 file');
  // (0002,0000) UL: group length, always first
  if (part10.readUInt32BE(132) !== 0x02000000 || part10.toString('latin1', 136, 138) !== 'UL')
    throw new MalformedDatasetError('no file meta group length');
  const start = 144 + part10.readUInt32LE(140);
  if (start >= part10.length) throw new MalformedDatasetError('no data set after the file meta information');
  return part10.subarray(start);
}
