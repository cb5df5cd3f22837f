import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';

/** Runs under the very rules of the imaging process, tries what it must not be able to do, and says what came of it. */
const [target = '', port = '0'] = process.argv.slice(2);
const results: Record<string, string> = {};

function attempt(name: string, act: () => unknown): void {
  try {
    act();
    results[name] = 'done';
  } catch (error) {
    results[name] = (error as NodeJS.ErrnoException).code ?? 'failed';
  }
}

attempt('readOwnCode', () => readFileSync(process.argv[1]!));
attempt('write', () => writeFileSync(`${target}/written`, 'x'));
attempt('readElsewhere', () => readFileSync(`${target}/secret`));
attempt('readPasswords', () => readFileSync('/etc/passwd'));
attempt('readEnvironment', () => readFileSync('/proc/self/environ'));
attempt('spawn', () => spawnSync('/bin/true').status);
attempt('worker', () => new Worker('0', { eval: true }));
results['environment'] = Object.keys(process.env).toSorted().join(' ');
await new Promise<void>((resolve) => {
  try {
    connect(Number(port), '127.0.0.1')
      .once('connect', () => ((results['connect'] = 'done'), resolve()))
      .once('error', (error: NodeJS.ErrnoException) => ((results['connect'] = error.code ?? 'failed'), resolve()));
  } catch (error) {
    results['connect'] = (error as NodeJS.ErrnoException).code ?? 'failed';
    resolve();
  }
});
process.stdout.write(JSON.stringify(results));
process.exit(0);
