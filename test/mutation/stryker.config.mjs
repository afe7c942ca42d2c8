// What `npm run test:mutation` runs; which files or lines are mutated is given by test/mutation/main.mjs.
export default {
  testRunner: 'jest',
  jest: { projectType: 'custom', configFile: 'test/mutation/jest.config.cjs', enableFindRelatedTests: false },
  coverageAnalysis: 'perTest',
  plugins: ['@stryker-mutator/jest-runner'],
  ignorePatterns: ['dist', 'docs', 'deploy', 'apps', '/data', '.stryker-tmp', 'test/bench'],
  tempDirName: '.stryker-tmp',
  reporters: ['progress-append-only', 'clear-text', 'json'],
  jsonReporter: { fileName: '.stryker-tmp/mutation.json' },
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false, reportMutants: true, reportScoreTable: true },
  // static mutants (of module constants) run the whole suite each; they are counted where they are few
  ignoreStatic: true,
  mutator: { excludedMutations: ['StringLiteral'] },
  concurrency: 2,
  timeoutMS: 20_000,
  allowEmpty: true,
  disableTypeChecks: false,
};
