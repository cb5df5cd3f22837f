import path from 'node:path';
import { pino } from 'pino';

/** What a log line may hold: codes, counts, ids. There is no free-text field, so no patient data can slip in. */
export interface LogFacts {
  readonly step?: string;
  readonly id?: string;
  readonly code?: string;
  readonly attempts?: number;
  readonly count?: number;
  readonly peer?: string;
  readonly version?: string;
}

export interface Logger {
  info(event: string, facts?: LogFacts): void;
  warn(event: string, facts?: LogFacts): void;
  error(event: string, facts?: LogFacts): void;
}

/** Writes `logs/station.log` in the data folder: JSON lines, allow-listed fields only. */
export function createLogger(dataFolder: string): Logger {
  const destination = pino.destination({
    dest: path.join(dataFolder, 'logs', 'station.log'),
    mkdir: true,
    sync: true,
    mode: 0o600,
  });
  // A log that cannot be written (the disk is full) must not end the station: its work is what is to go on.
  destination.on('error', () => undefined);
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
  return {
    info: (event, facts = {}) => log.info(facts, event),
    warn: (event, facts = {}) => log.warn(facts, event),
    error: (event, facts = {}) => log.error(facts, event),
  };
}
