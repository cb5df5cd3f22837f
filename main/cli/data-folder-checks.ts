import { access, constants, readdir, readFile, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import type { CheckView } from '../../shared/contract.ts';
import { errorCode } from '../../shared/domain/errors.ts';
import { Keyring } from '../station/people/index.ts';
import { indexPresence, readHead } from '../station/store/index.ts';

type Finding = Omit<CheckView, 'step'>;

const found = (state: CheckView['state'], code: string | null, facts: CheckView['facts'] = {}): Finding => ({
  state,
  code,
  facts,
});
const ok = (facts: CheckView['facts'] = {}) => found('ok', null, facts);

const FULL_BYTES = 1 << 20;
const LOW_BYTES = 2 << 30;
const PAGE_BYTES = 4096;

const sizeOf = (file: string) =>
  stat(file).then(
    ({ size }) => size,
    () => null,
  );

/**
 * What can be told of a data folder without its station and without a password, for the day on which neither works. Only looks: nothing is
 * made, moved or repaired.
 */
export const dataFolderChecks: readonly (readonly [string, (folder: string) => Promise<Finding>])[] = [
  ['rights', rights],
  ['room', room],
  ['keys', keys],
  ['index-files', indexFiles],
  ['log', log],
  ['last-start', lastStart],
];

async function rights(folder: string): Promise<Finding> {
  const mine = process.getuid?.();
  for (const place of [folder, ...['run', 'sealed', 'keys.json', 'index.db'].map((name) => path.join(folder, name))]) {
    const seen = await stat(place).catch(() => null);
    if (!seen) continue;
    const where = { place: path.relative(folder, place) || '.' };
    if (mine !== undefined && mine !== 0 && seen.uid !== mine) return found('failed', 'data-folder-not-ours', where);
    const code = await access(place, constants.R_OK | constants.W_OK).then(() => null, errorCode);
    if (code === 'EROFS') return found('failed', 'data-folder-read-only', where);
    if (code !== null) return found('failed', 'data-folder-not-ours', where);
  }
  return ok();
}

async function room(folder: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(folder);
  const facts = { freeBytes: bavail * bsize, reserve: (await sizeOf(path.join(folder, 'reserve'))) !== null };
  if (facts.freeBytes < FULL_BYTES) return found('failed', 'station-disk-full', facts);
  return facts.freeBytes < LOW_BYTES ? found('warning', 'disk-low', facts) : ok(facts);
}

async function keys(folder: string): Promise<Finding> {
  const hasIndex = (await indexPresence(folder)) !== 'none';
  try {
    const { sound, damaged } = await new Keyring(folder).examine();
    if (sound + damaged === 0) return hasIndex ? found('failed', 'keyring-missing') : ok({ people: 0 });
    return damaged > 0 ? found('failed', 'keyring-entry-damaged', { sound, damaged }) : ok({ people: sound });
  } catch (error) {
    return found('failed', errorCode(error));
  }
}

async function indexFiles(folder: string): Promise<Finding> {
  const presence = await indexPresence(folder);
  if (presence === 'none') return ok({ index: false });
  if (presence !== 'present') return found('failed', 'store-missing', { index: presence });
  const index = path.join(folder, 'index.db');
  const [bytes, walBytes] = [(await sizeOf(index)) ?? 0, await sizeOf(`${index}-wal`)];
  const head = readHead(folder);
  const facts = { bytes, walBytes, head: head === null ? 'missing' : head === 'damaged' ? 'damaged' : head.commits };
  if (bytes % PAGE_BYTES !== 0) return found('failed', 'store-damaged', facts);
  return ok(facts);
}

async function log(folder: string): Promise<Finding> {
  const logs = path.join(folder, 'logs');
  const code = await access(logs, constants.W_OK | constants.X_OK).then(() => null, errorCode);
  if (code === 'ENOENT') return ok({ log: false });
  if (code !== null) return found('failed', 'log-unwritable', { system: code });
  await readdir(logs);
  return ok();
}

/** What the last station left that could not start. */
async function lastStart(folder: string): Promise<Finding> {
  const text = await readFile(path.join(folder, 'run', 'start-error.json'), 'utf8').catch(() => null);
  if (text === null) return ok();
  try {
    const { code, message } = JSON.parse(text) as { code: string; message: string };
    return found('warning', code, { message });
  } catch {
    return found('warning', 'start-error-unreadable');
  }
}
