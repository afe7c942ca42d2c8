export {
  ConfigurationError,
  DEVELOPMENT_KEY_FILE,
  loadConfig,
  LOG_LEVELS,
  type LogLevel,
  type TrajectConfig,
} from './configuration/config';
export { isLoopback } from './configuration/loopback';
export type { RateLimits, SignInConfig } from './configuration/sign-in';
export { databaseHealth, type DatabaseHealth } from './database/health';
export { installSchema } from './database/install-schema';
export { installSqlFiles, type SqlFiles } from './database/install-sql-files';
export { openDatabase, type OpenDatabase } from './database/open-database';
export { openPool, type Pool, type PoolClient, type PoolOptions } from './database/pool';
export { inTransaction } from './database/transaction';
export {
  EmbeddedPostgresError,
  startEmbeddedPostgres,
  stopAbandonedServer,
  type EmbeddedPostgres,
  type EmbeddedPostgresOptions,
} from './embedded-postgres';
export { createLogger, type Logger } from './logging/logger';
export { withoutIdentity } from './logging/redaction';
export { projectRoot } from './project-root';
export { DATABASE_RESTART, isConnectionFailure, withRetry, type RetryPolicy } from './retry';
export { AtomicFile, sweepAbandoned } from './files/atomic-file';
export { makePrivateFile, PrivateFileError, readPrivateFile } from './files/private-file';
