import { errorCode } from '../../../../shared/domain/errors.ts';
import { DeviceNotReadyError, SourceGoneError } from '../errors.ts';
import type { UsbFacts } from '../usb/facts.ts';
import { releaseFromDesktop } from '../usb/holder.ts';
import type { LaunchOptions } from '../usb/launch.ts';
import { PtpClient } from './client.ts';
import { ProcessTransport } from './process-transport.ts';
import type { ReadOptions } from './read-object.ts';
import { PtpTransportError } from './transport.ts';

export interface PtpSourceOptions extends LaunchOptions {
  readonly facts: UsbFacts;
  /** A desktop program that holds the device is asked to let go (`devices.takeFromDesktop`). */
  readonly takeFromDesktop: boolean;
  /** Asks it; another one in tests. */
  readonly release?: () => Promise<boolean>;
  readonly reading?: Pick<ReadOptions, 'wholeBytes' | 'partBytes'>;
}

/** Opens a device and a session with it; where the site says so, from a desktop program that holds it. @throws PtpTransportError */
export async function openDevice(options: PtpSourceOptions): Promise<PtpClient> {
  const { facts, takeFromDesktop, release = releaseFromDesktop } = options;
  const open = () =>
    PtpClient.open({
      vendorId: facts.vendorId,
      productId: facts.productId,
      openTransport: () => ProcessTransport.open({ ...options, ...facts }),
    });
  try {
    return await open();
  } catch (error) {
    if (errorCode(error) !== 'device-held' || !takeFromDesktop || !(await release())) throw error;
    return open();
  }
}

/** A device that is there, and wants something done by a person first. */
export function notReady(
  code: string,
  details: Record<string, string | number | boolean | null> = {},
): DeviceNotReadyError {
  return new DeviceNotReadyError(code, `the device is not ready (${code})`, details);
}

/** A failure of the way to a device, in the words of a source; any other error as it is. */
export function sourceFailure(error: unknown): unknown {
  if (!(error instanceof PtpTransportError)) return error;
  switch (error.code) {
    case 'device-gone':
      return new SourceGoneError();
    case 'device-held':
      return notReady('device-held', { holder: error.details['holder'] ?? null });
    case 'device-no-permission':
      return notReady('device-no-permission');
    case 'cancelled':
      return error;
    default:
      return notReady('device-not-answering', { transport: error.code });
  }
}
