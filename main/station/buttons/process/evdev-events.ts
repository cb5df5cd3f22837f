/** struct input_event of a 64-bit Linux (linux/input.h): two times of 8 bytes, type, code, value. */
const EVENT_BYTES = 24;
const EV_KEY = 1;

/** Whether a key went down (1) or up (0), in the order told; what the keyboard repeats (2) is held, not pressed. */
export function readKeys(bytes: Uint8Array, code: number): boolean[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const found: boolean[] = [];
  for (let at = 0; at + EVENT_BYTES <= bytes.length; at += EVENT_BYTES) {
    if (view.getUint16(at + 16, true) !== EV_KEY || view.getUint16(at + 18, true) !== code) continue;
    found.push(view.getInt32(at + 20, true) !== 0);
  }
  return found;
}
