import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';
import { targets } from './targets/index.ts';

// npm run fuzz -- [--target T] [--seconds N | --executions N] [--seed S] [--save]

const say = (line: string) => void process.stdout.write(`${line}\n`);

const { values } = parseArgs({
  options: {
    target: { type: 'string' },
    seconds: { type: 'string' },
    executions: { type: 'string' },
    seed: { type: 'string' },
    save: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const executions = values.executions === undefined ? Infinity : Number(values.executions);
const seconds = Number(values.seconds ?? (values.executions === undefined ? 60 : Infinity));
const chosen = targets.filter(({ name }) => values.target === undefined || name === values.target);
if (chosen.length === 0) {
  say(`There is no target "${values.target}". Targets: ${targets.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
let found = 0;
for (const target of chosen) {
  const report = await fuzz(target, { seconds, executions, seed, save: values.save });
  const { reached, inputs, crashes } = report;
  const percent = ((100 * reached.run) / Math.max(1, reached.known)).toFixed(1);
  say(
    `${target.name.padEnd(16)} ${report.executions} executions in ${report.seconds.toFixed(0)} s, ${percent}% of its code reached, ${inputs} inputs, ${crashes.length} findings (seed ${seed})`,
  );
  for (const { file, error } of crashes) say(`  ${file}\n    ${error}`);
  found += crashes.length;
}
process.exit(found === 0 ? 0 : 1);
