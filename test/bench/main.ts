import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchCable } from './cable.ts';
import { benchDelivery } from './delivery.ts';
import { benchIntake, benchMemory } from './intake.ts';
import { benchPlugs } from './plugs.ts';

/**
 * `npm run bench`: ratios to reference tools in the same run, as a table and as JSON (test-results/bench.json). Absolute
 * seconds are told too, but only the ratios are worth comparing between machines.
 */
const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: 'intake,delivery,memory,cable,plugs' },
    count: { type: 'string', default: '300' },
    plugs: { type: 'string', default: '500' },
  },
});
const rounds = Number(values.rounds);
const only = values.only.split(',');
const root = fileURLToPath(new URL('../..', import.meta.url));
const exif = path.join(root, 'node_modules', 'exif', 'test');
// Beside the checkout's disk and not in /tmp, which may be memory.
const folder = await fs.mkdtemp(path.join(root, '.bench-'));

interface Line {
  readonly what: string;
  readonly ours: number;
  readonly reference: number;
  readonly ratio: number;
  readonly mark: number;
  readonly unit: string;
}

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
const lines: Line[] = [];
const raw: Record<string, unknown> = {};

/** The ratio is the median of the ratios of each round: both sides saw the same machine. */
function line(what: string, ours: number[], reference: number[], mark: number, unit = 's'): void {
  const ratio = median(ours.map((one, at) => one / reference[at]!));
  lines.push({ what, ours: median(ours), reference: median(reference), ratio, mark, unit });
}

try {
  if (only.includes('intake')) {
    const intake = await benchIntake(folder, path.join(exif, 'sony-alpha-6000.jpg'), rounds, Number(values.count));
    raw['intake'] = intake;
    const proven = intake.station.map((one) => one.provenSeconds);
    const previews = intake.station.map((one) => one.previewsSeconds);
    line('intake to proven / cp + sha256sum', proven, intake.hand, 0.5);
    line('intake with all previews / cp + sha256sum', previews, intake.hand, 1);
  }
  if (only.includes('delivery')) {
    const delivery = await benchDelivery(folder, rounds);
    raw['delivery'] = delivery;
    line(
      'C-STORE / storescu',
      delivery.map((one) => one.cStore),
      delivery.map((one) => one.storescu),
      2,
    );
    line(
      'STOW / curl',
      delivery.map((one) => one.stow),
      delivery.map((one) => one.curl),
      1.1,
    );
  }
  if (only.includes('cable')) {
    const cable = await benchCable(folder, rounds);
    raw['cable'] = cable;
    // Throughput of at least 0.9 of gphoto2's is a time of at most 1 / 0.9 of its.
    for (const { what, ours, gphoto2 } of cable) line(`${what} / gphoto2`, ours, gphoto2, 1.11);
  }
  if (only.includes('plugs')) {
    const looks = await benchPlugs(Number(values.plugs));
    raw['plugs'] = looks;
    // The first look is the reference: what is taken once is there by then, what leaks has the rest of the plugs to show.
    const [first, last] = [looks[0]!, looks.at(-1)!];
    line('open files of the station, last plugs / first', [last.handles], [first.handles], 1.02, '');
    line('memory of the station, last plugs / first', [last.resident], [first.resident], 1.15, 'MB');
    // What is alive differs from look to look, by what was just going on: the halves are compared.
    const live = looks.map((look) => look.live);
    const half = Math.ceil(live.length / 2);
    line('live memory of the station, later plugs / first', live.slice(-half), live.slice(0, half), 1.1, 'MB');
  }
  if (only.includes('memory')) {
    const memory = await benchMemory(folder, path.join(exif, 'short-ascii-II.jpg'), [300, 3000]);
    raw['memory'] = memory;
    const [few, many] = memory.map((one) => one.peakMemory / 1e6);
    line('station memory, 3,000 / 300 items', [many!], [few!], 1.2, 'MB');
  }
} finally {
  await fs.rm(folder, { recursive: true, force: true });
}

const machine = { cpus: os.cpus().length, load: os.loadavg(), node: process.version, at: new Date().toISOString() };
const results = path.join(root, 'test-results');
await fs.mkdir(results, { recursive: true });
await fs.writeFile(path.join(results, 'bench.json'), JSON.stringify({ machine, lines, raw }, null, 2));
const column = (text: string, width: number) => text.padStart(width);
process.stdout.write(
  `${'what'.padEnd(44)}${column('ours', 12)}${column('reference', 12)}${column('ratio', 9)}${column('mark', 9)}\n`,
);
for (const { what, ours, reference, ratio, mark, unit } of lines) {
  const kept = ratio <= mark ? 'kept' : 'NOT KEPT';
  process.stdout.write(
    `${what.padEnd(44)}${column(`${ours.toFixed(1)} ${unit}`, 12)}${column(`${reference.toFixed(1)} ${unit}`, 12)}` +
      `${column(ratio.toFixed(2), 9)}${column(`<= ${mark}`, 9)}  ${kept}\n`,
  );
}
