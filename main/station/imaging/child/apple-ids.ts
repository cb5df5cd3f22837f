import { TiffReader } from '../tiff.ts';
import { cleanText } from './clean-text.ts';

const HEADER = 'Apple iOS\0';
const IDENTIFIER = /^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/iu;

/** Random identifiers out of Apple's maker note that tie the parts of a Live Photo and of a burst; nothing else of it is read. */
export function appleIds(makerNote: Uint8Array): { liveId: string | null; burstId: string | null } {
  const none = { liveId: null, burstId: null };
  for (let index = 0; index < HEADER.length; index++) if (makerNote[index] !== HEADER.charCodeAt(index)) return none;
  // The directory follows the byte order mark at 12; offsets count from the start of the note.
  const shifted = new Uint8Array(makerNote);
  shifted.set(makerNote.subarray(12, 14), 0);
  const reader = TiffReader.open(shifted);
  const directory = reader?.directory(14);
  const identifier = (tag: number) => {
    const text = reader && directory ? cleanText(reader.bytes(directory.entries.get(tag))) : null;
    return text !== null && IDENTIFIER.test(text) ? text.toUpperCase() : null;
  };
  return { liveId: identifier(0x0011), burstId: identifier(0x000b) };
}
