import { Client } from 'pg';
import { createTestDatabase } from './database';

async function ask(url: string, sql: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: string }>(sql);
    return rows[0]?.answer ?? '';
  } finally {
    await client.end();
  }
}

describe('the PostgreSQL of the tests', () => {
  test('every call gets a database of its own, in UTF-8, durable', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    expect(one.url).not.toBe(other.url);
    expect(
      await ask(one.url, 'select pg_encoding_to_char(encoding) answer from pg_database where datname = current_database()'),
    ).toBe('UTF8');
    expect(await ask(one.url, "select current_setting('fsync') || current_setting('synchronous_commit') answer")).toBe('onon');
    await ask(one.url, 'create table only_here ()');
    expect(await ask(other.url, "select coalesce(to_regclass('only_here')::text, 'absent') answer")).toBe('absent');
    await one.drop();
    await other.drop();
    await expect(ask(one.url, 'select 1')).rejects.toThrow(/does not exist/);
  });

  test('the lock table holds 256 stream locks on many connections', async () => {
    const { url, drop } = await createTestDatabase();
    expect(Number(await ask(url, "select current_setting('max_locks_per_transaction') answer"))).toBeGreaterThanOrEqual(256);
    await drop();
  });
});
