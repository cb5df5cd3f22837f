import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** What the bus knows of a USB device. */
export interface UsbIdentity {
  readonly maker: string | null;
  readonly model: string | null;
  readonly serial: string | null;
}

const NOTHING: UsbIdentity = { maker: null, model: null, serial: null };

/**
 * Asks the kernel's list of the bus (Linux: /sys/bus/usb/devices) what a device of this vendor and product tells of itself: the window sees
 * no serial number. Two alike on the bus cannot be told apart, so nothing is said of either.
 * @param vendorId four hex digits, lower case
 */
export async function usbIdentity(
  vendorId: string,
  productId: string,
  bus = '/sys/bus/usb/devices',
): Promise<UsbIdentity> {
  const found: UsbIdentity[] = [];
  for (const name of await readdir(bus).catch(() => [])) {
    const tell = async (file: string) => {
      const text = await readFile(path.join(bus, name, file), 'utf8').catch(() => '');
      // Descriptors are what the device likes to say: without signs that do not print, and not long.
      return (
        text
          .replace(/\p{Cc}/gu, ' ')
          .trim()
          .slice(0, 64) || null
      );
    };
    if ((await tell('idVendor')) !== vendorId || (await tell('idProduct')) !== productId) continue;
    found.push({ maker: await tell('manufacturer'), model: await tell('product'), serial: await tell('serial') });
  }
  return found.length === 1 ? found[0]! : NOTHING;
}
