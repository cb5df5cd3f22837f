// npm run bench: sets the machine up, then measures against reference tools in the same run (test/bench/main.ts).
import { setup, SetupNeeded } from './setup.mjs';
import { productNode, root, run, toolEnvironment } from './toolchain.mjs';

try {
  await setup({ forTests: true });
  process.exitCode = await run(productNode(), ['test/bench/main.ts', ...process.argv.slice(2)], {
    cwd: root,
    env: toolEnvironment(),
  });
} catch (error) {
  process.stderr.write(`${error instanceof SetupNeeded ? error.message : error.stack}\n`);
  process.exitCode = error.exitCode ?? 1;
}
