import { words } from './words.ts';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes for reading: `6.2 MB`. Decimal units, as on the cards themselves. */
export function bytesText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** Seconds for reading: `8 s`, `3 min`, `1 h 20 min`. */
export function durationText(seconds: number): string {
  if (seconds < 60) return words('time.seconds', { n: Math.max(1, Math.round(seconds)) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return words('time.minutes', { n: minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return words('time.hours', { n: hours, m: minutes % 60 });
  return words('time.days', { n: Math.floor(hours / 24) });
}

/** How long ago, in the coarsest unit that is still true. Times are ms since the epoch. */
export function agoText(at: number, now: number): string {
  const seconds = Math.max(0, (now - at) / 1000);
  if (seconds < 45) return words('time.now');
  return words('time.ago', { age: ageText(at, now) });
}

/** The age of something in one unit: `4 min`, `3 h`, `2 days`. */
export function ageText(at: number, now: number): string {
  const minutes = Math.max(0, Math.round((now - at) / 60_000));
  if (minutes < 60) return words('time.minutes', { n: Math.max(1, minutes) });
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return words('time.whole-hours', { n: hours });
  return words('time.days', { n: Math.floor(hours / 24) });
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** Clock time of the station: `14:05`. */
export function clockText(at: number): string {
  const date = new Date(at);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Date and time of the station, ISO order: no reader takes day for month. */
export function whenText(at: number): string {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${clockText(at)}`;
}

/** Like `whenText` with seconds, for evidence. */
export function exactText(at: number): string {
  return `${whenText(at)}:${two(new Date(at).getSeconds())}`;
}

/** Today as `14:05`, other days with their date. */
export function shortWhenText(at: number, now: number): string {
  return new Date(at).toDateString() === new Date(now).toDateString() ? clockText(at) : whenText(at);
}

/** The camera's own clock as it wrote it (`2026-11-22T09:12:30`): no zone is invented. */
export function cameraTimeText(capturedAt: string): string {
  const match = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})/.exec(capturedAt);
  return match ? `${match[2]}` : capturedAt;
}

/** A DICOM (`19610405`) or ISO date as ISO; anything else as it came. */
export function dateText(date: string): string {
  const match = /^(\d{4})-?(\d{2})-?(\d{2})/.exec(date);
  return match ? `${match[1]}-${match[2]}-${match[3]}` : date;
}

/** Age in full years; months below two years, as paediatric wards say it. `null` when the date is not one. */
export function ageOf(birthDate: string, now: number): string | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(dateText(birthDate));
  if (!match) return null;
  const today = new Date(now);
  let months = (today.getFullYear() - Number(match[1])) * 12 + (today.getMonth() + 1 - Number(match[2]));
  if (today.getDate() < Number(match[3])) months -= 1;
  if (months < 0) return null;
  return months < 24 ? words('age.months', { n: months }) : words('age.years', { n: Math.floor(months / 12) });
}
