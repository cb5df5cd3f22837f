/** A calendar day as a date field writes it: `2026-12-01`. */
export function dayText(at: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** The day so many days after now. */
export function inDays(now: number, days: number): string {
  const date = new Date(now);
  date.setDate(date.getDate() + days);
  return dayText(date.getTime());
}

/** The last second of a day, by this clock (ms); null when it is no day or over already. */
export function endOfDay(day: string, now: number): number | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day);
  if (!match) return null;
  const end = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]), 23, 59, 59).getTime();
  return end > now ? end : null;
}
