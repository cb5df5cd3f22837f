import type { IpcMainInvokeEvent } from 'electron';
import { contract } from '../../shared/contract.ts';
import type { CallName } from '../../shared/contract.ts';
import { errorCode, PhotodockError } from '../../shared/domain/errors.ts';
import type { DoorClient } from '../client/index.ts';
import type { Access } from './access.ts';
import { isTrustedSender } from './trusted-sender.ts';

export type RelayAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: string; readonly details?: Readonly<Record<string, unknown>> };

/** What the shell itself does for the page, because it needs a dialog or a hidden window. */
export type ShellCalls = Readonly<Record<string, (input: unknown) => Promise<RelayAnswer>>>;

export interface RelayParts {
  readonly client: Pick<DoorClient, 'call'>;
  readonly access: Access;
  /** Ids of the web contents that may call. */
  readonly windows: ReadonlySet<number>;
  readonly shellCalls: ShellCalls;
  /** Forgets the person and purges the page. */
  readonly forget: () => void;
  /** Called when no station answered; gives the reason when one could not be started. */
  readonly stationLost: () => string | null;
}

/** Somebody who is not our own page tried to call. */
export class SenderRefused extends PhotodockError {
  constructor() {
    super('sender-refused', 'a call from a frame that is not ours was refused');
  }
}

/** The page names no paths: a folder to dock is picked in the shell's own dialog. */
const NOT_FOR_THE_PAGE: ReadonlySet<string> = new Set(['dock.folder'] satisfies CallName[]);

/**
 * The way from the page to the station: checks who asks, adds the session token on the way in and takes it out on the way
 * back. What a person may do is decided by the station, not here.
 */
export function createRelay(parts: RelayParts) {
  return async function relay(
    event: Pick<IpcMainInvokeEvent, 'senderFrame' | 'sender'>,
    name: unknown,
    input: unknown,
  ): Promise<RelayAnswer> {
    if (!isTrustedSender(event, parts.windows)) throw new SenderRefused();
    if (typeof name !== 'string') return { ok: false, code: 'unknown-call' };
    try {
      if (Object.hasOwn(parts.shellCalls, name)) return await (parts.shellCalls[name]?.(input) ?? unknownCall());
      if (NOT_FOR_THE_PAGE.has(name)) return { ok: false, code: 'not-for-the-page' };
      if (!isCallName(name)) return unknownCall();
      return await forward(parts, name, input);
    } catch (error) {
      return { ok: false, code: errorCode(error) };
    }
  };
}

async function forward(parts: RelayParts, name: CallName, input: unknown): Promise<RelayAnswer> {
  const { access, client } = parts;
  const session = access.token ?? undefined;
  const answer = await client.call(name, input ?? {}, { session });
  // Also when no station answered: the person has gone, and the page must not stay.
  if (name === 'session.signOut' || name === 'session.lock') parts.forget();
  if (!answer.ok && answer.code === 'station-unreachable') {
    const because = parts.stationLost();
    return because === null ? answer : { ...answer, details: { because } };
  }
  if (!answer.ok) return answer;
  const { token, value } = withoutToken(answer.value);
  if (token !== null) {
    const before = access.grant(token);
    if (before !== null) void client.call('session.signOut', {}, { session: before });
  }
  return { ok: true, value };
}

function withoutToken(value: unknown): { token: string | null; value: unknown } {
  if (typeof value !== 'object' || value === null || !('sessionToken' in value)) return { token: null, value };
  const { sessionToken, ...rest } = value;
  return { token: typeof sessionToken === 'string' ? sessionToken : null, value: rest };
}

function isCallName(name: string): name is CallName {
  return Object.hasOwn(contract, name);
}

function unknownCall(): RelayAnswer {
  return { ok: false, code: 'unknown-call' };
}
