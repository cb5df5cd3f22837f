import { AsyncLocalStorage } from 'node:async_hooks';
import fs from 'node:fs';
import path from 'node:path';

// What `#durable` is in a station of the fault bench (`node --conditions=photodock-faults`): every point that is passed is written
// down once, and the process is killed at the point that a file names. The real module, main/station/durable.ts, is empty.
// PHOTODOCK_FAULT_FOLDER holds `points` (a line each, in the order first passed), `steps` (declared), `kill` (JSON) and `killed`.

interface KillAt {
  readonly point: string;
  /** Which passing of it, counted from 1. */
  readonly passing: number;
}

const folder = process.env['PHOTODOCK_FAULT_FOLDER'];
const steps = new AsyncLocalStorage<string>();
const seen = new Set<string>();

export function within<T>(step: string, work: () => T): T {
  return steps.run(step, work);
}

export function here(): string | undefined {
  return steps.getStore();
}

export function declareSteps(names: readonly string[]): void {
  if (folder) fs.appendFileSync(path.join(folder, 'steps'), names.map((name) => `${name}\n`).join(''));
}

export function passing(point: string, step = steps.getStore()): void {
  if (!folder) return;
  const place = `${step ?? 'station'}: ${point}`;
  if (!seen.has(place)) {
    seen.add(place);
    fs.appendFileSync(path.join(folder, 'points'), `${place}\n`);
  }
  killHere(folder, place);
}

function killHere(faults: string, place: string): void {
  const file = path.join(faults, 'kill');
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    return;
  }
  const wanted = JSON.parse(text) as KillAt;
  if (wanted.point !== place) return;
  if (wanted.passing > 1) {
    fs.writeFileSync(`${file}.part`, JSON.stringify({ point: place, passing: wanted.passing - 1 }));
    fs.renameSync(`${file}.part`, file);
    return;
  }
  fs.rmSync(file, { force: true });
  fs.writeFileSync(path.join(faults, 'killed'), place);
  process.kill(process.pid, 'SIGKILL');
}
