/** Installs the schema `eventstore`: a table, its guard, and one function per file of ./sql. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Pool } from 'pg';
import { installSqlFiles } from '#libs/platform';
import { EventStoreSetupError } from '../errors';

/** In the order in which they build on each other; every file of ./sql is named here. */
export const SQL_FILES = [
  'schema',
  'events',
  'refuse_change',
  'lock_key',
  'heads',
  'append_by_turns',
  'append',
  'read_streams',
  'read_log',
  'list_streams',
  'missing_predecessors',
  'oldest_open_write_ms',
  'restamp',
] as const;

/** Key of the advisory lock under which one process at a time installs. */
const INSTALL_LOCK = 7239104660;

/** Brings the schema to the state of the .sql files; repeatable, and safe when several processes do it at once. */
export function installPostgresEventStore(pool: Pool): Promise<void> {
  return installSqlFiles(pool, { schema: 'eventstore', folder: sqlFolder(), names: SQL_FILES, lock: INSTALL_LOCK });
}

/** The compiler does not copy .sql files: they are read from the sources of the project this file belongs to, built or not. */
export function sqlFolder(): string {
  for (let folder = __dirname; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'traject') {
      return join(folder, 'libs/event-store/src/postgres/sql');
    }
    if (dirname(folder) === folder) {
      throw new EventStoreSetupError(`No package.json named traject above ${__dirname}: the .sql files cannot be found`);
    }
  }
}
