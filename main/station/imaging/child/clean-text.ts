/** Longest text DICOM's LO takes. */
const MOST_CHARACTERS = 64;

/** Text out of a hostile file: decoded, control and other invisible characters out, trimmed, shortened; `null` when nothing is left. */
export function cleanText(bytes: Uint8Array): string | null {
  const end = bytes.indexOf(0);
  const raw = bytes.subarray(0, Math.min(end === -1 ? bytes.length : end, 1024));
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(raw);
  } catch {
    text = new TextDecoder('latin1').decode(raw);
  }
  const clean = text
    .normalize('NFC')
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();
  const short = [...clean].slice(0, MOST_CHARACTERS).join('').trim();
  return short === '' ? null : short;
}
