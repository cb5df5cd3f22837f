// npm run faults -- --rounds N --seed S [--only kind,kind] [--workers 2]      a run of any length
// npm run faults -- --seed S --world kind:ordinal [--rounds N]                 one world of a run again
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { faultKinds } from '../kinds/index.ts';
import type { FaultKind } from './kind.ts';
import type { PlannedWorld } from './plan.ts';
import { planWorlds } from './plan.ts';
import { reportOf, reportText } from './report.ts';
import type { RoundResult, WorldResult } from './run-world.ts';
import { runWorld } from './run-world.ts';

type ToParent = { round: RoundResult; world: PlannedWorld } | { done: WorldResult };

const { values } = parseArgs({
  options: {
    rounds: { type: 'string' },
    seed: { type: 'string' },
    only: { type: 'string' },
    world: { type: 'string' },
    workers: { type: 'string', default: '2' },
    report: { type: 'string' },
    worker: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const say = (text: string) => process.stdout.write(`${text}\n`);

if (values.worker) work();
else process.exitCode = await lead();

/** A worker lives one world after another, as the parent hands them out. */
function work(): void {
  process.on('message', (world: PlannedWorld) => {
    const tell = (message: ToParent) => process.send!(message);
    void runWorld(kindOf(world.kind), world, seed, (round) => tell({ round, world })).then((done) => tell({ done }));
  });
}

function kindOf(name: string): FaultKind {
  const kind = faultKinds.find((one) => one.name === name);
  if (kind) return kind;
  throw new Error(`no such kind: ${name}. There are: ${faultKinds.map((one) => one.name).join(', ')}`);
}

async function lead(): Promise<number> {
  const began = performance.now();
  const { wanted, unavailable } = await kindsHere();
  const rounds = Number(values.rounds ?? 200);
  const queue = values.world === undefined ? planWorlds(wanted, rounds, seed) : [oneWorld(values.world)];
  say(`seed ${seed}: ${queue.reduce((sum, one) => sum + one.rounds, 0)} rounds in ${queue.length} worlds`);
  for (const [kind, why] of Object.entries(unavailable)) say(`NOT DONE HERE: ${kind}: ${why}`);

  const results: WorldResult[] = [];
  let done = 0;
  let bad = 0;
  const onRound = ({ scenario, outcome, violations, milliseconds }: RoundResult, { kind, ordinal }: PlannedWorld) => {
    done += 1;
    bad += violations.length;
    const at = `${Math.round((performance.now() - began) / 1000)} s`.padStart(7);
    if (violations.length > 0 || values.world !== undefined || done % 25 === 0)
      say(
        `${at} ${done} rounds, ${bad} violations: ${kind}:${ordinal} ${scenario}: ${outcome} (${Math.round(milliseconds)} ms)`,
      );
    for (const what of violations)
      say(`VIOLATION ${what}\n  repeat: npm run faults -- --seed ${seed} --world ${kind}:${ordinal}`);
  };
  const next = () => queue.shift();
  const workers = Math.min(Number(values.workers), queue.length);
  await Promise.all(Array.from({ length: workers }, () => oneWorker(next, onRound, (result) => results.push(result))));

  const report = reportOf(seed, results, unavailable, (performance.now() - began) / 1000);
  const folder = values.report ?? path.join(fileURLToPath(new URL('../../../', import.meta.url)), 'test-results');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'faults-report.json'), `${JSON.stringify(report, null, 1)}\n`);
  say(`\n${reportText(report)}`);
  return report.violations.length > 0 || report.rounds === 0 ? 1 : 0;
}

async function kindsHere(): Promise<{ wanted: FaultKind[]; unavailable: Record<string, string> }> {
  const chosen = values.only === undefined ? faultKinds : values.only.split(',').map(kindOf);
  const wanted: FaultKind[] = [];
  const unavailable: Record<string, string> = {};
  for (const kind of chosen) {
    const why = await kind.unavailable();
    if (why === null) wanted.push(kind);
    else unavailable[kind.name] = why;
  }
  return { wanted, unavailable };
}

function oneWorld(name: string): PlannedWorld {
  const [kind = '', ordinal = '0'] = name.split(':');
  return { kind, ordinal: Number(ordinal), rounds: Number(values.rounds ?? kindOf(kind).roundsPerWorld) };
}

/** One worker process, a new one when it dies: that is a finding, not the end of the run. */
async function oneWorker(
  next: () => PlannedWorld | undefined,
  onRound: (round: RoundResult, world: PlannedWorld) => void,
  onWorld: (result: WorldResult) => void,
): Promise<void> {
  let child: ChildProcess | null = null;
  for (let world = next(); world; world = next()) {
    child ??= fork(fileURLToPath(import.meta.url), ['--worker', '--seed', String(seed)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    const result = await live(child, world, onRound);
    if (result === null) {
      child = null;
      const what = 'the worker of the bench died';
      const round = { scenario: '(worker)', outcome: `violation: ${what}`, violations: [what], milliseconds: 0 };
      onRound(round, world);
      onWorld({ world, scenarios: [], rounds: [round], kills: {}, aroundMilliseconds: 0 });
    } else {
      onWorld(result);
    }
  }
  child?.disconnect();
}

function live(
  child: ChildProcess,
  world: PlannedWorld,
  onRound: (round: RoundResult, world: PlannedWorld) => void,
): Promise<WorldResult | null> {
  return new Promise((resolve) => {
    const onMessage = (message: ToParent) => {
      if ('round' in message) onRound(message.round, message.world);
      else end(message.done);
    };
    const onExit = () => end(null);
    const end = (result: WorldResult | null) => {
      child.off('message', onMessage).off('exit', onExit);
      resolve(result);
    };
    child.on('message', onMessage).on('exit', onExit);
    child.send(world);
  });
}
