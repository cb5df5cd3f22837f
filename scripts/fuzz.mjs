// npm run fuzz -- [--target T] [--seconds N | --executions N] [--seed S] [--save]: looks for inputs that break our parsers (test/fuzz/main.ts; docs/adr/0023).
import { setup, SetupNeeded } from './setup.mjs';
import { productNode, root, run, toolEnvironment } from './toolchain.mjs';

try {
  await setup({ forTests: true });
  process.exitCode = await run(productNode(), ['test/fuzz/main.ts', ...process.argv.slice(2)], {
    cwd: root,
    env: toolEnvironment(),
  });
} catch (error) {
  process.stderr.write(`${error instanceof SetupNeeded ? error.message : error.stack}\n`);
  process.exitCode = error.exitCode ?? 1;
}
