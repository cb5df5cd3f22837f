import { errorCode } from '../../../../shared/domain/errors.ts';
import type { UsbFacts } from '../usb/facts.ts';
import { PhoneReadError } from './errors.ts';

const APPLE = 0x05ac;
/** Samsung, Google, Xiaomi, Huawei, LG, Motorola, HTC, OnePlus, Oppo, Sony Mobile: they make phones that also speak PTP. */
const PHONE_VENDORS = [0x04e8, 0x18d1, 0x2717, 0x12d1, 0x1004, 0x22b8, 0x0bb4, 0x2a70, 0x22d9, 0x0fce];

export function isApple({ vendorId }: Pick<UsbFacts, 'vendorId'>): boolean {
  return vendorId === APPLE;
}

/** Whether a device is a phone, from what it says before it is opened: it may belong to a person, and has rules of its own. */
export function isPhone(facts: Pick<UsbFacts, 'vendorId' | 'kindHint'>): boolean {
  return facts.kindHint === 'mtp' || isApple(facts) || PHONE_VENDORS.includes(facts.vendorId);
}

/** Why a device shows no storage: what a person has to do about it. */
export function withoutStorages(facts: Pick<UsbFacts, 'vendorId' | 'kindHint'>): string {
  if (isApple(facts)) return 'phone-not-trusted';
  return isPhone(facts) ? 'phone-locked-or-charging' : 'camera-without-card';
}

const DIFFERS = ['device-size-differs', 'device-short-data', 'device-too-much-data'];

/**
 * What an iPhone's failure to deliver means. Under "Transfer to Mac or PC: Automatic" it converts on the way, so that the bytes are not those that
 * it listed; with "Optimise iPhone Storage" the original is in iCloud and the phone answers a general error (devices.md 2.5).
 */
export function appleReadError(error: unknown): unknown {
  if (DIFFERS.includes(errorCode(error))) return new PhoneReadError('phone-transcodes', { cause: error });
  if (errorCode(error) === 'device-error') return new PhoneReadError('not-on-phone', { cause: error });
  return error;
}

/** Whether what begins with these bytes was converted: a HEIC by its name that is a JPEG. */
export function isTranscoded(name: string, begin: Uint8Array): boolean {
  return /\.hei[cf]$/iu.test(name) && begin[0] === 0xff && begin[1] === 0xd8;
}
