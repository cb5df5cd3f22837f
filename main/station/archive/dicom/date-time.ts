/** A local calendar time in DICOM digits: DA, TM (with fraction) and, when its zone is known, `+hhmm`. */
export interface DicomTime {
  date: string;
  time: string;
  offset: string | null;
}

/** `+02:00`, `+0200` or `Z` as the `+hhmm` of PS3.5 DT; null when it is none of them. */
export function dicomOffset(offset: string | null): string | null {
  if (offset === 'Z') return '+0000';
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(offset?.trim() ?? '');
  if (!match) return null;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  if (Number(match[3]) > 59 || minutes > 14 * 60) return null;
  if (minutes === 0) return '+0000'; // -0000 is not allowed
  return `${match[1]}${match[2]}${match[3]}`;
}

/** The wall-clock time at `offset` (`+hhmm`) of a moment in epoch milliseconds. */
export function timeAtOffset(at: number, offset: string): DicomTime {
  const digits = new Date(at + offsetMinutes(offset) * 60_000).toISOString().replace(/[-:TZ]/g, '');
  return { date: digits.slice(0, 8), time: digits.slice(8), offset };
}

/**
 * A camera's local time, `2026-11-21T10:15:00[.123]` or EXIF's `2026:11:21 10:15:00`, or null when it is no real time.
 * Camera clocks are hostile input: cameras without a set clock write 0000:00:00.
 */
export function cameraTime(local: string | null, offset: string | null): DicomTime | null {
  const match = /^(\d{4})[-:](\d\d)[-:](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,6})\d*)?$/.exec(local?.trim() ?? '');
  if (!match) return null;
  const [, year, month, day, hour, minute, second, fraction] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const parsed = new Date(`${iso}Z`);
  if (Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 19) !== iso || Number(year) < 1900) return null;
  return {
    date: `${year}${month}${day}`,
    time: `${hour}${minute}${second}${fraction ? `.${fraction}` : ''}`,
    offset: dicomOffset(offset),
  };
}

/** Moves a time whose offset is known to another offset; one whose offset is unknown stays as it is. */
export function moveToOffset(time: DicomTime, offset: string): DicomTime {
  if (time.offset === null || time.offset === offset) return time;
  const { date: d, time: t } = time;
  const utc = Date.UTC(
    +d.slice(0, 4),
    +d.slice(4, 6) - 1,
    +d.slice(6, 8),
    +t.slice(0, 2),
    +t.slice(2, 4),
    +t.slice(4, 6),
  );
  const moved = timeAtOffset(utc - offsetMinutes(time.offset) * 60_000, offset);
  return { ...moved, time: moved.time.slice(0, 6) + t.slice(6) };
}

/** The time as a DT value, with its offset when known. */
export function asDateTime(time: DicomTime): string {
  return time.date + time.time + (time.offset ?? '');
}

function offsetMinutes(offset: string): number {
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(3, 5));
  return offset.startsWith('-') ? -minutes : minutes;
}
