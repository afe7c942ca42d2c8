/** Raw sessions beside the store: what another process, or a careless one, does to the same database. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../../../../test/postgres/database';
import { openPostgresEventStore, type PostgresEventStore, type PostgresEventStoreSettings } from '../store';

/** These tests wait for conditions of a server that others use too; the bound is for a broken one. */
jest.setTimeout(60_000);

export interface Laboratory {
  readonly database: TestDatabase;
  readonly store: PostgresEventStore;
  /** A further connection, closed with the rest. */
  readonly session: () => Promise<Client>;
  /** A further store on the database, closed with the rest. */
  readonly open: (settings?: Partial<PostgresEventStoreSettings>) => Promise<PostgresEventStore>;
  readonly dispose: () => Promise<void>;
}

export async function laboratory(settings: Partial<PostgresEventStoreSettings> = {}): Promise<Laboratory> {
  const database = await createTestDatabase();
  const endings: (() => Promise<unknown>)[] = [];
  const open = async (more: Partial<PostgresEventStoreSettings> = {}) => {
    const store = await openPostgresEventStore({ connectionString: database.url, ...more });
    endings.push(() => store.close());
    return store;
  };
  return {
    database,
    store: await open(settings),
    open,
    session: async () => {
      const client = new Client({ connectionString: database.url, application_name: 'raw-session' });
      client.on('error', () => undefined);
      await client.connect();
      endings.push(() => client.end());
      return client;
    },
    dispose: async () => {
      for (const end of endings.reverse()) await end();
      await database.drop();
    },
  };
}

export interface RawEvent {
  readonly stream: string;
  readonly revision: number;
  readonly pos?: string;
  readonly xid?: string;
}

/** Inserts past the append function. Answers the event's id. */
export async function insertRaw(on: Client, { stream, revision, pos, xid }: RawEvent): Promise<string> {
  const id = randomUUID();
  await on.query(
    `insert into eventstore.events (pos, xid, stream, revision, event_id, type, data, metadata)
     values (coalesce($1::bigint, nextval('eventstore.events_pos_seq')), coalesce($2::xid8, pg_current_xact_id()), $3, $4, $5, 'Raw.v1', '{}',
             '{"commandId":"c","actor":"raw"}')`,
    [pos ?? null, xid ?? null, stream, revision, id],
  );
  return id;
}

/** Appends one event to each stream through the function, in the session's own transaction. Answers the outcomes. */
export async function appendRaw(on: Client, ...streams: { stream: string; expected: number; id?: string }[]): Promise<string[]> {
  const numbers = streams.map((_, n) => n + 1);
  const { rows } = await on.query<{ outcome: string }>(
    'select outcome from eventstore.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, false) order by unit',
    [
      streams.map(() => 1),
      streams.map(({ stream }) => stream).join('\n'),
      streams.map(({ expected }) => expected),
      [1],
      [streams.length],
      numbers,
      streams.map(({ expected }) => expected + 1),
      streams.map(({ id }) => id ?? randomUUID()),
      streams.map(() => 'Raw.v1').join('\n'),
      streams.map(() => '{}').join('\n'),
      streams.map(() => '{"commandId":"c","actor":"raw"}').join('\n'),
    ],
  );
  return rows.map(({ outcome }) => outcome);
}

export async function transactionIdOf(on: Client): Promise<string> {
  return (await on.query<{ xid: string }>('select pg_current_xact_id()::text as xid')).rows[0]!.xid;
}

export async function pidOf(on: Client): Promise<number> {
  return (await on.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]!.pid;
}

/** Asks until the answer holds: for what another session is about to do. */
export async function until(condition: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + 15_000;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Waits until a session hangs in a lock. */
export async function untilWaiting(observer: Client, pid: number): Promise<void> {
  await until(async () => {
    const { rows } = await observer.query('select from pg_stat_activity where pid = $1 and wait_event_type = $2', [pid, 'Lock']);
    return rows.length === 1;
  }, `backend ${pid} waits for a lock`);
}

/** Waits until every transaction below `xid` has ended, also those of other tests on the same server. */
export async function untilHorizon(observer: Client, xid: string): Promise<void> {
  await until(async () => {
    const { rows } = await observer.query<{ passed: boolean }>(
      'select pg_snapshot_xmin(pg_current_snapshot()) >= $1::xid8 as passed',
      [xid],
    );
    return rows[0]!.passed;
  }, `no transaction below ${xid} is open`);
}

/** Waits until every event that is committed now lies below the oldest open transaction. */
export async function untilSettled(observer: Client): Promise<void> {
  await until(async () => {
    const { rows } = await observer.query<{ settled: boolean | null }>(
      'select max(xid) < pg_snapshot_xmin(pg_current_snapshot()) as settled from eventstore.events',
    );
    return rows[0]!.settled !== false;
  }, 'no transaction is open that is older than the last event');
}
