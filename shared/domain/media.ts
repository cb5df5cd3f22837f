/** What a medium is. The first three are mounted filesystems, the others hang on a cable. */
export const MEDIUM_KINDS = ['card', 'stick', 'folder', 'camera', 'phone', 'dermatoscope'] as const;
export type MediumKind = (typeof MEDIUM_KINDS)[number];

/** Whether a medium is a device that answers for itself, and not a filesystem that this machine reads. */
export function isDevice(kind: MediumKind): boolean {
  return kind === 'camera' || kind === 'phone' || kind === 'dermatoscope';
}

/** What of a medium tells how it erases. */
interface WhatItIs {
  readonly kind: MediumKind;
  readonly maker: string | null;
  readonly model: string | null;
}

/** An iPhone or iPad: what is deleted there lies in "Recently Deleted" for 30 days, and may be in iCloud (devices.md 4.2). */
export function keepsRecentlyDeleted({ kind, maker, model }: WhatItIs): boolean {
  return kind === 'phone' && (/^apple\b/i.test(maker ?? '') || /^(iphone|ipad|ipod)/i.test(model ?? ''));
}
