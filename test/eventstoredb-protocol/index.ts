export { startBlackHole, type BlackHole } from './black-hole';
export { Faults } from './faults';
export { InMemoryLog, MAX_APPEND_BYTES, type StoredEvent } from './log';
export { EventStoreDbDouble, type DoubleOptions } from './server';
