/** What is told of a device that has a PTP or MTP interface, before anybody opens it. */
export interface UsbFacts {
  /** Where it is plugged: bus and port path (`1-2.4`). Another device there later has the same key. */
  readonly key: string;
  /** Its number on the bus: changes with every plug. */
  readonly address: number;
  readonly vendorId: number;
  readonly productId: number;
  /** Serial string; null when the device has none or nobody could ask it. */
  readonly serial: string | null;
  readonly maker: string | null;
  readonly product: string | null;
  readonly interfaceNumber: number;
  /** How the interface calls itself: still image class (06/01/01), or a vendor's with "MTP" in its name. */
  readonly kindHint: 'ptp' | 'mtp';
}

/** What the watching process tells, one JSON value a line. */
export type UsbReport =
  | { readonly what: 'appeared'; readonly facts: UsbFacts }
  | { readonly what: 'vanished'; readonly key: string }
  | { readonly what: 'listed' }
  /** Every two seconds: who is silent has hung. */
  | { readonly what: 'alive' };
