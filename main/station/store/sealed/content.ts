import type { MediumFile } from './jobs.ts';

/** The bytes of one object of a device, which has no path on this machine: read anew from the device each time. */
export interface MediumStream {
  /** What the object is now, as the device tells it. */
  readonly size: number;
  /** ms since the epoch, whole. */
  readonly modifiedAt: number;
  /** The device's own number of it, good for one session. */
  readonly handle: number;
  /** The pieces in order. Ending the iteration early stops the reading. @throws whatever the device answers, with a code */
  read(signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** Where an object's bytes are read. */
export type MediumContent = MediumFile | MediumStream;

/** Whether the bytes come from a device and not from a mounted filesystem. */
export function isStream(content: MediumContent): content is MediumStream {
  return 'read' in content;
}
