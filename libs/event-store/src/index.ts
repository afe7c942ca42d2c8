export * from './port';
export * from './errors';
export { StreamContinuity, type ContinuitySources } from './continuity';
export * from './postgres';
export * from './eventstoredb';
export { openEventStore } from './open';
