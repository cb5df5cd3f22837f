const APPLE = 0x05ac;

/** An interface descriptor, as far as it matters here. */
export interface InterfaceFacts {
  readonly number: number;
  readonly alternate: number;
  readonly class: number;
  readonly subclass: number;
  readonly protocol: number;
  readonly endpoints: number;
  /** String of the interface; asked only of vendor classes. */
  readonly name: () => Promise<string | null>;
}

/**
 * Which interface of a device speaks PTP: the still image class 06/01/01 (USB Still Image Capture Device Definition), else a vendor's own
 * class whose name says MTP or PTP (Android). Storage, audio and debug bridges of the same device are passed over, and so are hubs.
 */
export async function choosePtpInterface(
  vendorId: number,
  deviceClass: number,
  interfaces: readonly InterfaceFacts[],
): Promise<{ interfaceNumber: number; kindHint: 'ptp' | 'mtp' } | null> {
  if (deviceClass === 9) return null;
  const first = interfaces.filter(({ alternate, endpoints }) => alternate === 0 && endpoints >= 2);
  const named = (name: string | null) => name !== null && /\b(MTP|PTP)\b/iu.test(name);
  const isVendors = (one: InterfaceFacts) => one.class === 0xff && one.subclass === 0xff && one.protocol === 0;
  const still = first.find((one) => one.class === 6 && one.subclass === 1 && one.protocol === 1);
  if (still) {
    const name = vendorId === APPLE ? null : await still.name();
    return { interfaceNumber: still.number, kindHint: name !== null && /MTP/iu.test(name) ? 'mtp' : 'ptp' };
  }
  for (const one of first) {
    const isApples = vendorId === APPLE && one.class === 0xff && one.subclass === 0xff;
    if (!isVendors(one) && !isApples) continue;
    const name = await one.name();
    if (named(name)) return { interfaceNumber: one.number, kindHint: /PTP/iu.test(name ?? '') ? 'ptp' : 'mtp' };
  }
  return null;
}
