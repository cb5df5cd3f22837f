import { defineConfig } from 'vitest/config';
import stryker from '../../stryker.config.mjs';

/** Every mutated file is held by the tests of its own name: `main/station/release/gate.ts` by `test/unit/station/release/gate.test.ts`. */
const testOf = (file: string) => file.replace(/^main\//, 'test/unit/').replace(/\.ts$/, '.test.ts');

export default defineConfig({
  test: { include: stryker.mutate.map(testOf), environment: 'node', testTimeout: 60_000 },
});
