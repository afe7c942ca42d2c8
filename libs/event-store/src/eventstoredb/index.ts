export { openEventStoreDb } from './open';
export type { EventStoreDbOptions } from './options';
export { EventStoreDbRefusedError, NoAnswerError } from './failures';
