import type { FrameAnswer, FrameFacts } from '../../shared/contract/capture.ts';
import type { CallInput, CallName, CallOutput, CallResult, StationEvent } from '../../shared/contract.ts';

/** What the shell itself does for the page, because it needs a dialog or a hidden window. */
interface ShellCalls {
  /** Asks for a folder and docks it; null when the person changed their mind. */
  'shell.pickFolder': { input: Record<string, never>; output: { dockingId: string | null } };
  /** The printable certificate as PDF. */
  'shell.printCertificate': { input: { dockingId: string }; output: { saved: boolean } };
  /** The signed certificate as it is checked by `photodock verify-certificate`. */
  'shell.saveCertificate': { input: { dockingId: string }; output: { saved: boolean } };
  /** The taught buttons as a file for other stations. */
  'shell.saveButtons': { input: Record<string, never>; output: { saved: boolean } };
}

export type AskName = CallName | keyof ShellCalls;
export type AskInput<N extends AskName> = N extends CallName
  ? CallInput<N>
  : N extends keyof ShellCalls
    ? ShellCalls[N]['input']
    : never;
export type AskOutput<N extends AskName> = N extends CallName
  ? CallOutput<N>
  : N extends keyof ShellCalls
    ? ShellCalls[N]['output']
    : never;
type Answer<N extends AskName> =
  { readonly ok: true; readonly value: AskOutput<N> } | Extract<CallResult<CallName>, { ok: false }>;

/** What the preload gives the window: the only door to the outside. */
export interface Bridge {
  call<N extends AskName>(name: N, input: AskInput<N>): Promise<Answer<N>>;
  /** Hands over a picture of a live camera. Only `ok` means that it is saved; sent again, it stays one picture. */
  sendFrame(dockingId: string, facts: FrameFacts, bytes: Uint8Array): Promise<FrameAnswer>;
  onEvent(callback: (event: StationEvent) => void): () => void;
  readonly platform: string;
  readonly version: string;
}

declare global {
  interface Window {
    readonly photodock: Bridge;
  }
}

/** The bridge of this window. */
export function bridge(): Bridge {
  return window.photodock;
}
