import type { IpcMainInvokeEvent } from 'electron';
import { isAppAddress } from './addresses.ts';

type Sender = Pick<IpcMainInvokeEvent, 'senderFrame' | 'sender'>;

/**
 * True only for the main frame of a window we opened ourselves, showing our own files. A frame that is gone (null), a frame
 * inside a frame, another origin and another window are all refused.
 */
export function isTrustedSender(event: Sender, windows: ReadonlySet<number>): boolean {
  const frame = event.senderFrame;
  if (frame === null || frame === undefined || frame.parent !== null) return false;
  return windows.has(event.sender.id) && isAppAddress(frame.url);
}
