/** No camera's or scanner's profile comes near it; it goes into the object as an attribute. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Whether bytes say that they are an ICC profile of just this length (ICC.1 7.2). Readers of the object would stumble over anything else. */
export function isIccProfile(bytes: Uint8Array): boolean {
  if (bytes.length < 132 || bytes.length > MOST_BYTES) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The size may be followed by padding up to three bytes.
  const size = view.getUint32(0);
  return view.getUint32(36) === 0x61637370 && size >= 132 && size <= bytes.length && bytes.length - size < 4;
}
