/** A parser with a fault behind three bytes that must be right one after the other: blind luck needs millions of tries. */
export function planted(bytes: Uint8Array): void {
  if (bytes[0] !== 0x46) return;
  if (bytes[1] !== 0x55) return;
  if (bytes[2] === 0x5a) throw new Error('found');
}
