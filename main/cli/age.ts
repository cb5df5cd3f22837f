import { counted } from './table.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long ago a moment (ISO 8601) was, as one says it. */
export function ageOf(at: string): string {
  const ms = Date.now() - Date.parse(at);
  if (ms < -60_000) return "in the future, by this machine's clock";
  if (ms < 60_000) return 'just now';
  if (ms < 2 * HOUR_MS) return `${counted(Math.round(ms / 60_000), 'minute')} ago`;
  return ms < 2 * DAY_MS ? `${counted(Math.round(ms / HOUR_MS), 'hour')} ago` : `${Math.round(ms / DAY_MS)} days ago`;
}
