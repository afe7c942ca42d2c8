export { openPostgresEventStore, PostgresEventStore, type PostgresEventStoreSettings } from './store';
export { installPostgresEventStore } from './install';
export { oldestOpenWriteMs, restampPostgresEventStore, type Restamped } from './operations';
export type { PostgresConnectionSettings } from './connection';
export type { PollingPolicy, ReconnectPolicy, SubscriptionPolicy } from './subscribe';
