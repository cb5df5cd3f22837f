declare module 'dicom-character-set' {
  /** Decodes text bytes; throws on an unknown set or escape sequence. */
  export function convertBytes(
    specificCharacterSet: string | undefined,
    bytes: Uint8Array,
    options?: { vr?: string },
  ): string;
}
