export * from './rebuild';
export { allowedActions, REBUILD_STATES, type RebuildAction, type RebuildProgress, type RebuildState } from './states';
export type { RebuildRecord, RebuildStatus } from './control';
