/** Telling practices what was processed: written down once, sent until it is taken over. */
export { loadPracticeAddresses, PracticeAddressesError, type PracticeAddresses } from './addresses';
export { MessageBook, type Message, type MessageState } from './message-book';
export { OutboxBusyError, runOutbox, workOnce, type OutboxLogger, type OutboxWork } from './run';
export { installOutbox } from './schema';
export { openTransport } from './transports/open';
export type { Transport } from './transports/transport';
