import { Interrupted } from './errors.ts';
import { run } from './run.ts';

/** Entry of `photodock`: gives a command line its world, and ends with its exit code. */
const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => ending.abort(new Interrupted(signal)));
}
// A reader that goes away (`photodock status | head`) is no defect of ours.
process.stdout.on('error', () => undefined);

const { exit, stdout, stderr } = await run(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stderr: process.stderr,
  signal: ending.signal,
});
if (stderr !== '') process.stderr.write(stderr);
// Only when the text has left: a pipe takes it in pieces. Then really go: standard input may be open for ever.
process.stdout.write(stdout, () => process.exit(exit));
