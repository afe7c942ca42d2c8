import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { NO_STREAM } from '../port';
import { endOfLog, events, freshCategory, given, outcomesOf, subscribed, to, unit } from '../testing/fixtures';
import { laboratory, until, type Laboratory } from './testing/sessions';
import { severableProxy, type SeverableProxy } from './testing/severable-proxy';

describe('losing the connection', () => {
  let lab: Laboratory;
  let session: Client;
  let proxy: SeverableProxy;
  beforeAll(async () => {
    lab = await laboratory();
    session = await lab.session();
    proxy = await severableProxy(lab.database.url);
  });
  afterAll(async () => {
    proxy.refuse(false);
    await proxy.close();
    await lab.dispose();
  });

  const countOf = async (stream: string) =>
    Number(
      (await session.query<{ n: string }>('select count(*) as n from eventstore.events where stream = $1', [stream])).rows[0]!.n,
    );
  const backendsOf = async (applicationName: string, waiting: boolean) => {
    const { rows } = await session.query<{ pid: number }>(
      `select pid from pg_stat_activity
       where application_name = $1 and datname = current_database() and (not $2 or wait_event = 'advisory')`,
      [applicationName, waiting],
    );
    return rows.map(({ pid }) => pid);
  };
  const kill = (pids: number[]) => session.query('select pg_terminate_backend(pid) from unnest($1::int[]) pid', [pids]);

  it('answers unknown for an append whose backend is killed, and writes it once when it is repeated', async () => {
    const applicationName = `victim-${randomUUID()}`;
    const store = await lab.open({ applicationName });
    const stream = `${freshCategory()}-1`;
    const repeated = unit(to(stream, NO_STREAM, events(3)));
    const second = unit(to(`${stream}-b`, NO_STREAM, events(1)));
    await session.query('select pg_advisory_lock(eventstore.lock_key($1))', [stream]);
    const appending = store.append([repeated, second]);
    await until(async () => (await backendsOf(applicationName, true)).length === 1, 'the append waits for the stream');
    await kill(await backendsOf(applicationName, true));
    const answers = await appending;
    expect(outcomesOf(answers)).toEqual(['unknown', 'unknown']);
    expect(answers[0]).toMatchObject({ error: expect.any(Error) as Error });
    await session.query('select pg_advisory_unlock(eventstore.lock_key($1))', [stream]);
    expect(await countOf(stream)).toBe(0);
    expect(outcomesOf(await store.append([repeated, second]))).toEqual(['appended', 'appended']);
    expect(outcomesOf(await store.append([repeated, second]))).toEqual(['already-appended', 'already-appended']);
    expect(await countOf(stream)).toBe(3);
  });

  it('answers unknown for an append that was written but whose answer got lost, and already-appended when it is repeated', async () => {
    const store = await lab.open({ connectionString: proxy.url });
    const stream = `${freshCategory()}-1`;
    const repeated = unit(to(stream, NO_STREAM, events(2)));
    proxy.swallowAnswers();
    const appending = store.append([repeated]);
    await until(async () => (await countOf(stream)) === 2, 'the append is committed');
    proxy.sever();
    expect(outcomesOf(await appending)).toEqual(['unknown']);
    expect(outcomesOf(await store.append([repeated]))).toEqual(['already-appended']);
    expect(await countOf(stream)).toBe(2);
  });

  it('answers unknown when the server does not answer within the deadline, or cannot be reached', async () => {
    const store = await lab.open({ connectionString: proxy.url, connectTimeoutMs: 300 });
    proxy.sever();
    proxy.refuse(true);
    expect(outcomesOf(await store.append([unit(to(`${freshCategory()}-1`, NO_STREAM, events(1)))]))).toEqual(['unknown']);
    await expect(store.readStreams([{ stream: 'any-1' }])).rejects.toThrow();
    proxy.refuse(false);
    expect(outcomesOf(await store.append([unit(to(`${freshCategory()}-1`, NO_STREAM, events(1)))]))).toEqual(['appended']);
  });

  it('answers unknown when a stream stays locked longer than the lock timeout, and nothing is written', async () => {
    const store = await lab.open({ lockTimeoutMs: 50 });
    const stream = `${freshCategory()}-1`;
    const repeated = unit(to(stream, NO_STREAM, events(1)));
    await session.query('select pg_advisory_lock(eventstore.lock_key($1))', [stream]);
    expect(outcomesOf(await store.append([repeated]))).toEqual(['unknown']);
    await session.query('select pg_advisory_unlock(eventstore.lock_key($1))', [stream]);
    expect(await countOf(stream)).toBe(0);
    expect(outcomesOf(await store.append([repeated]))).toEqual(['appended']);
  });

  it('answers unknown for the rest of a split batch too, and a repetition completes it', async () => {
    const applicationName = `victim-${randomUUID()}`;
    const store = await lab.open({ applicationName });
    const category = freshCategory();
    const units = Array.from({ length: 600 }, (_, n) => unit(to(`${category}-${n}`, NO_STREAM, events(1))));
    const held = `${category}-300`;
    await session.query('select pg_advisory_lock(eventstore.lock_key($1))', [held]);
    const appending = store.append(units);
    await until(async () => (await backendsOf(applicationName, true)).length === 1, 'the second transaction waits');
    await kill(await backendsOf(applicationName, true));
    const outcomes = outcomesOf(await appending);
    expect(outcomes.slice(0, 256).every((outcome) => outcome === 'appended')).toBe(true);
    expect(outcomes.slice(256).every((outcome) => outcome === 'unknown')).toBe(true);
    await session.query('select pg_advisory_unlock(eventstore.lock_key($1))', [held]);
    const repeated = outcomesOf(await store.append(units));
    expect(repeated.slice(0, 256).every((outcome) => outcome === 'already-appended')).toBe(true);
    expect(repeated.slice(256).every((outcome) => outcome === 'appended')).toBe(true);
  });

  it('a subscription outlives killed backends and a severed network, and delivers everything once', async () => {
    const applicationName = `reader-${randomUUID()}`;
    const store = await lab.open({
      connectionString: proxy.url,
      applicationName,
      subscriptions: { reconnect: { firstDelayMs: 5, longestDelayMs: 50, factor: 2, giveUpAfterMs: 60_000 } },
    });
    const start = await endOfLog(lab.store);
    const stream = `${freshCategory()}-1`;
    const subscription = subscribed(store, start, { batchSize: 5 });
    for (let round = 0; round < 6; round++) {
      await given(lab.store, to(stream, round * 4 - 1, events(4)));
      if (round % 2 === 0) await kill(await backendsOf(applicationName, false));
      else proxy.sever();
      await subscription.until((received) => received.length >= (round + 1) * 4);
    }
    await subscription.stop();
    expect(subscription.received.map(({ revision }) => revision)).toEqual(Array.from({ length: 24 }, (_, n) => n));
  });

  it('a subscription ends with the error of the connection once its patience is over', async () => {
    const store = await lab.open({
      connectionString: proxy.url,
      connectTimeoutMs: 200,
      subscriptions: { reconnect: { firstDelayMs: 5, longestDelayMs: 20, factor: 2, giveUpAfterMs: 100 } },
    });
    const subscription = subscribed(store, await endOfLog(lab.store));
    proxy.refuse(true);
    proxy.sever();
    await expect(subscription.ended).rejects.toThrow();
    proxy.refuse(false);
  });

  it('a subscription that cannot reach the server ends at once when aborted', async () => {
    const store = await lab.open({
      connectionString: proxy.url,
      subscriptions: { reconnect: { firstDelayMs: 60_000, longestDelayMs: 60_000, factor: 1, giveUpAfterMs: 600_000 } },
    });
    const subscription = subscribed(store, await endOfLog(lab.store));
    proxy.refuse(true);
    proxy.sever();
    await subscription.stop();
    proxy.refuse(false);
  });

  it('closing a store ends its subscriptions and lets its appends finish', async () => {
    const store = await lab.open();
    const subscription = subscribed(store, null);
    const appending = store.append([unit(to(`${freshCategory()}-1`, NO_STREAM, events(1)))]);
    await store.close();
    await subscription.ended;
    expect(outcomesOf(await appending)).toEqual(['appended']);
  });
});
