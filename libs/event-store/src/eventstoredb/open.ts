import type { EventStore } from '../port';
import type { EventStoreDbOptions } from './options';

/** As `store.ts` says. It is loaded when it is opened: its client takes a quarter of a second to load, and most stores are PostgreSQL. */
export function openEventStoreDb(options: EventStoreDbOptions): EventStore {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- a dynamic import would make every opener wait
  const store = require('./store') as typeof import('./store');
  return store.openEventStoreDb(options);
}
