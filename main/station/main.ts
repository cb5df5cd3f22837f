import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { errorCode, PhotodockError } from '../../shared/domain/errors.ts';
import { refuseUnfinished } from './backup/index.ts';
import { START_EXIT } from '../../shared/domain/start-exit.ts';
import type { StationConfig } from './config/index.ts';
import { loadConfig, parseConfig } from './config/index.ts';
import { dataFolderTrouble, takeDataFolder } from './data-folder.ts';
import { openDoor } from './door/index.ts';
import { createLogger } from './logging.ts';
import { forbidCoreDumps } from './no-core-dump.ts';
import type { PracticeHospital } from './practice/index.ts';
import { startPractice } from './practice/index.ts';
import { Reserve } from './reserve.ts';
import { Station } from './station.ts';
import { VERSION } from './version.ts';

process.umask(0o077);

/** How often the reserve is looked after. */
const RESERVE_MS = 60_000;

/** The practice hospital's station: delivers by DIMSE with commitment, so that training shows the whole way. */
function practiceConfig(hospital: PracticeHospital): StationConfig {
  return parseConfig({
    station: {
      name: 'PRACTICE',
      department: 'Dermatology',
      institution: 'Practice Hospital',
      aet: hospital.stationAet,
      listen: { host: '127.0.0.1', port: hospital.stationPort },
    },
    archive: {
      kind: 'dimse',
      name: 'Practice archive',
      host: '127.0.0.1',
      port: hospital.dicomPort,
      calledAet: hospital.aet,
    },
    worklist: { host: '127.0.0.1', port: hospital.dicomPort, calledAet: hospital.aet, daysBack: 30, daysAhead: 30 },
  });
}

const exists = (file: string) =>
  fs.access(file).then(
    () => true,
    () => false,
  );

/**
 * Practice and patients never share a data folder: real pictures would be "confirmed" by a practice archive and then
 * erased, practice pictures would reach a record.
 */
async function refuseOtherKind(dataFolder: string, practice: boolean): Promise<void> {
  const has = (name: string) => exists(path.join(dataFolder, name));
  const isPractice = await has('practice');
  if (isPractice === practice || !(isPractice || (await has('keys.json')) || (await has('index.db')))) return;
  const hint = practice
    ? 'this data folder belongs to a station with patients: name its configuration'
    : 'this data folder belongs to the practice hospital: use another one for patients';
  throw new PhotodockError('other-folder-kind', hint);
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { data: { type: 'string' }, config: { type: 'string' } } });
  if (!values.data) throw new Error('station: --data DIR is needed');
  const dataFolder = path.resolve(values.data);
  const startError = path.join(dataFolder, 'run', 'start-error.json');
  const reserve = new Reserve(dataFolder);
  try {
    await fs.mkdir(dataFolder, { recursive: true, mode: 0o700 });
    await reserve.makeRoom();
    const lock = await takeDataFolder(dataFolder);
    await fs.rm(startError, { force: true });
    const logger = createLogger(dataFolder);
    if (!(await forbidCoreDumps())) logger.warn('core dumps are not forbidden', { code: 'no-prlimit' });
    const practice = values.config === undefined;
    await refuseUnfinished(dataFolder);
    await refuseOtherKind(dataFolder, practice);
    const hospital = practice ? await startPractice(path.join(dataFolder, 'practice', 'hospital')) : null;
    const configFile = path.resolve(values.config ?? 'station.json');
    const config = hospital ? practiceConfig(hospital) : await loadConfig(configFile);
    // A client that means another configuration than this one is told so.
    const configText = hospital ? null : await fs.readFile(configFile);
    const configSha256 = configText && createHash('sha256').update(configText).digest('hex');
    const realFolder = await fs.realpath(dataFolder);
    const station = new Station({ dataFolder: realFolder, config, configText, practice, logger, reserve });
    await station.preparePractice();
    const door = await openDoor(dataFolder, VERSION, station, configSha256);
    logger.info('station started', { version: VERSION });
    const keepReserve = () => void reserve.keep().catch(() => undefined);
    keepReserve();
    setInterval(keepReserve, RESERVE_MS).unref();

    let stopping = false;
    const stop = (code: number) => {
      if (stopping) return;
      stopping = true;
      void (async () => {
        await door.close();
        await station.close();
        await hospital?.stop();
        lock.release();
        logger.info('station stopped');
        process.exit(code);
      })();
    };
    process.on('SIGTERM', () => stop(0));
    process.on('SIGINT', () => stop(0));
    // A defect of ours must not take half a step with it: the pipeline is made to be killed, so end and be started again.
    const die = (error: unknown) => {
      logger.error('defect', { code: errorCode(error) });
      stop(70);
    };
    process.on('uncaughtException', die);
    process.on('unhandledRejection', die);
  } catch (cause) {
    const error = dataFolderTrouble(cause);
    const content = {
      code: await reserve.whyDisk(errorCode(error)),
      message: error instanceof Error ? error.message : 'unknown',
    };
    process.stderr.write(`photodock station: ${content.message}\n`);
    await tellStartError(startError, JSON.stringify(content));
    process.exit(START_EXIT[content.code] ?? 1);
  }
}

/** Whole or not at all: half a sentence would be taken for a word. Where it cannot be written, the exit code tells. */
async function tellStartError(file: string, content: string): Promise<void> {
  try {
    await fs.mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await fs.writeFile(`${file}.part`, content, { mode: 0o600 });
    await fs.rename(`${file}.part`, file);
  } catch {
    await fs.rm(`${file}.part`, { force: true }).catch(() => undefined);
  }
}

await main();
