// node scripts/run.mjs COMMAND [ARGUMENTS]: runs a local tool on Node 26 and passes on its exit code.
import { run, toolEnvironment } from './toolchain.mjs';

const [command, ...rest] = process.argv.slice(2);
if (!command) {
  process.stderr.write('usage: node scripts/run.mjs COMMAND [ARGUMENTS]\n');
  process.exit(2);
}
process.exit(await run(command, rest, { env: toolEnvironment() }));
