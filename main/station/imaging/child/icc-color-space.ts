import type { ColorSpace } from '../types.ts';

/** Which known colour space an ICC profile describes, by its description (ICC.1 `desc` tag, as text or mluc). */
export function iccColorSpace(profile: Uint8Array | null): ColorSpace | null {
  if (profile === null || profile.length < 132) return null;
  const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
  const count = Math.min(view.getUint32(128), 100);
  for (let index = 0; index < count; index++) {
    const at = 132 + index * 12;
    if (at + 12 > profile.length) break;
    if (view.getUint32(at) !== 0x64657363) continue;
    const start = view.getUint32(at + 4);
    const value = profile.subarray(start, Math.min(start + view.getUint32(at + 8), start + 512));
    const text = new TextDecoder('latin1').decode(value).replaceAll('\0', '');
    if (/adobe ?rgb/iu.test(text)) return 'adobe-rgb';
    return /srgb/iu.test(text) ? 'srgb' : 'unknown';
  }
  return 'unknown';
}
