export * from './read-model-queries';
export { CursorError } from './cursor';
export { campaignCandidates } from './campaign-candidates';
