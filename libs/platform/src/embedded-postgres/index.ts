export { startEmbeddedPostgres, stopAbandonedServer, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './launcher';
export { EmbeddedPostgresError } from './errors';
