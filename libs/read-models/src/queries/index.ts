export * from './read-model-queries';
export { CursorError } from './cursor';
export { personsUnderCodes, personsWithTrajectories } from './campaign-candidates';
