// The unit tests of the pure libraries alone: what a mutant of them must not survive.
const { projects } = require('../../jest.config.cjs');
const { displayName, ...unit } = projects.find((each) => each.displayName === 'unit');
module.exports = {
  ...unit,
  roots: ['<rootDir>/libs/trajectory', '<rootDir>/libs/coverage', '<rootDir>/libs/settlement', '<rootDir>/libs/policy-files'],
};
