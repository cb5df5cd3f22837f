import type { Mapping } from './mapping.ts';
import type { Pattern } from './press-edge.ts';
import type { DeviceFacts } from './protocol.ts';

/** Whether a plugged device is the kind of device that a button was taught on: another pedal of the same model is as good. */
export function isOf(mapping: Mapping, device: DeviceFacts): boolean {
  if (mapping.source !== device.source) return false;
  if (mapping.vendorId !== device.vendorId || mapping.productId !== device.productId) return false;
  if (mapping.source === 'evdev') return true;
  // Not every system tells the number of the interface.
  const isInterface = [device.interface, -1].includes(mapping.interface) || device.interface === -1;
  return (
    isInterface && device.collections.some(({ page, usage }) => page === mapping.usagePage && usage === mapping.usage)
  );
}

/** Which bits of its reports mean "pressed". A camera's button is one byte: 1 is pressed. */
export function patternOf(mapping: Mapping): Pattern {
  if (mapping.source === 'evdev') return { mask: Uint8Array.of(0xff), value: Uint8Array.of(1) };
  const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));
  return { mask: bytes(mapping.mask), value: bytes(mapping.value) };
}
