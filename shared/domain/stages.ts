/** The stages of DESIGN.md: the same strings in store, code and window. */

export const ITEM_STAGES = ['listed', 'sealed', 'proven', 'unreadable', 'housekeeping'] as const;
export type ItemStage = (typeof ITEM_STAGES)[number];

export const CAPTURE_STAGES = ['unfiled', 'filed', 'delivered', 'confirmed', 'rejected'] as const;
export type CaptureStage = (typeof CAPTURE_STAGES)[number];

export const ON_MEDIUM = ['present', 'erasing', 'absent', 'kept', 'erase-unverified'] as const;
export type OnMedium = (typeof ON_MEDIUM)[number];

/** What a capture is made of. */
export const CAPTURE_KINDS = ['photo', 'raw+jpeg', 'raw', 'live-photo', 'heic', 'video', 'other'] as const;
export type CaptureKind = (typeof CAPTURE_KINDS)[number];

/** The word a lane shows, readable at two metres. */
export const DOCKING_STATES = [
  'listing',
  'reading',
  'sealed',
  'erasing',
  'clear',
  'unplugged-early',
  'cancelled',
  'failed',
] as const;
export type DockingState = (typeof DOCKING_STATES)[number];
