import { z } from 'zod';
import { KEY_CAMERA, MOST_REPORT_BYTES } from './limits.ts';

const Word = z.number().int().min(0).max(0xffff);
const HexBytes = z
  .string()
  .min(2)
  .max(2 * MOST_REPORT_BYTES)
  .regex(/^(?:[0-9a-f]{2})+$/);
/** What a device calls itself, shown to people. */
const DeviceName = z.string().trim().max(80);

const HidMapping = z
  .object({
    source: z.literal('hid'),
    vendorId: Word,
    productId: Word,
    /** Top-level collection of the device (USB HID 1.11 section 6.2.2.7, HID Usage Tables). */
    usagePage: Word,
    usage: Word,
    /** Number of its USB interface; -1 where the system does not tell. */
    interface: z.number().int().min(-1).max(255),
    /** Bits of a report that say whether the button is pressed, and what they are when it is; hex, from the report's first byte. */
    mask: HexBytes,
    value: HexBytes,
    deviceName: DeviceName,
  })
  .strict()
  .refine(({ mask, value }) => mask.length === value.length && /[1-9a-f]/.test(mask), 'mask and value do not fit')
  .refine(({ mask, value }) => {
    const bits = Buffer.from(mask, 'hex');
    return Buffer.from(value, 'hex').every((byte, at) => (byte & ~bits[at]! & 0xff) === 0);
  }, 'value has bits that the mask leaves out');

const EvdevMapping = z
  .object({
    source: z.literal('evdev'),
    vendorId: Word,
    productId: Word,
    /** Key code of linux/input-event-codes.h. */
    code: z.literal(KEY_CAMERA),
    deviceName: DeviceName,
  })
  .strict();

/** How a device is known again, and what of its reports means "pressed". */
export const Mapping = z.union([HidMapping, EvdevMapping]);
export type Mapping = z.output<typeof Mapping>;
export type HidMapping = Extract<Mapping, { source: 'hid' }>;

/** Whether two mappings are of the same button of the same kind of device, whatever the device calls itself. */
export function isSameButton(one: Mapping, other: Mapping): boolean {
  const bare = ({ deviceName: _name, ...rest }: Mapping) => JSON.stringify(Object.entries(rest).toSorted());
  return bare(one) === bare(other);
}
