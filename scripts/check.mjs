// npm run check: types, lint with the layer rules, format. Every part runs even when an earlier one failed.
// The layer rules live in .oxlintrc.json, one override per folder; test/unit/layers.test.ts shows that each one bites.
import { isMain, run, say, since, toolEnvironment } from './toolchain.mjs';

/** @type {Array<[string, string, string[]]>} */
const parts = [
  ['types of main, preload, shared, test, scripts', 'tsc', ['-p', 'tsconfig.node.json']],
  ['types of the window', 'tsc', ['-p', 'tsconfig.renderer.json']],
  ['lint and layers', 'oxlint', ['--type-aware', '--deny-warnings', '--quiet']],
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
];

/** Runs all parts; resolves to `{ passed, failed }`, each part counting as one. */
export async function check() {
  const env = toolEnvironment();
  let failed = 0;
  for (const [name, command, args] of parts) {
    const started = Date.now();
    const code = await run(command, args, { env });
    if (code !== 0) failed += 1;
    say(`check: ${name}: ${code === 0 ? 'clean' : 'NOT CLEAN'} (${since(started)})`);
  }
  return { passed: parts.length - failed, failed };
}

if (isMain(import.meta)) process.exit((await check()).failed === 0 ? 0 : 1);
