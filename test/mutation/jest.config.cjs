// What a mutant of the pure libraries must not survive: their own unit tests and the worked examples. The comparison of engine and oracle is left out: a mutant
// that many tests reach would wait for hundreds of random persons.
const { projects } = require('../../jest.config.cjs');
const { displayName, ...unit } = projects.find((each) => each.displayName === 'unit');
module.exports = {
  ...unit,
  // as a path: which tests are related to a file is found by following requires, which does not read the "imports" of package.json
  moduleNameMapper: { '^#libs/(.*)$': '<rootDir>/libs/$1/src/index.ts' },
  testPathIgnorePatterns: [...(unit.testPathIgnorePatterns ?? []), 'test/oracle/agreement\\.spec'],
  roots: ['<rootDir>/libs/trajectory', '<rootDir>/libs/coverage', '<rootDir>/libs/settlement', '<rootDir>/test/oracle'],
};
