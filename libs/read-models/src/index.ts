export * from './data-source';
export * from './entities';
export { BrokenLogError, HELD, HISTORY_TO_ASK, StreamGapError } from './projection';
export * from './projector';
export * from './queries';
export * from './rebuild';
export * from './run-projector';
export * from './take-in-erasures';
