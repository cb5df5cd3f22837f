import { DatasetReader, PtpDatasetError } from './reader.ts';

export type CanonEvent =
  /** C181 ObjectAddedEx, C1A7 ObjectAddedEx64, C186 and C1A9 RequestObjectTransfer (libgphoto2, ptp.h). */
  | { readonly what: 'added'; readonly handle: number; readonly name: string | null }
  | { readonly what: 'property'; readonly property: number; readonly value: number | null }
  | { readonly what: 'other'; readonly code: number };

const ADDED = [0xc181, 0xc1a7, 0xc186, 0xc1a9, 0xc1a8];
const PROPERTY_CHANGED = 0xc189;
const MOST_NAME = 255;

/**
 * Answer of Canon EOS GetEvent (0x9116): records of u32 length, u32 type, payload; a record of 8 bytes with type 0 ends them.
 * @throws PtpDatasetError
 */
export function readCanonEvents(bytes: Uint8Array): CanonEvent[] {
  const reader = new DatasetReader('Canon events', bytes);
  const events: CanonEvent[] = [];
  while (reader.left >= 8) {
    const [length, code] = [reader.u32(), reader.u32()];
    if (length < 8) throw new PtpDatasetError('Canon events', 'a record without length');
    const payload = reader.part(length - 8);
    if (code === 0) break;
    events.push(readRecord(code, payload));
  }
  return events;
}

function readRecord(code: number, payload: DatasetReader): CanonEvent {
  if (ADDED.includes(code) && payload.left >= 4) return { what: 'added', handle: payload.u32(), name: nameIn(payload) };
  if (code === PROPERTY_CHANGED && payload.left >= 4) {
    const property = payload.u32();
    return { what: 'property', property, value: payload.left >= 4 ? payload.u32() : null };
  }
  return { what: 'other', code };
}

/** The file's name stands as 8-bit text at the end of the record; for tests and logs of counts only, what counts is the handle. */
function nameIn(payload: DatasetReader): string | null {
  if (payload.left < 24) return null;
  payload.skip(24);
  let name = '';
  while (payload.left > 0 && name.length < MOST_NAME) {
    const unit = payload.u8();
    if (unit === 0) break;
    name += String.fromCodePoint(unit);
  }
  return /^[\w.-]+$/u.test(name) ? name : null;
}
