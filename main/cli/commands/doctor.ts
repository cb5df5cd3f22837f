import { stat } from 'node:fs/promises';
import type { CallOutput, CheckView } from '../../../shared/contract.ts';
import { errorCode, PhotodockError } from '../../../shared/domain/errors.ts';
import { ConfigError, loadConfig } from '../../station/config/index.ts';
import { adviceFor } from '../advice.ts';
import type { Command, CommandInput } from '../command.ts';
import { dataFolderChecks } from '../data-folder-checks.ts';
import { EXIT, exitOf } from '../exit-code.ts';
import type { Output } from '../schemas.ts';
import { StationSession } from '../station-session.ts';
import { printable, table } from '../table.ts';
import { wordsOf } from '../words.ts';

const NODE_MAJOR = 26;

const ok = (step: string, facts: CheckView['facts'] = {}): CheckView => ({ step, state: 'ok', code: null, facts });

function failed(step: string, error: unknown): CheckView {
  const problems = error instanceof ConfigError ? { problems: error.problems.join('; ') } : {};
  const message = error instanceof PhotodockError ? { message: error.message } : {};
  return { step, state: 'failed', code: errorCode(error), facts: { ...message, ...problems } };
}

async function attempt(step: string, look: () => Promise<CheckView>): Promise<CheckView> {
  return look().catch((error: unknown) => failed(step, error));
}

/** What can be looked at without a station; it is what a help desk needs when no station starts. */
async function ownChecks({ places }: CommandInput): Promise<CheckView[]> {
  const node = Number(process.versions.node.split('.')[0]);
  return [
    {
      ...ok('node', { version: process.versions.node }),
      ...(node < NODE_MAJOR ? { state: 'failed', code: 'node-too-old' } : {}),
    },
    await attempt('configuration', async () => {
      if (places.configFile === null) return ok('configuration', { practice: true });
      const config = await loadConfig(places.configFile);
      return ok('configuration', {
        file: places.configFile,
        archive: config.archive.kind,
        worklist: config.worklist !== undefined,
      });
    }),
    await attempt('data-folder', async () => {
      const facts = { folder: places.dataDir };
      const found = await stat(places.dataDir).catch(() => null);
      if (found === null) return { ...ok('data-folder', facts), state: 'warning', code: 'new-folder' };
      if (!found.isDirectory()) return { ...ok('data-folder', facts), state: 'failed', code: 'not-a-folder' };
      const open = process.platform !== 'win32' && (found.mode & 0o077) !== 0;
      return open
        ? { ...ok('data-folder', facts), state: 'warning', code: 'folder-open-to-others' }
        : ok('data-folder', facts);
    }),
    ...(await folderChecks(places.dataDir)),
  ];
}

async function folderChecks(folder: string): Promise<CheckView[]> {
  const there = await stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const checks: CheckView[] = [];
  for (const [step, look] of dataFolderChecks) {
    if (there) checks.push(await attempt(step, async () => ({ step, ...(await look(folder)) })));
  }
  return checks;
}

/** Opens every sealed file, a few at a time, and shows how far it is. */
async function deepCheck(station: StationSession, progress: CommandInput['progress']): Promise<CheckView> {
  let after: string | null = null;
  let files = 0;
  const damaged: { id: string; code: string }[] = [];
  do {
    const step: CallOutput<'station.checkSealed'> = await station.call('station.checkSealed', { after });
    files += step.opened;
    damaged.push(...step.damaged);
    after = step.next;
    progress.show(`opening sealed files: ${files} of ${step.total}, ${damaged.length} damaged`);
  } while (after !== null);
  progress.clear();
  const facts = { files, damaged: damaged.length };
  if (damaged.length === 0) return ok('every-sealed-file', facts);
  const first = damaged.slice(0, 10).map(({ id, code }) => `${id} ${code}`);
  return {
    step: 'every-sealed-file',
    state: 'failed',
    code: damaged[0]!.code,
    facts: { ...facts, first: first.join(', ') },
  };
}

async function stationChecks({ world, places, options, progress }: CommandInput): Promise<CheckView[]> {
  const skipped = (step: string): CheckView => ({ step, state: 'skipped', code: null, facts: {} });
  let station: StationSession;
  try {
    station = await StationSession.open(world, places, { signIn: false });
  } catch (error) {
    world.signal.throwIfAborted();
    return [failed('station', error), skipped('sign-in')];
  }
  try {
    const { stationName, practice } = await station.call('station.info', {});
    const running = ok('station', { name: stationName, practice, ranBefore: !station.isOwn });
    try {
      await station.signIn();
    } catch (error) {
      world.signal.throwIfAborted();
      return [running, failed('sign-in', error)];
    }
    const { checks } = await station.call('station.doctor', {});
    const deep = options['deep'] === true ? [await deepCheck(station, progress)] : [];
    return [running, ok('sign-in'), ...checks, ...deep];
  } finally {
    await station.close();
  }
}

const PEERS: ReadonlySet<string> = new Set(['archive', 'worklist']);

function exitFor(bad: readonly CheckView[]): number {
  if (bad.length === 0) return EXIT.done;
  if (bad.some(({ code }) => code !== null && exitOf(code) === EXIT.notAllowed)) return EXIT.notAllowed;
  return bad.every(({ step }) => PEERS.has(step)) ? EXIT.peer : EXIT.inPart;
}

export const doctor: Command = {
  name: 'doctor',
  summary: 'numbered checks that can be read out to a help desk',
  usage: '',
  about:
    'Works when no station starts and when the index does not open: then it says why. Exit 5 when only archive or worklist fail, 4 when anything else does, 3 when you cannot sign in.',
  operands: [],
  options: {
    deep: { type: 'boolean', help: 'also open every sealed file (takes as long as reading them all)' },
  },
  async run(input) {
    const checks = [...(await ownChecks(input)), ...(await stationChecks(input))].map((check, at) => ({
      number: at + 1,
      ...check,
    }));
    const json: Output<'doctor'> = { checks };
    const facts = (check: CheckView) =>
      Object.entries(check.facts)
        .map(([name, value]) => `${name} ${printable(String(value))}`)
        .join(', ');
    const rows = checks.map((check) => [
      check.number,
      check.step,
      check.state,
      [check.code === null ? '' : wordsOf(check.code), facts(check)].filter(Boolean).join(': '),
    ]);
    const advice = checks
      .filter((check) => check.state !== 'ok' && check.code !== null)
      .flatMap(({ number, code }) => (adviceFor(code!) === null ? [] : [`${number}: ${adviceFor(code!)}`]));
    const todo = advice.length === 0 ? '' : `\nWhat to do\n${advice.join('\n')}`;
    const text = `${table(['#', 'CHECK', 'STATE', 'FOUND'], rows)}${todo}`;
    const bad = checks.filter(({ state }) => state === 'failed');
    const exit = exitFor(bad);
    if (exit === EXIT.done) return { exit, json, text };
    const message = `failed: ${bad.map(({ step }) => step).join(', ')}`;
    return { exit, code: bad[0]?.code ?? 'check-failed', message, json, text: `${text}\n${message}` };
  },
};
