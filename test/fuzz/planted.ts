/** A parser with a fault behind four bytes that must be right one after the other: blind luck needs thousands of millions of tries. */
export function planted(bytes: Uint8Array): void {
  if (bytes[0] !== 0x46) return;
  if (bytes[1] !== 0x55) return;
  if (bytes[2] !== 0x5a) return;
  if (bytes[3] === 0x5b) throw new Error('found');
}
