import { NO_STREAM, openEventStoreDb, type EventStore, type EventStoreDbOptions, type LogPosition } from '#libs/event-store';
import { anEvent, endOfLog, events, given, logAfter, subscribed, to } from '../../libs/event-store/src/testing';
import { EventStoreDbDouble, startBlackHole } from './index';

describe('EventStoreDB adapter, subscriptions with faults of the server', () => {
  let double: EventStoreDbDouble;
  const opened: EventStore[] = [];

  const open = (options: Partial<EventStoreDbOptions> = {}): EventStore => {
    const store = openEventStoreDb({
      connectionString: double.connectionString,
      readIdleTimeoutMs: 300,
      retryDelayMs: 10,
      ...options,
    });
    opened.push(store);
    return store;
  };
  const ids = (received: readonly { readonly id: string }[]) => received.map(({ id }) => id);

  beforeEach(async () => {
    double = await EventStoreDbDouble.start();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
    double.stop();
  });

  it('goes on from its checkpoint when the server died and came back, exactly once and in order', async () => {
    const lost: Error[] = [];
    const store = open({ onSubscriptionLost: (error) => lost.push(error), maxReconnectDelayMs: 50, attempts: 10 });
    const written = [events(40), events(7), events(5)] as const;
    await given(store, to('back-1', NO_STREAM, written[0]));
    const subscription = subscribed(store, null, { batchSize: 6 });
    await subscription.until((received) => received.length >= 12);
    double.die();
    await new Promise((resolve) => setTimeout(resolve, 60));
    await double.restart();
    await given(store, to('back-1', 39, written[1]));
    await subscription.until((received) => received.length >= 47);
    await double.restart();
    await given(store, to('back-2', NO_STREAM, written[2]));
    await subscription.until((received) => received.length >= 52);
    await subscription.stop();
    expect(ids(subscription.received)).toEqual(ids(written.flat()));
    expect(lost.length).toBeGreaterThan(1);
  });

  it('waits for a server that is not there yet', async () => {
    const store = open();
    const appended = events(3);
    await given(store, to('late-1', NO_STREAM, appended));
    double.die();
    const subscription = subscribed(store, null);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await double.restart();
    await subscription.until((received) => received.length === 3);
    await subscription.stop();
    expect(ids(subscription.received)).toEqual(ids(appended));
  });

  it('lets the handler end when the connection is cut under it, and hands nothing out twice', async () => {
    const store = open({ maxReconnectDelayMs: 50 });
    const appended = events(9);
    await given(store, to('cut-1', NO_STREAM, appended));
    let cut = false;
    const subscription = subscribed(store, null, {
      batchSize: 4,
      onBatch: async () => {
        if (cut) return;
        cut = true;
        await double.restart();
        await new Promise((resolve) => setTimeout(resolve, 50));
      },
    });
    await subscription.until((received) => received.length === 9);
    await subscription.stop();
    expect(ids(subscription.received)).toEqual(ids(appended));
  });

  it('opens a subscription anew that is never confirmed', async () => {
    const lost: string[] = [];
    const store = open({ onSubscriptionLost: (error) => lost.push(error.name) });
    await given(store, to('mute-1', NO_STREAM, events(2)));
    double.faults.blackHole = true;
    const subscription = subscribed(store, null);
    while (lost.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    double.faults.blackHole = false;
    await subscription.until((received) => received.length === 2);
    await subscription.stop();
    expect(lost[0]).toBe('NoAnswerError');
  });

  it('opens a subscription anew that has heard nothing for long, and misses nothing', async () => {
    let renewed = 0;
    const store = open({ subscriptionIdleMs: 50, onSubscriptionLost: () => (renewed += 1) });
    const subscription = subscribed(store, null);
    while (renewed < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    await given(store, to('idle-1', NO_STREAM, events(4)));
    await subscription.until((received) => received.length === 4);
    await subscription.stop();
    expect(subscription.received.map(({ revision }) => revision)).toEqual([0, 1, 2, 3]);
  });

  it('stops at once when asked to, also while nobody answers', async () => {
    const hole = await startBlackHole();
    try {
      const store = open({ connectionString: hole.connectionString, readIdleTimeoutMs: 30_000 });
      for (const after of [null, '17-17' as LogPosition]) {
        const subscription = subscribed(store, after);
        await new Promise((resolve) => setTimeout(resolve, 50));
        const began = performance.now();
        await subscription.stop();
        expect(performance.now() - began).toBeLessThan(500);
      }
    } finally {
      await hole.close();
    }
  });

  it('stops when the store is closed', async () => {
    const store = open();
    const subscription = subscribed(store, null);
    await given(store, to('closed-1', NO_STREAM, events(1)));
    await subscription.until((received) => received.length === 1);
    await store.close();
    await subscription.ended;
    await expect(store.readLog(null, 1)).rejects.toThrow('closed');
  });

  it('stops loudly where an event of a stream is missing', async () => {
    const store = open();
    await given(store, to('gap-1', NO_STREAM, events(6)));
    double.log.lose('gap-1', 3n);
    const subscription = subscribed(store, null, { batchSize: 2 });
    await expect(subscription.ended).rejects.toMatchObject({
      name: 'StreamContinuityError',
      stream: 'gap-1',
      expectedRevision: 3,
      actualRevision: 4,
    });
    expect(subscription.received.map(({ revision }) => revision)).toEqual([0, 1]);
  });

  it('looks the event before up in its stream when it resumes without knowing the stream', async () => {
    const store = open();
    await given(store, to('known-1', NO_STREAM, events(3)));
    const end = await endOfLog(store);
    await given(store, to('known-1', 2, events(3)));
    double.log.lose('known-1', 3n);
    await expect(subscribed(store, end).ended).rejects.toMatchObject({
      name: 'StreamContinuityError',
      stream: 'known-1',
      actualRevision: 4,
    });
  });

  it('refuses a checkpoint of another store', async () => {
    const store = open();
    await expect(subscribed(store, '999999999-999999999' as LogPosition).ended).rejects.toMatchObject({
      name: 'UnknownCheckpointError',
    });
    await expect(subscribed(store, 'elsewhere' as LogPosition).ended).rejects.toMatchObject({ name: 'UnknownCheckpointError' });
    await expect(store.readLog('elsewhere' as LogPosition, 1)).rejects.toMatchObject({ name: 'UnknownCheckpointError' });
  });

  it('ends when the server refuses for good', async () => {
    double.faults.denied = ['read'];
    await expect(subscribed(open(), null).ended).rejects.toMatchObject({ name: 'EventStoreDbRefusedError' });
  });

  it('leaves the events of the server itself out, of the log as of a subscription', async () => {
    const store = open();
    const appended = events(2);
    await given(store, to('ours-1', NO_STREAM, appended));
    expect(double.log.events.length).toBeGreaterThan(2);
    const subscription = subscribed(store, null);
    await subscription.until((received) => received.length === 2);
    await subscription.stop();
    expect(ids(subscription.received)).toEqual(ids(appended));
    expect(ids(await logAfter(store, null, 1))).toEqual(ids(appended));
  });

  it('holds the server back while the handler works', async () => {
    const store = open();
    const total = 4_000;
    for (let n = 0; n < total; n += 400) {
      const block = Array.from({ length: 400 }, () => anEvent({ text: 'x'.repeat(1_000) }));
      await given(store, to('much-1', n - 1, block));
    }
    let release: () => void = () => undefined;
    const subscription = subscribed(store, null, { batchSize: 10, onBatch: () => new Promise((resolve) => (release = resolve)) });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(double.seen.eventsSent).toBeGreaterThan(9);
    expect(double.seen.eventsSent).toBeLessThan(total / 2);
    const stopped = subscription.stop();
    release();
    await stopped;
  });
});
