import { readdirSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { Pool, type Client } from 'pg';
import { createTestDatabase } from '../../../../test/postgres/database';
import { comparePositions, NO_STREAM, type LogPosition } from '../port';
import { endOfLog, events, freshCategory, given, logAfter, subscribed, to } from '../testing/fixtures';
import { connect } from './connection';
import { installPostgresEventStore, SQL_FILES, sqlFolder } from './install';
import { oldestOpenWriteMs, restampPostgresEventStore } from './operations';
import { openPostgresEventStore } from './store';
import { insertRaw, laboratory, transactionIdOf, type Laboratory } from './testing/sessions';

describe('opening the store', () => {
  let lab: Laboratory;
  let session: Client;
  beforeAll(async () => {
    lab = await laboratory();
    session = await lab.session();
  });
  afterAll(() => lab.dispose());

  it('refuses a server whose lock table is too small for its connections, and says what to set', async () => {
    await expect(openPostgresEventStore({ connectionString: lab.database.url, maxConnections: 10_000 })).rejects.toThrow(
      /room for \d+ locks .* 10000 connections of this store need 2561000\. Set max_locks_per_transaction to at least \d+/s,
    );
  });

  it('refuses a database that is not UTF-8', async () => {
    const name = `ascii_${randomUUID().replaceAll('-', '')}`;
    await session.query(`create database ${name} encoding 'SQL_ASCII' locale 'C' locale_provider libc template template0`);
    const url = new URL(lab.database.url);
    url.pathname = `/${name}`;
    try {
      await expect(openPostgresEventStore({ connectionString: url.toString() })).rejects.toThrow(/encoded in SQL_ASCII/);
    } finally {
      await session.query(`drop database ${name} with (force)`);
    }
  });

  it('refuses a connection string whose options replace its session settings', async () => {
    const url = new URL(lab.database.url);
    url.searchParams.set('options', '-c search_path=public');
    await expect(openPostgresEventStore({ connectionString: url.toString() })).rejects.toThrow(
      /Session setting .* leave "options" out/,
    );
  });

  it('bounds statements, locks and idle transactions in its sessions, under its name', async () => {
    const applicationName = `named-${randomUUID()}`;
    const settings = { applicationName, statementTimeoutMs: 4_000, lockTimeoutMs: 3_000, idleInTransactionTimeoutMs: 2_000 };
    await lab.open(settings);
    const { rows } = await session.query('select from pg_stat_activity where application_name = $1', [applicationName]);
    expect(rows.length).toBeGreaterThan(0);
    const pool = connect({ connectionString: lab.database.url, ...settings });
    const shown = await pool.query<{ name: string; setting: string }>(
      `select name, setting from pg_settings
       where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout') order by name`,
    );
    await pool.end();
    expect(shown.rows.map(({ setting }) => setting)).toEqual(['2000', '3000', '4000']);
  });

  it('installs once, whoever begins: repeated, and by many at the same time', async () => {
    const database = await createTestDatabase();
    const pools = Array.from({ length: 6 }, () => new Pool({ connectionString: database.url, max: 1 }));
    await Promise.all(pools.map((pool) => installPostgresEventStore(pool)));
    await installPostgresEventStore(pools[0]!);
    const { rows } = await pools[0]!.query<{ n: string }>(
      `select count(*) as n from pg_proc where pronamespace = 'eventstore'::regnamespace`,
    );
    expect(Number(rows[0]!.n)).toBe(SQL_FILES.length - 2); // all but the schema and the table
    await Promise.all(pools.map((pool) => pool.end()));
    await database.drop();
  });

  it('installs every .sql file there is', () => {
    expect([...SQL_FILES].sort()).toEqual(readdirSync(sqlFolder()).map((file) => file.replace(/\.sql$/, '')).sort()); // prettier-ignore
  });

  it('tells how old the oldest open write transaction is', async () => {
    const pool = new Pool({ connectionString: lab.database.url, max: 1 });
    await session.query('begin');
    await transactionIdOf(session);
    const { rows } = await session.query<{ age: number }>(
      'select extract(epoch from clock_timestamp() - now())::float8 * 1000 as age',
    );
    expect(await oldestOpenWriteMs(pool)).toBeGreaterThanOrEqual(rows[0]!.age);
    expect(await lab.store.oldestOpenWriteMs()).toBeGreaterThanOrEqual(rows[0]!.age);
    await session.query('rollback');
    await pool.end();
  });
});

describe('after a logical restore', () => {
  let lab: Laboratory;
  let session: Client;
  beforeEach(async () => {
    lab = await laboratory();
    session = await lab.session();
  });
  afterEach(() => lab.dispose());

  /** As a dump of another server brings them: ids far beyond this server's, not in the order of the positions. */
  async function restore(): Promise<string[]> {
    return [
      await insertRaw(session, { stream: 'a-1', revision: 0, xid: '900000000001', pos: '7' }),
      await insertRaw(session, { stream: 'b-1', revision: 0, xid: '900000000002', pos: '3' }),
      await insertRaw(session, { stream: 'a-1', revision: 1, xid: '900000000002', pos: '8' }),
      await insertRaw(session, { stream: 'b-1', revision: 1, xid: '900000000009', pos: '5' }),
    ];
  }

  it('refuses to open before the events are re-stamped, since readers would not see them', async () => {
    await restore();
    expect((await lab.store.readLog(null, 10)).events).toEqual([]);
    await expect(openPostgresEventStore({ connectionString: lab.database.url })).rejects.toThrow(
      /restored from a dump.*restampPostgresEventStore/s,
    );
  });

  it('re-stamps: the log keeps its order, new events come after it, and the table is append-only again', async () => {
    const restored = await restore();
    const pool = new Pool({ connectionString: lab.database.url, max: 1 });
    const { events: count, end } = await restampPostgresEventStore(pool);
    await pool.end();
    expect(count).toBe(4);
    const store = await lab.open();
    const next = await given(store, to('b-1', 1, events(1)), to('c-1', NO_STREAM, events(1)));
    await endOfLog(store);
    const log = await logAfter(store, null);
    expect(log.slice(0, 4).map(({ id }) => id)).toEqual(restored);
    expect(log[3]!.position).toBe(end);
    expect(log.slice(4, 6).map(({ stream }) => stream)).toEqual(['b-1', 'c-1']);
    expect(comparePositions(end!, next)).toBeLessThan(0);
    await expect(session.query('delete from eventstore.events')).rejects.toMatchObject({ code: 'ES004' });
    const subscription = subscribed(store, null);
    await subscription.until((received) => received.length >= 6);
    await subscription.stop();
  });

  it('re-stamps an empty store to nothing', async () => {
    const pool = new Pool({ connectionString: lab.database.url, max: 1 });
    expect(await restampPostgresEventStore(pool)).toEqual({ events: 0, end: null });
    await pool.end();
  });

  it('a subscription refuses a checkpoint of before, and what is no checkpoint', async () => {
    for (const checkpoint of ['900000000009-5', '', '12', 'x-y', '1-2-3'] as LogPosition[]) {
      await expect(subscribed(lab.store, checkpoint).ended).rejects.toMatchObject({ name: 'UnknownCheckpointError' });
    }
    await expect(lab.store.readLog('nonsense' as LogPosition, 1)).rejects.toMatchObject({ name: 'UnknownCheckpointError' });
    await expect(lab.store.readLog(null, 0)).rejects.toThrow(TypeError);
    await expect(lab.store.listStreams(freshCategory(), null, 1e9)).rejects.toThrow(TypeError);
  });
});
