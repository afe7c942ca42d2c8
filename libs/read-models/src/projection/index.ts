export * from './claim-file';
export * from './contribution';
export * from './partition';
export * from './person';
export * from './poisoned-event';
export { HELD, HISTORY_TO_ASK } from './work-items';
export type { WaitingDecision } from './waiting-decision';
