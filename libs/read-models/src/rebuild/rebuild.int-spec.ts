import type { DataSource } from 'typeorm';
import { openPostgresEventStore, type EventStore, type LogPosition } from '#libs/event-store';
import { createTestDatabase, type TestDatabase } from '../../../../test/postgres/database';
import {
  abortRebuild,
  openReadModels,
  PaymentChangesLackingError,
  paymentChangesOn,
  ReadModelQueries,
  rebuildReadModels,
  RebuildRunningError,
  RebuildStateError,
  rebuildStatus,
  startProjector,
} from '../index';
import { randomLog } from '../testing/random-log';
import { storeLog } from '../testing/stored-log';
import { dumpTables } from '../testing/tables';

jest.setTimeout(120_000);

const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
let database: TestDatabase;
let store: EventStore;
let live: DataSource;
let end: LogPosition;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await openPostgresEventStore({ connectionString: database.url, maxConnections: 3 });
  live = await openReadModels({ url: database.url, poolSize: 4 });
  await storeLog(store, randomLog(21, 8, 150));
  end = (await store.readLog(null, 10_000)).checkpoint as LogPosition;
});
afterAll(async () => {
  await live.destroy();
  await store.close();
  await database.drop();
});

/** Runs the live projector while `work` runs. */
async function whileProjecting<T>(work: () => Promise<T>, batchSize = 50): Promise<T> {
  const stop = new AbortController();
  const running = startProjector({ store, dataSource: live, logger, signal: stop.signal, batchSize });
  try {
    return await work();
  } finally {
    stop.abort();
    await running;
  }
}

const caughtUp = async (position: LogPosition): Promise<void> => {
  expect(await new ReadModelQueries(live).waitUntil(position, 30_000)).toBe(true);
};

describe('a rebuild', () => {
  it('gives the tables that the live projector gives', async () => {
    await whileProjecting(() => caughtUp(end));
    const projected = await dumpTables(live);
    expect(projected.booking?.length).toBeGreaterThan(50);
    const states: string[] = [];
    const done = await rebuildReadModels({
      store,
      connection: { url: database.url },
      batchSize: 64,
      onProgress: ({ state }) => states.at(-1) === state || states.push(state),
    });
    expect(done).toMatchObject({ state: 'done', secondsLeft: 0 });
    expect(done.eventsDone).toBe(done.eventsTotal);
    expect(states).toEqual(['prepare', 'replay', 'catch-up', 'switch', 'drop', 'done']);
    expect(await dumpTables(live)).toEqual(projected);
    expect((await new ReadModelQueries(live).checkpoint()).position).toBe(end);
    expect((await rebuildStatus(live)).allowed).toEqual(['start']);
  });

  it('mends tables that were damaged, while the live projector runs on and readers never see an empty one', async () => {
    const sound = await dumpTables(live);
    await live.query(`update read.session set basic_cents = 1`);
    let least = Number.POSITIVE_INFINITY;
    await whileProjecting(async () => {
      const reading = setInterval(() => {
        void live.query<{ count: string }[]>('select count(*) from read.session').then(([row]) => {
          least = Math.min(least, Number(row?.count));
        });
      }, 5);
      await rebuildReadModels({ store, connection: { url: database.url }, batchSize: 20 });
      clearInterval(reading);
      await storeLog(
        store,
        randomLog(22, 2, 5).filter(({ stream }) => stream !== 'policy-book'),
      );
      end = (await store.readLog(null, 10_000)).checkpoint as LogPosition;
      await caughtUp(end);
    });
    expect(least).toBe(sound.session?.length);
    const after = await dumpTables(live);
    expect(after.session).toEqual(expect.arrayContaining(sound.session ?? []));
  });

  it('that was killed is resumed where it stopped, in any state', async () => {
    const sound = await dumpTables(live);
    for (const wanted of ['replay', 'catch-up', 'switch', 'drop']) {
      const stopped = rebuildReadModels({
        store,
        connection: { url: database.url },
        batchSize: 100,
        onProgress: ({ state }) => {
          if (state === wanted) throw new Error('killed');
        },
      });
      await expect(stopped).rejects.toThrow('killed');
      const { last, allowed } = await rebuildStatus(live);
      expect(allowed).toContain('resume');
      const id = last?.id;
      const done = await rebuildReadModels({ store, connection: { url: database.url }, batchSize: 100 });
      expect(done.state).toBe('done');
      expect((await rebuildStatus(live)).last).toMatchObject({ id, state: 'done' });
      expect(await dumpTables(live)).toEqual(sound);
    }
  });

  it('is aborted before the switch, and leaves the live tables alone', async () => {
    const sound = await dumpTables(live);
    const stop = new AbortController();
    const stopped = rebuildReadModels({
      store,
      connection: { url: database.url },
      batchSize: 10,
      signal: stop.signal,
      onProgress: ({ state }) => state === 'replay' && stop.abort(new Error('enough')),
    });
    await expect(stopped).rejects.toThrow('enough');
    expect(await rebuildStatus(live)).toMatchObject({ last: { state: 'replay' }, allowed: ['resume', 'abort'] });
    await abortRebuild({ url: database.url });
    expect(await rebuildStatus(live)).toMatchObject({ last: { state: 'aborted' }, allowed: ['start'] });
    await expect(abortRebuild({ url: database.url })).rejects.toThrow(RebuildStateError);
    const schemas: unknown[] = await live.query(`select from pg_namespace where nspname in ('read_next', 'read_old')`);
    expect(schemas).toHaveLength(0);
    expect(await dumpTables(live)).toEqual(sound);
  });

  it('runs once at a time', async () => {
    const runs = await Promise.allSettled([1, 2].map(() => rebuildReadModels({ store, connection: { url: database.url } })));
    const refused = runs.filter((run) => run.status === 'rejected');
    expect(refused.map(({ reason }) => reason as unknown)).toEqual(refused.map(() => expect.any(RebuildRunningError) as unknown));
    expect(refused.length).toBeLessThan(2);
  });
});

