import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Pool } from 'pg';

export interface SqlFiles {
  /** The schema that they make; its comment holds the digest of what is installed. */
  readonly schema: string;
  readonly folder: string;
  /** Names without `.sql`, in the order in which they build on each other. */
  readonly names: readonly string[];
  /** Key of the advisory lock under which one process at a time installs. */
  readonly lock: number;
}

/**
 * Brings a schema to the state of its .sql files; repeatable, and safe when several processes do it at once. The schema's comment
 * holds the digest of what is installed, so that an installed schema costs one query.
 */
export async function installSqlFiles(pool: Pool, { schema, folder, names, lock }: SqlFiles): Promise<void> {
  if (!/^[a-z_]+$/.test(schema)) throw new TypeError('the name of a schema is lower-case letters');
  const statements = names.map((name) => readFileSync(join(folder, `${name}.sql`), 'utf8'));
  const digest = createHash('sha256').update(statements.join('\n')).digest('hex');
  const installed = async (on: Pick<Pool, 'query'>) => {
    const { rows } = await on.query<{ comment: string | null }>(
      `select obj_description(to_regnamespace($1), 'pg_namespace') as comment`,
      [schema],
    );
    return rows[0]?.comment === digest;
  };
  if (await installed(pool)) return;
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    await client.query('select pg_advisory_xact_lock($1)', [lock]);
    if (!(await installed(client))) {
      await client.query('set local client_min_messages = warning'); // not "already exists, skipping"
      for (const statement of statements) await client.query(statement);
      await client.query(`comment on schema ${schema} is '${digest}'`);
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
