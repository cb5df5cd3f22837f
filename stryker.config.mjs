// npm run mutation: breaks the gate and the rules of evidence, one line at a time, and demands that a test notices each.
// Every mutant has to be killed. None may be ignored: code whose mutants cannot be told apart is rewritten until they can.
export default {
  mutate: [
    'main/station/archive/dicom/same-pixel-stream.ts',
    'main/station/archive/dicomweb/commitment-answer.ts',
    'main/station/archive/dicomweb/dicom-json.ts',
    'main/station/archive/dicomweb/stow-answer.ts',
    'main/station/archive/dimse/commitment-report.ts',
    'main/station/archive/dimse/store-status.ts',
    'main/station/archive/judge-commitment.ts',
    'main/station/release/gate.ts',
    'main/station/release/original-may-leave.ts',
    'main/station/release/custody-row.ts',
  ],
  testRunner: 'vitest',
  vitest: { configFile: 'test/mutation/vitest.config.ts', related: true },
  plugins: ['@stryker-mutator/vitest-runner'],
  coverageAnalysis: 'perTest',
  // The product is TypeScript that Node runs as it is; a mutant need not pass the type check to be dangerous.
  disableTypeChecks: false,
  ignorePatterns: [
    '.*',
    'dist',
    'docs',
    'out',
    'preload',
    'renderer',
    'resources',
    'scripts',
    'test-results',
    'tsconfig*',
  ],
  // TypeScript 7 has no API that Stryker could rewrite a tsconfig with, and the sandbox needs none.
  tsconfigFile: 'no-tsconfig.json',
  tempDirName: '.runtime/mutation',
  concurrency: 2,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: 'test-results/mutation.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportScoreTable: true },
  thresholds: { high: 100, low: 100, break: 100 },
};
