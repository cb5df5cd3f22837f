/** What a medium is. The first three are mounted filesystems, the others hang on a cable. */
export const MEDIUM_KINDS = ['card', 'stick', 'folder', 'camera', 'phone', 'dermatoscope'] as const;
export type MediumKind = (typeof MEDIUM_KINDS)[number];

/** Whether a medium is a device that answers for itself, and not a filesystem that this machine reads. */
export function isDevice(kind: MediumKind): boolean {
  return kind === 'camera' || kind === 'phone' || kind === 'dermatoscope';
}
