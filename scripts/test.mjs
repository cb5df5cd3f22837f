// npm test: sets the machine up, then runs every stage and sums up. The last line is always "N passed, N failed".
//   npm test                              everything
//   npm test -- --only unit,e2e           some stages
//   npm run unit -- test/unit/store       one stage, some files
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openSeat } from './as-user.mjs';
import { build } from './build.mjs';
import { check } from './check.mjs';
import { setup } from './setup.mjs';
import { manyStartsEnvironment, root, run, say, since } from './toolchain.mjs';

const results = path.join(root, 'test-results');
const onlyAt = process.argv.indexOf('--only');
const only = onlyAt > 0 ? (process.argv[onlyAt + 1] ?? '').split(',') : undefined;
const files = process.argv.slice(onlyAt > 0 ? onlyAt + 2 : 2);

/** What needs only the npm packages: runs while the rest is built. */
const early = {
  check,
  files: () => vitest('files'),
};
const stages = {
  build: async () => ((await build()) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }),
  unit: () => vitest('unit'),
  integration: () => vitest('integration'),
  faults: () => vitest('faults'),
  e2e: playwright,
};

async function vitest(project) {
  const report = path.join(results, `${project}.json`);
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const env = manyStartsEnvironment();
  const chosen = files.length > 0 ? ['--passWithNoTests', ...files] : [];
  const code = await run('vitest', ['run', '--project', project, ...reporters, ...chosen], { env });
  if (!existsSync(report)) return broken('no report was written');
  const {
    numPassedTests: passed,
    numFailedTests,
    numPendingTests,
    numTodoTests,
    testResults,
  } = JSON.parse(readFileSync(report, 'utf8'));
  // A file that cannot even be loaded has no failed test, but has failed.
  const unloadable = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((one) => one.status !== 'failed'),
  );
  return counted({ passed, failed: numFailedTests + unloadable.length, skipped: numPendingTests + numTodoTests }, code);
}

async function playwright() {
  if (done.build?.failed) return broken('there is nothing to start: the build failed');
  const seat = openSeat();
  try {
    const code = await seat.run('playwright', ['test', ...files], { FORCE_COLOR: '0' });
    cpSync(seat.output, path.join(results, 'e2e'), { recursive: true });
    const report = path.join(results, 'e2e', 'e2e.json');
    if (!existsSync(report)) return broken('no report was written');
    const { expected, unexpected, flaky, skipped } = JSON.parse(readFileSync(report, 'utf8')).stats;
    return counted({ passed: expected, failed: unexpected + flaky, skipped }, code);
  } finally {
    seat.close();
  }
}

/** Nothing run, or an error outside any test, is a failure too: absence of an error is never evidence. */
function counted({ passed, failed, skipped }, code) {
  // Of the files that were asked for there may be none in this stage.
  if (passed + failed === 0 && code === 0 && files.length > 0) return { passed, failed, skipped };
  if (passed + failed === 0) return broken('no test ran');
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed, skipped };
}

function broken(why) {
  return { passed: 0, failed: 1, note: why };
}

function table() {
  const rows = Object.entries(done).map(([name, { passed, failed, skipped = 0, time, note = '' }]) =>
    [
      name.padEnd(12),
      String(passed).padStart(7),
      String(failed).padStart(7),
      String(skipped).padStart(8),
      time.padStart(13),
      `  ${note}`,
    ]
      .join('')
      .trimEnd(),
  );
  return ['stage         passed failed skipped         time', ...rows].join('\n');
}

const done = {};
const began = Date.now();

async function stage(name, work) {
  say(`\n== ${name} ==`);
  const started = Date.now();
  const result = await work().catch((error) => {
    process.stderr.write(`${error.exitCode === 2 ? error.message : error.stack}\n`);
    return broken(error.message.split('\n')[0]);
  });
  done[name] = { ...result, time: since(started) };
  return result;
}

async function all(some) {
  for (const [name, work] of Object.entries(some)) {
    const wanted = !only || only.includes(name) || (name === 'build' && only.includes('e2e'));
    if (wanted) await stage(name, work);
  }
}

const names = [...Object.keys(early), ...Object.keys(stages)];
const unknown = (only ?? []).filter((name) => !names.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`no such stage: ${unknown.join(', ')}. There are: ${names.join(', ')}\n`);
  process.exit(2);
}
mkdirSync(results, { recursive: true });
const ready = await stage('setup', async () => {
  await setup({ forTests: true, meanwhile: () => all(early) });
  return { passed: 0, failed: 0 };
});
if (ready.failed === 0) await all(stages);

const sum = (key) => Object.values(done).reduce((total, one) => total + (one[key] ?? 0), 0);
const failed = sum('failed');
say(`\n${table()}\nall stages: ${since(began)}\n`);
say(`${sum('passed')} passed, ${failed} failed`);
process.exitCode = failed === 0 && sum('passed') > 0 ? 0 : 1;
