export interface PtpDate {
  /** As the device's clock showed it, `YYYY-MM-DDThh:mm:ss`. */
  readonly local: string;
  /** ms since the epoch. Without a zone the device's clock is taken for this station's local time: PTP says no more. */
  readonly at: number;
}

const DATE = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(?:\.(\d))?(Z|[+-]\d{4})?$/u;

/** A PTP date, `YYYYMMDDThhmmss[.s][Z|±hhmm]` (ISO 15740, 5.3.5.1); null for anything else, such as an empty one or a month 0. */
export function readDate(text: string): PtpDate | null {
  const match = DATE.exec(text.trim());
  if (!match) return null;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', tenth = '0', zone] = match;
  const numbers = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const utc = Date.UTC(numbers[0], numbers[1] - 1, numbers[2], numbers[3], numbers[4], numbers[5]);
  const local = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  // Whatever overflows (February 30, hour 25) comes back as another date. Years below 100 mean others to Date.
  if (numbers[0] < 100 || new Date(utc).toISOString().slice(0, 19) !== local) return null;
  const milliseconds = Number(tenth) * 100;
  if (zone === undefined)
    return {
      local,
      at: new Date(numbers[0], numbers[1] - 1, numbers[2], numbers[3], numbers[4], numbers[5], milliseconds).getTime(),
    };
  return { local, at: utc + milliseconds - zoneMinutes(zone) * 60_000 };
}

function zoneMinutes(zone: string): number {
  if (zone === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5));
  return zone.startsWith('-') ? -minutes : minutes;
}
