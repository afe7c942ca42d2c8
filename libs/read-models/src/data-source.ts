import 'reflect-metadata';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { READ_MODEL_ENTITIES } from './entities';
import { migrationLock } from './locks';
import { READ_MODEL_MIGRATIONS } from './migrations';
import { quoteName } from './migrations/schema';

export interface ReadModelsConnection {
  /** Connection string of the PostgreSQL database. */
  readonly url: string;
  /** Default `read`; a rebuild works in a second one. */
  readonly schema?: string;
  /** Most connections at a time; default 8. */
  readonly poolSize?: number;
}

export const READ_SCHEMA = 'read';

/** Options of the data source of the read models, for `TypeOrmModule.forRoot` and for `createReadModelsDataSource`. */
export function readModelsOptions(connection: ReadModelsConnection): DataSourceOptions {
  return {
    type: 'postgres',
    url: connection.url,
    schema: connection.schema ?? READ_SCHEMA,
    entities: READ_MODEL_ENTITIES,
    migrations: READ_MODEL_MIGRATIONS,
    migrationsTableName: 'migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    poolSize: connection.poolSize ?? 8,
    applicationName: 'traject-read-models',
    // An idle transaction of ours would stall every subscriber of the log.
    extra: { idle_in_transaction_session_timeout: 60_000 },
  };
}

/** An uninitialised data source of the read models; see `openReadModels`. */
export const createReadModelsDataSource = (connection: ReadModelsConnection): DataSource =>
  new DataSource(readModelsOptions(connection));

/** Connects and brings the tables up to date. The caller destroys the data source. */
export async function openReadModels(connection: ReadModelsConnection): Promise<DataSource> {
  const dataSource = createReadModelsDataSource(connection);
  await dataSource.initialize();
  try {
    await migrateReadModels(dataSource);
    return dataSource;
  } catch (error) {
    await dataSource.destroy();
    throw error;
  }
}

/** Runs the migrations that are not there yet. Processes that start together wait for each other. Returns how many ran. */
export async function migrateReadModels(dataSource: DataSource): Promise<number> {
  const options = dataSource.options;
  const schema = options.type === 'postgres' ? (options.schema ?? READ_SCHEMA) : READ_SCHEMA;
  const lock = dataSource.createQueryRunner();
  await lock.connect();
  try {
    await lock.query(`select pg_advisory_lock(${migrationLock(schema)})`);
    try {
      await lock.query(`create schema if not exists ${quoteName(schema)}`);
      return (await dataSource.runMigrations()).length;
    } finally {
      await lock.query(`select pg_advisory_unlock(${migrationLock(schema)})`);
    }
  } finally {
    await lock.release();
  }
}
