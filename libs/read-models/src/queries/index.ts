export * from './read-model-queries';
export { CursorError } from './cursor';
