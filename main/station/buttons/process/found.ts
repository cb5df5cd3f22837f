import type { DeviceFacts } from '../protocol.ts';

/** A device that may be listened to. */
export interface Found {
  /** What the system calls it: where it is opened. */
  readonly key: string;
  readonly isScanner: boolean;
  readonly facts: Omit<DeviceFacts, 'id'>;
}

/** A device that is being read. */
export interface Open {
  close(): Promise<void>;
}

/** A device's own name, as it can be shown: devices say what they like. */
export function bareName(text: string | undefined): string {
  return (text ?? '')
    .replaceAll(/[\p{Cc}\ufffd]/gu, '')
    .trim()
    .slice(0, 80);
}
