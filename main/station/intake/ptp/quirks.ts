/** What is different about some devices, by USB vendor (libgphoto2 device-flags.h, library.c; devices.md 1.3). */
export interface Quirks {
  /** The body hangs after CloseSession: its session is ended by a reset of the class instead. */
  readonly neverCloseSession: boolean;
  /** The device hangs when the last packet of a partial read is a whole one: parts are cut so that none is. */
  readonly avoidWholeLastPacket: boolean;
  /** Bytes are changed on their way (HEIC made JPEG) when a setting of the phone says so. */
  readonly mayTranscode: boolean;
}

const NONE: Quirks = { neverCloseSession: false, avoidWholeLastPacket: false, mayTranscode: false };

const VENDOR = { apple: 0x05ac, samsung: 0x04e8, canon: 0x04a9 } as const;
/** EOS bodies of 2016: 80D, 1D X II, 1300D, 5D IV. */
const CANON_2016 = [0x3294, 0x3292, 0x32b4, 0x32a6];

/** GetObjectPropList is asked of nobody: for all objects at once it is broken or too slow on many phones, and ObjectInfo says enough. */
export function quirksOf(vendorId: number, productId: number): Quirks {
  if (vendorId === VENDOR.apple) return { ...NONE, mayTranscode: true };
  if (vendorId === VENDOR.samsung) return { ...NONE, avoidWholeLastPacket: true };
  if (vendorId === VENDOR.canon && CANON_2016.includes(productId)) return { ...NONE, neverCloseSession: true };
  return NONE;
}
