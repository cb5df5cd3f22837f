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
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, openLog(dataFolder));
  return {
    info: (event, facts = {}) => log.info(facts, event),
    warn: (event, facts = {}) => log.warn(facts, event),
    error: (event, facts = {}) => log.error(facts, event),
  };
}

/** A log that cannot be written (no room, no right, no folder) must not end the station: its work is what is to go on. The doctor tells. */
function openLog(dataFolder: string): pino.DestinationStream {
  try {
    const file = path.join(dataFolder, 'logs', 'station.log');
    const destination = pino.destination({ dest: file, mkdir: true, sync: true, mode: 0o600 });
    destination.on('error', () => undefined);
    return destination;
  } catch {
    return { write: () => undefined };
  }
}
