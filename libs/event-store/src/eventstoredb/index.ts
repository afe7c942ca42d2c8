export { openEventStoreDb } from './store';
export type { EventStoreDbOptions } from './options';
export { EventStoreDbRefusedError, NoAnswerError } from './failures';
