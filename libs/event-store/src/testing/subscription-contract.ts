import { NO_STREAM, type RecordedEvent } from '../port';
import { endOfLog, events, freshCategory, given, subscribed, to, unit, type StoreUnderTest } from './fixtures';

/** Catch-up subscriptions: everything exactly once, in log order, from any checkpoint on. */
export function subscriptionContract(tested: () => StoreUnderTest): void {
  const store = () => tested().store;
  const ids = (received: readonly RecordedEvent[]) => received.map(({ id }) => id);

  it('delivers what is there and then what comes, exactly once and in order', async () => {
    const category = freshCategory();
    const start = await endOfLog(store());
    const written = [events(15), events(3), events(4)] as const;
    await given(store(), to(`${category}-1`, NO_STREAM, written[0]));
    const subscription = subscribed(store(), start, { batchSize: 4 });
    await subscription.until((received) => received.length >= 15);
    await given(store(), to(`${category}-1`, 14, written[1]));
    await subscription.until((received) => received.length >= 18);
    await given(store(), to(`${category}-2`, NO_STREAM, written[2]));
    await subscription.until((received) => received.length >= 22);
    await subscription.stop();
    expect(ids(subscription.received)).toEqual(written.flat().map(({ id }) => id));
  });

  it('resumes from every checkpoint and every position without a gap or a repeat', async () => {
    const category = freshCategory();
    const start = await endOfLog(store());
    await store().append(Array.from({ length: 4 }, (_, n) => unit(to(`${category}-${n % 2}`, n < 2 ? NO_STREAM : 2, events(3)))));
    const whole = subscribed(store(), start, { batchSize: 5 });
    await whole.until((received) => received.length === 12);
    await whole.stop();
    for (const checkpoint of [...whole.checkpoints, ...whole.received.map(({ position }) => position)]) {
      const at = whole.received.findIndex(({ position }) => position === checkpoint);
      const rest = subscribed(store(), checkpoint, { batchSize: 5 });
      await rest.until((received) => received.length === 11 - at);
      await rest.stop();
      expect(ids(rest.received)).toEqual(ids(whole.received).slice(at + 1));
    }
  });

  it('gives batches of at most the size asked, one at a time, each with the position of its last event', async () => {
    const category = freshCategory();
    const start = await endOfLog(store());
    await given(store(), to(`${category}-1`, NO_STREAM, events(17)));
    const sizes: number[] = [];
    let running = 0;
    const subscription = subscribed(store(), start, {
      batchSize: 5,
      onBatch: async (batch) => {
        running += 1;
        expect(running).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        sizes.push(batch.length);
      },
    });
    await subscription.until((received) => received.length === 17);
    await subscription.stop();
    expect(Math.max(...sizes)).toBeLessThanOrEqual(5);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(subscription.checkpoints.at(-1)).toBe(subscription.received.at(-1)!.position);
  });

  it('says when it has caught up, also where there is nothing', async () => {
    const start = await endOfLog(store());
    await new Promise<void>((onCaughtUp, fail) => {
      const subscription = subscribed(store(), start, { onCaughtUp: () => void subscription.stop().then(onCaughtUp, fail) });
      subscription.ended.catch(fail);
    });
    const category = freshCategory();
    await given(store(), to(`${category}-1`, NO_STREAM, events(8)));
    let seen = 0;
    await new Promise<void>((caughtUp, fail) => {
      const subscription = subscribed(store(), start, {
        batchSize: 3,
        onBatch: (batch) => Promise.resolve(void (seen += batch.length)),
        onCaughtUp: () => {
          if (seen === 8) void subscription.stop().then(caughtUp, fail);
        },
      });
      subscription.ended.catch(fail);
    });
    expect(seen).toBe(8);
  });

  it('ends with the error of the handler, and gives it nothing more', async () => {
    const start = await endOfLog(store());
    await given(store(), to(`${freshCategory()}-1`, NO_STREAM, events(9)));
    let calls = 0;
    const subscription = subscribed(store(), start, {
      batchSize: 3,
      onBatch: () => {
        calls += 1;
        return calls === 2 ? Promise.reject(new Error('the handler says no')) : Promise.resolve();
      },
    });
    await expect(subscription.ended).rejects.toThrow('the handler says no');
    expect(calls).toBe(2);
  });

  it('resolves soon after the abort, and waits for the handler that runs', async () => {
    const start = await endOfLog(store());
    await given(store(), to(`${freshCategory()}-1`, NO_STREAM, events(1)));
    let release: () => void = () => undefined;
    const handling = new Promise<void>((entered) => {
      const idle = subscribed(store(), start, {
        onBatch: () => {
          entered();
          return new Promise((resolve) => (release = resolve));
        },
      });
      stopping = () => idle.stop();
    });
    await handling;
    let stopped = false;
    const stop = stopping().then(() => (stopped = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(stopped).toBe(false);
    release();
    await stop;
    const aborted = new AbortController();
    aborted.abort();
    await store().subscribe({
      after: start,
      batchSize: 1,
      onBatch: () => Promise.reject(new Error('never')),
      signal: aborted.signal,
    });
  });
  let stopping: () => Promise<void> = () => Promise.resolve();

  it('stops loudly when a stream does not go on where its reader says it stood', async () => {
    const stream = `${freshCategory()}-1`;
    await given(store(), to(stream, NO_STREAM, events(2)));
    const end = await endOfLog(store());
    await given(store(), to(stream, 1, events(2)));
    const from = (revision: number) => {
      const abort = new AbortController();
      const received: number[] = [];
      return store().subscribe({
        after: end,
        batchSize: 10,
        signal: abort.signal,
        knownRevisions: (streams) => Promise.resolve(new Map(streams.map((name) => [name, revision]))),
        onBatch: (batch) => {
          received.push(...batch.map((event) => event.revision));
          if (received.includes(3)) abort.abort();
          return Promise.resolve();
        },
      });
    };
    await from(1);
    await expect(from(0)).rejects.toMatchObject({
      name: 'StreamContinuityError',
      stream,
      expectedRevision: 1,
      actualRevision: 2,
    });
    await expect(from(2)).rejects.toMatchObject({
      name: 'StreamContinuityError',
      stream,
      expectedRevision: 3,
      actualRevision: 2,
    });
  });
}
