import { defineConfig } from 'vitest/config';

// What the mutants of the gate and of the evidence rules are held against: their own tests, and nothing slower.
export default defineConfig({
  test: {
    include: ['test/unit/station/release/**/*.test.ts', 'test/unit/station/archive/**/*.test.ts'],
    environment: 'node',
    testTimeout: 60_000,
  },
});
