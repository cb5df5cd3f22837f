// npm run mutation: breaks the gate and the rules of evidence, one line at a time (stryker.config.mjs), and fails unless a
// test notices every single one. Writes docs/reliability-mutation.md anew.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setup, SetupNeeded } from './setup.mjs';
import { root, run, say, since, toolEnvironment } from './toolchain.mjs';

const report = path.join(root, 'test-results', 'mutation.json');
const document = path.join(root, 'docs', 'reliability-mutation.md');

/** Mutants of each file by how they ended, as Stryker's JSON report has them. */
function tally() {
  const { files } = JSON.parse(readFileSync(report, 'utf8'));
  return Object.entries(files)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([file, { mutants }]) => {
      const count = (...states) => mutants.filter(({ status }) => states.includes(status)).length;
      const killed = count('Killed', 'Timeout');
      return { file, mutants: mutants.length, killed, ignored: count('Ignored'), survived: mutants.length - killed };
    });
}

function page(rows) {
  const sum = (key) => rows.reduce((total, row) => total + row[key], 0);
  const line = (name, row) => `| ${name} | ${row.mutants} | ${row.killed} | ${row.survived} | ${row.ignored} |`;
  const all = { mutants: sum('mutants'), killed: sum('killed'), survived: sum('survived'), ignored: sum('ignored') };
  return `# Mutation report

Written by \`npm run mutation\` (Stryker). Every mutant is one change to one line of the code that decides about evidence: a condition turned round, a
string emptied, a branch dropped. It is killed when a test fails because of it. A survivor would be a rule that no test holds. None may be ignored.

| file | mutants | killed | survived | of these ignored |
| --- | --- | --- | --- | --- |
${rows.map((row) => line(`\`${row.file}\``, row)).join('\n')}
${line('**all**', all)}
`;
}

try {
  const started = Date.now();
  await setup({ forTests: true });
  mkdirSync(path.join(root, '.runtime'), { recursive: true });
  // What a run that was cut off has left.
  rmSync(path.join(root, '.runtime', 'mutation'), { recursive: true, force: true });
  rmSync(report, { force: true });
  const code = await run('stryker', ['run', ...process.argv.slice(2)], { env: toolEnvironment() });
  if (!existsSync(report)) throw new Error('Stryker wrote no report');
  const rows = tally();
  // A run of some files only (`-- --mutate FILE`) is no report of all.
  if (process.argv.length === 2) writeFileSync(document, page(rows));
  const survived = rows.reduce((total, row) => total + row.survived, 0);
  say(`${survived === 0 ? 'every mutant killed' : `${survived} mutants survived`}, ${since(started)}`);
  process.exitCode = code === 0 && survived > 0 ? 1 : code;
} catch (error) {
  process.stderr.write(`${error instanceof SetupNeeded ? error.message : error.stack}\n`);
  process.exitCode = error.exitCode ?? 1;
}
