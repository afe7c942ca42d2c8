// What a mutant of the pure libraries must not survive: their own unit tests and the worked examples, as one file (suite.cjs).
const { projects } = require('../../jest.config.cjs');
const { displayName, testRegex, ...unit } = projects.find((each) => each.displayName === 'unit');
module.exports = { ...unit, roots: ['<rootDir>/libs', '<rootDir>/test'], testRegex: 'test/mutation/suite\\.cjs$' };
