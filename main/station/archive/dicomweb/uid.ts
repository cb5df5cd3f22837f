/** A DICOM UID as a path segment or map key: digits and dots, at most 64 (PS3.5 9.1). Throws on anything else. */
export function checkedUid(uid: string): string {
  if (!/^\d+(?:\.\d+)*$/.test(uid) || uid.length > 64) throw new RangeError('not a DICOM UID');
  return uid;
}
