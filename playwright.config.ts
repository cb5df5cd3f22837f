import { defineConfig } from '@playwright/test';
import path from 'node:path';

// Real Electron, real archive. scripts/test.mjs starts this as an ordinary user and says where it may write (PHOTODOCK_OUTPUT).
const output = process.env['PHOTODOCK_OUTPUT'] ?? path.join(import.meta.dirname, 'test-results', 'e2e');

export default defineConfig({
  testDir: 'test/e2e',
  testMatch: '**/*.test.ts',
  outputDir: path.join(output, 'artifacts'),
  // Each file has a station, a window and servers of its own; within a file its tests are one story.
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 20_000 },
  reporter: [['list'], ['json', { outputFile: path.join(output, 'e2e.json') }]],
  use: { trace: 'retain-on-failure' },
});
