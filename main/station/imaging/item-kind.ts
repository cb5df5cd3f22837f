/** Camera RAW formats. Their pictures are shown by the JPEG preview they hold; they are never developed here. */
export const RAW_KINDS = ['dng', 'cr2', 'cr3', 'nef', 'arw', 'raf', 'rw2', 'orf'] as const;

export const PICTURE_KINDS = ['jpeg', 'heic', 'png', 'tiff', 'gif', 'webp', 'avif', ...RAW_KINDS] as const;

export const VIDEO_KINDS = ['mp4', 'mov', 'avi'] as const;

/** XMP and AAE describe edits; WAV is a spoken note. */
export const SIDECAR_KINDS = ['xmp', 'aae', 'wav'] as const;

export const ITEM_KINDS = [...PICTURE_KINDS, ...VIDEO_KINDS, ...SIDECAR_KINDS, 'unknown'] as const;

/** What the bytes of an item are, by their content. */
export type ItemKind = (typeof ITEM_KINDS)[number];

export function isRaw(kind: ItemKind): boolean {
  return (RAW_KINDS as readonly ItemKind[]).includes(kind);
}

export function isPicture(kind: ItemKind): boolean {
  return (PICTURE_KINDS as readonly ItemKind[]).includes(kind);
}

export function isVideo(kind: ItemKind): boolean {
  return (VIDEO_KINDS as readonly ItemKind[]).includes(kind);
}

export function isSidecar(kind: ItemKind): boolean {
  return (SIDECAR_KINDS as readonly ItemKind[]).includes(kind);
}
