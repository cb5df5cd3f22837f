import { z } from 'zod';
import { call } from './call.ts';
import * as view from './views.ts';

/** The largest picture that a window may hand over, bytes. A JPEG of 4096 x 3072 at quality 0.95 has 3 to 8 MB. */
export const FRAME_MAX_BYTES = 32 << 20;

export const POLARISATIONS = ['cross', 'parallel', 'none'] as const;
export const CONTACTS = ['contact', 'non-contact'] as const;
export const IMMERSIONS = ['none', 'alcohol', 'gel', 'oil', 'water'] as const;

/** How a dermatoscope looks at the skin; null where nobody has said. */
export const Optics = z.object({
  /** Times, as it is written on the device. */
  magnification: z.number().min(0.1).max(1000).nullable(),
  polarisation: z.enum(POLARISATIONS).nullable(),
  contact: z.enum(CONTACTS).nullable(),
  immersion: z.enum(IMMERSIONS).nullable(),
});
export type Optics = z.output<typeof Optics>;

export const NO_OPTICS: Optics = { magnification: null, polarisation: null, contact: null, immersion: null };

const Words = z.string().trim().max(64);
const UsbNumber = z.string().regex(/^[0-9a-f]{4}$/);

/** A camera that was used here before. */
export const CaptureDeviceView = z.object({
  mediumId: view.Id,
  /** As the window's system calls it: how it is chosen again. */
  label: z.string(),
  name: z.string().nullable(),
  maker: z.string().nullable(),
  model: z.string().nullable(),
  serial: z.string().nullable(),
  optics: Optics,
  lastUsedAt: z.number().int().nonnegative(),
});
export type CaptureDeviceView = z.output<typeof CaptureDeviceView>;

/** What goes with the bytes of a picture through the door. */
export const FrameFacts = z
  .object({
    /** The sender's own hash of what it shows. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
    takenAt: z.number().int().positive(),
    optics: Optics,
  })
  .strict();
export type FrameFacts = z.output<typeof FrameFacts>;

/** The picture is sealed and was opened again: its bytes may be forgotten. */
export const FrameSealed = z.object({ itemId: view.Id, sha256: z.string() });
export type FrameSealed = z.output<typeof FrameSealed>;

export type FrameAnswer =
  | { readonly ok: true; readonly value: FrameSealed }
  | { readonly ok: false; readonly code: string; readonly details?: Record<string, string | number | boolean | null> };

/** Pictures taken from a live camera in the window. Their bytes come by `PUT /frame/<dockingId>`, not by a call. */
export const captureCalls = {
  /** Cameras used here before, the last one first. */
  'capture.devices': call('capture', z.object({}).strict(), z.object({ devices: z.array(CaptureDeviceView) })),
  /** Docks the camera that the window shows now. The same camera docked already answers its docking. */
  'capture.open': call(
    'capture',
    z.object({
      device: z.object({
        label: z.string().trim().min(1).max(200),
        vendorId: UsbNumber.optional(),
        productId: UsbNumber.optional(),
      }),
    }),
    z.object({ dockingId: view.Id, device: CaptureDeviceView, awaitsApproval: z.boolean() }),
  ),
  /** The window still has the camera. A camera of which nothing was heard for a while is undocked. */
  'capture.here': call('capture', z.object({ dockingId: view.Id }), z.object({ open: z.boolean() })),
  /** The camera is gone, or a person has finished with it. */
  'capture.close': call('capture', z.object({ dockingId: view.Id }), z.object({})),
  /** Noted once for the device, and where every new picture of it begins. */
  'capture.optics': call('capture', z.object({ mediumId: view.Id, optics: Optics }), CaptureDeviceView),
  /** What the device does not tell of itself. */
  'capture.describe': call(
    'capture',
    z.object({ mediumId: view.Id, maker: Words, model: Words, serial: Words }),
    CaptureDeviceView,
  ),
  /** Pictures of a docking that are sealed, the newest first. */
  'capture.frames': call(
    'capture',
    z.object({ dockingId: view.Id }),
    z.object({
      frames: z.array(
        z.object({
          itemId: view.Id,
          sha256: z.string(),
          takenAt: z.number(),
          optics: Optics,
          captureId: view.Id.nullable(),
        }),
      ),
    }),
  ),
} as const;
