import hid from 'node-hid';
import { SCANNER_USAGE } from '../../../../shared/domain/buttons.ts';
import type { Found, Open } from './found.ts';
import { bareName } from './found.ts';

/** Usages of the generic desktop page that people type and point with (HID Usage Tables 1.5, page 0x01): pointer, mouse, keyboard, keypad. */
const TYPED_WITH = new Set([0x01, 0x02, 0x06, 0x07]);
/** FIDO security keys (usage page 0xF1D0) are nobody's buttons. */
const SECURITY_KEYS = 0xf1d0;

hid.setDriverType('hidraw');

/**
 * The HID devices that may be listened to. A device of which one collection is a keyboard or a mouse is left out whole where the system
 * gives them as one: what people type is none of the station's business.
 */
export async function findHid(): Promise<Found[]> {
  const found = new Map<string, Found>();
  const leftOut = new Set<string>();
  for (const one of await hid.devicesAsync()) {
    const { path, usagePage = 0, usage = 0 } = one;
    if (path === undefined || path === '') continue;
    if ((usagePage === 1 && TYPED_WITH.has(usage)) || usagePage === SECURITY_KEYS) leftOut.add(path);
    const before = found.get(path);
    const collection = { page: usagePage, usage };
    const isScanner = usagePage === SCANNER_USAGE.page && usage === SCANNER_USAGE.usage;
    found.set(path, {
      key: path,
      isScanner: isScanner || (before?.isScanner ?? false),
      facts: {
        source: 'hid',
        vendorId: one.vendorId,
        productId: one.productId,
        interface: one.interface,
        collections: [...(before?.facts.collections ?? []), collection].slice(0, 32),
        name: bareName(one.product) || bareName(one.manufacturer),
      },
    });
  }
  return [...found.values()].filter(({ key }) => !leftOut.has(key));
}

/** Reads a device until it is closed or goes away. @throws what the system says when it cannot be opened */
export async function openHid(path: string, onReport: (report: Uint8Array) => void, onGone: () => void): Promise<Open> {
  // Another program may read the same device; on macOS that has to be asked for.
  const device = await hid.HIDAsync.open(path, { nonExclusive: true });
  device.on('error', onGone);
  device.on('data', onReport);
  return { close: () => device.close() };
}
