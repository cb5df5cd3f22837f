// npm run faults -- --rounds N --seed S: the fault bench in any length (test/faults/bench/main.ts says all it takes).
import { setup, SetupNeeded } from './setup.mjs';
import { manyStartsEnvironment, productNode, root, run } from './toolchain.mjs';

try {
  await setup({ forTests: true });
  process.exitCode = await run(productNode(), ['test/faults/bench/main.ts', ...process.argv.slice(2)], {
    cwd: root,
    env: manyStartsEnvironment(),
  });
} catch (error) {
  process.stderr.write(`${error instanceof SetupNeeded ? error.message : error.stack}\n`);
  process.exitCode = error.exitCode ?? 1;
}
