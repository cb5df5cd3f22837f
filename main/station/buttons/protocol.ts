import { z } from 'zod';
import { MOST_DEVICES, MOST_REPORT_BYTES } from './limits.ts';

// What the station and the process of buttons say to each other: one JSON value a line, either way.

const Word = z.number().int().min(0).max(0xffff);
const Collection = z.object({ page: Word, usage: Word });

/** A device that may be listened to. `id` is good for the life of the process and one plug. */
const DeviceFacts = z.object({
  id: z.number().int().nonnegative(),
  source: z.enum(['hid', 'evdev']),
  vendorId: Word,
  productId: Word,
  interface: z.number().int().min(-1).max(255),
  /** Its top-level collections; none of an evdev device. */
  collections: z.array(Collection).max(32),
  name: z.string().max(80),
});
export type DeviceFacts = z.output<typeof DeviceFacts>;

/** What the process tells. `at`: ms on the machine's clock that nobody sets (process.hrtime). */
export const Told = z.discriminatedUnion('what', [
  /** Everything that is plugged now, and which of it is being read. */
  z.object({
    what: z.literal('devices'),
    devices: z.array(DeviceFacts).max(MOST_DEVICES),
    reading: z.array(z.number().int()).max(MOST_DEVICES),
    /** Everything that may be read was to be read. */
    everything: z.boolean(),
  }),
  z.object({
    what: z.literal('report'),
    id: z.number().int(),
    at: z.number(),
    hex: z
      .string()
      .max(2 * MOST_REPORT_BYTES)
      .regex(/^(?:[0-9a-f]{2})+$/),
  }),
]);
export type Told = z.output<typeof Told>;

/** What a device must be to be read. */
export interface Wanted {
  readonly source: 'hid' | 'evdev';
  readonly vendorId: number;
  readonly productId: number;
}

/** What the station asks: read these, or, while somebody teaches a button, everything. Scanners are always read. */
export interface Asked {
  readonly wanted: readonly Wanted[];
  readonly everything: boolean;
}
