import type { CapturedAt } from '../types.ts';

type ExifTime = { time: string | null; subSeconds: string | null; offset: string | null };

/**
 * The capture time as the camera wrote it: DateTimeOriginal, else DateTimeDigitized. ModifyDate is not a capture time, the clock
 * of this computer says nothing about the camera's, and a zone that is not in the file stays unknown.
 */
export function capturedAtOf(original: ExifTime, digitized: ExifTime): CapturedAt {
  const local = localTime(original);
  if (local !== null) {
    const offset = zone(original.offset);
    return { local, offset, source: offset === null ? 'exif-original' : 'exif-original-with-offset' };
  }
  const fallback = localTime(digitized);
  if (fallback !== null) return { local: fallback, offset: zone(digitized.offset), source: 'exif-digitized' };
  return { local: null, offset: null, source: 'none' };
}

function localTime({ time, subSeconds }: ExifTime): string | null {
  const match = /^(\d{4})[:\-/](\d{2})[:\-/](\d{2})[ T](\d{2}):(\d{2}):(\d{2})/u.exec(time ?? '');
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1);
  const text = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const at = new Date(`${text}Z`);
  // A date that does not exist (31 June) comes back as another one; an unset clock gives year 0.
  if (Number.isNaN(at.getTime()) || !at.toISOString().startsWith(text) || Number(year) < 1970) return null;
  const fraction = /^\d{1,9}$/u.test(subSeconds ?? '') ? `.${subSeconds!.padEnd(3, '0').slice(0, 3)}` : '';
  return text + fraction;
}

/** Zones are from -12:00 to +14:00. */
function zone(text: string | null): string | null {
  const match = /^([+-])(0\d|1[0-4]):([0-5]\d)$/u.exec(text ?? '');
  if (match === null) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return minutes <= (match[1] === '-' ? 720 : 840) ? match[0] : null;
}