describe('the running projector', () => {
  it('is alone: a second one stands by and takes over', async () => {
    const first = new AbortController();
    const second = new AbortController();
    const messages: string[] = [];
    const telling = (name: string) => ({ ...logger, info: (_: object, message: string) => messages.push(`${name}: ${message}`) });
    const until = async (message: string): Promise<void> => {
      while (!messages.includes(message)) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    const other = await openReadModels({ url: database.url, poolSize: 3 });
    const runningFirst = startProjector({ store, dataSource: live, logger: telling('first'), signal: first.signal });
    await until('first: projecting');
    const runningSecond = startProjector({ store, dataSource: other, logger: telling('second'), signal: second.signal });
    await until('second: another projector runs; standing by');
    expect(messages).not.toContain('second: projecting');
    first.abort();
    await runningFirst;
    await until('second: projecting');
    second.abort();
    await runningSecond;
    await other.destroy();
  });

  it('goes on after its connections were cut', async () => {
    await whileProjecting(async () => {
      await live.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name = 'traject-read-models' and pid <> pg_backend_pid() and datname = current_database()`);
      await storeLog(
        store,
        randomLog(23, 2, 5).filter(({ stream }) => stream !== 'policy-book'),
      );
      end = (await store.readLog(null, 10_000)).checkpoint as LogPosition;
      await caughtUp(end);
    });
  });
});

describe('read models of before payment changes were kept, with data in them', () => {
  let own: TestDatabase;
  let log: EventStore;
  beforeAll(async () => {
    own = await createTestDatabase();
    log = await openPostgresEventStore({ connectionString: own.url, maxConnections: 3 });
  });
  afterAll(async () => {
    await log.close();
    await own.drop();
  });
  const open = (): Promise<DataSource> => openReadModels({ url: own.url, poolSize: 4 });
  async function follow(dataSource: DataSource): Promise<void> {
    const stop = new AbortController();
    const running = startProjector({ store: log, dataSource, logger, signal: stop.signal });
    const { checkpoint } = await log.readLog(null, 10_000);
    expect(await new ReadModelQueries(dataSource).waitUntil(checkpoint as LogPosition, 30_000)).toBe(true);
    stop.abort();
    await running;
  }

  it('are migrated and followed on; payment changes are refused until a rebuild, which has those of before too', async () => {
    const all = randomLog(22, 6, 400);
    // between two commands
    const cut = all.findIndex(({ metadata }, i) => i > 330 && metadata.commandId !== all[i - 1]?.metadata.commandId);
    await storeLog(log, all.slice(0, cut));
    const before = await open();
    await follow(before);
    const kept = await dumpTables(before);
    expect(kept.payment_change?.length).toBeGreaterThan(5);
    await before.undoLastMigration();
    await before.destroy();

    const migrated = await open();
    try {
      await storeLog(log, all.slice(cut));
      await follow(migrated);
      await expect(paymentChangesOn(migrated, { on: '2024-05-01', limit: 10 })).rejects.toThrow(PaymentChangesLackingError);
      const { state } = await rebuildReadModels({ store: log, connection: { url: own.url } });
      expect(state).toBe('done');
      expect((await paymentChangesOn(migrated, { on: '2024-05-01', limit: 10 })).items).toEqual([]);
      const rebuilt = await dumpTables(migrated);
      expect(rebuilt.payment_change).toEqual(expect.arrayContaining(kept.payment_change ?? []));
    } finally {
      await migrated.destroy();
    }
  });
});
