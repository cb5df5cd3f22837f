// npm run -s photodock -- COMMAND: the command line (docs/cli.md). Plain Node 20: makes sure that set-up was done, then runs main/cli on
// Node 26. Standard output belongs to the command alone; what set-up says goes to standard error.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { modulesMatchLock } from './setup.mjs';
import { productNode, root, run, toolEnvironment } from './toolchain.mjs';

function isSetUp() {
  const driver = path.join(root, 'node_modules', '@journeyapps', 'sqlcipher', 'build', 'Release', 'node_sqlite3.node');
  return modulesMatchLock() && (process.platform === 'win32' || existsSync(driver));
}

function setUp() {
  const script = path.join(root, 'scripts', 'setup.mjs');
  const { status } = spawnSync(process.execPath, [script], { cwd: root, stdio: ['ignore', 2, 2] });
  if (status !== 0) process.exit(status ?? 1);
}

if (!isSetUp()) setUp();
// npm runs us in the checkout; the person's paths are meant from where they stand.
const cwd = process.env.npm_lifecycle_event === 'photodock' ? process.env.INIT_CWD : undefined;
process.exitCode = await run(productNode(), [path.join(root, 'main', 'cli', 'main.ts'), ...process.argv.slice(2)], {
  cwd: cwd ?? process.cwd(),
  env: toolEnvironment(),
});
