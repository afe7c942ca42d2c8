import { createTestDatabase, type TestDatabase } from '../../../../test/postgres/database';
import { isConnectionFailure, withRetry } from '../retry';
import { databaseHealth } from './health';
import { openPool, type Pool } from './pool';
import { inTransaction } from './transaction';

let database: TestDatabase;
let pool: Pool;
const broken: Error[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, { max: 2, applicationName: 'traject test', onIdleError: (error) => broken.push(error) });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('the pool', () => {
  test('gives a date as it is written, whatever the time zone, and names itself', async () => {
    const { rows } = await pool.query<Record<string, unknown>>(
      "select date '2024-03-31' as day, 9007199254740993::bigint as large, current_setting('application_name') as name",
    );
    expect(rows).toEqual([{ day: '2024-03-31', large: '9007199254740993', name: 'traject test' }]);
  });

  test('a connection that the server ends while it is idle takes nothing with it, and the next query works', async () => {
    await pool.query('select 1');
    const other = openPool(database.url, { max: 1, applicationName: 'other' });
    await other.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'traject test'");
    await other.end();
    const policy = { attempts: 20, firstDelayMs: 10, maxDelayMs: 100, mayPass: isConnectionFailure };
    const { rows } = await withRetry(policy, () => pool.query<{ n: number }>('select 1 as n'));
    expect(rows).toEqual([{ n: 1 }]);
    expect(broken.every(isConnectionFailure)).toBe(true);
  });
});

describe('a transaction', () => {
  test('whose connection the server ends between two statements fails, and neither the process nor the pool with it', async () => {
    await pool.query('create table kept (n integer)');
    const lost = inTransaction(pool, async (client) => {
      await client.query('insert into kept values (1)');
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
      const ended = new Promise((resolve) => client.once('end', resolve));
      await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
      await ended;
      await client.query('insert into kept values (2)');
    });
    await expect(lost).rejects.toThrow(/not queryable/);
    await inTransaction(pool, (client) => client.query('insert into kept values (3)'));
    expect((await pool.query('select n from kept')).rows).toEqual([{ n: 3 }]);
  });
});

describe('the health of the database', () => {
  test('is up with the latency when it answers', async () => {
    expect(await databaseHealth(pool)).toEqual({ status: 'up', latencyMs: expect.any(Number) as number });
  });

  test('is down with a code, not a text, when nobody listens or nothing answers in time', async () => {
    const nobody = openPool('postgresql://u:secret@127.0.0.1:1/x', { max: 1, applicationName: 'x' });
    expect(await databaseHealth(nobody)).toEqual({ status: 'down', code: 'ECONNREFUSED' });
    await nobody.end();
    const slow = openPool(database.url, { max: 1, applicationName: 'x' });
    const busy = slow.query('select pg_sleep(0.5)');
    expect(await databaseHealth(slow, 20)).toEqual({ status: 'down', code: 'TIMEOUT' });
    await busy;
    await slow.end();
  });
});
