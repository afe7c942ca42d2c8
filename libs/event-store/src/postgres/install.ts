/** Installs the schema `eventstore`: a table, its guard, and one function per file of ./sql. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Pool } from 'pg';
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

/**
 * Brings the schema to the state of the .sql files; repeatable, and safe when several processes do it at once. The schema's comment
 * holds the digest of what is installed, so that an installed schema costs one query.
 */
export async function installPostgresEventStore(pool: Pool): Promise<void> {
  const statements = SQL_FILES.map((name) => readFileSync(join(sqlFolder(), `${name}.sql`), 'utf8'));
  const digest = createHash('sha256').update(statements.join('\n')).digest('hex');
  const installed = async (on: Pick<Pool, 'query'>) => {
    const { rows } = await on.query<{ comment: string | null }>(
      `select obj_description(to_regnamespace('eventstore'), 'pg_namespace') as comment`,
    );
    return rows[0]?.comment === digest;
  };
  if (await installed(pool)) return;
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [INSTALL_LOCK]);
    if (!(await installed(client))) {
      await client.query('set local client_min_messages = warning'); // not "already exists, skipping"
      for (const statement of statements) await client.query(statement);
      await client.query(`comment on schema eventstore is '${digest}'`);
    }
    await client.query('commit');
  } catch (error) {
    broken = error as Error;
    await client.query('rollback').catch(() => undefined);
    throw error;
  } finally {
    client.release(broken);
  }
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
