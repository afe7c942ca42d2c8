import { NO_STREAM, openEventStoreDb, type EventStore, type EventStoreDbOptions } from '#libs/event-store';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { anEvent, events, outcomesOf, to, unit } from '../../libs/event-store/src/testing';
import { EventStoreDbDouble, MAX_APPEND_BYTES, startBlackHole } from './index';

describe.each([
  ['a call each', false],
  ['one shared call', true],
])('EventStoreDB adapter with faults of the server, appends over %s', (_, batchedAppends) => {
  let double: EventStoreDbDouble;
  const opened: EventStore[] = [];

  const open = (options: Partial<EventStoreDbOptions> = {}): EventStore => {
    const store = openEventStoreDb({
      connectionString: double.connectionString,
      batchedAppends,
      appendTimeoutMs: 200,
      readIdleTimeoutMs: 500,
      retryDelayMs: 10,
      ...options,
    });
    opened.push(store);
    return store;
  };
  const written = (stream: string): number => double.log.stream(stream)?.length ?? 0;

  beforeEach(async () => {
    double = await EventStoreDbDouble.start();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((store) => store.close()));
    double.stop();
  });

  it('appends once when the acknowledgement is lost, and says appended', async () => {
    double.faults.acknowledgementsToDrop = 1;
    expect(outcomesOf(await open().append([unit(to('lost-1', NO_STREAM, events(3)))]))).toEqual(['appended']);
    expect(double.appends).toEqual(['lost-1', 'lost-1']);
    expect(written('lost-1')).toBe(3);
  });

  it('says unknown when no acknowledgement comes at all; the same ids again are already-appended', async () => {
    const store = open({ attempts: 2 });
    const lost = unit(to('lost-1', NO_STREAM, events(2)), to('lost-2', NO_STREAM, events(2)));
    double.faults.acknowledgementsToDrop = 2;
    expect(outcomesOf(await store.append([lost]))).toEqual(['unknown']);
    expect([written('lost-1'), written('lost-2')]).toEqual([2, 0]);
    expect(outcomesOf(await store.append([lost]))).toEqual(['appended']);
    expect(outcomesOf(await store.append([lost]))).toEqual(['already-appended']);
    expect([written('lost-1'), written('lost-2')]).toEqual([2, 2]);
  });

  it('finds the position of a repeat where the server does not tell it', async () => {
    const store = open();
    const repeated = unit(to('repeat-1', NO_STREAM, events(2)));
    const [first] = await store.append([repeated]);
    double.log.tellsPositionOfRepeats = false;
    const [again] = await store.append([repeated]);
    expect(again).toEqual({ ...first, outcome: 'already-appended' });
  });

  it('takes a wrong version for a repeat when the very events are there, and only then', async () => {
    const store = open();
    const ours = events(2);
    await store.append([unit(to('repeat-1', NO_STREAM, ours)), unit(to('other-1', NO_STREAM, [ours[0]!, anEvent()]))]);
    double.log.recognisesRepeats = false;
    const answers = await store.append([unit(to('repeat-1', NO_STREAM, ours)), unit(to('other-1', NO_STREAM, ours))]);
    expect(outcomesOf(answers)).toEqual(['already-appended', 'conflict']);
    expect(answers[1]).toMatchObject({ stream: 'other-1', actualRevision: 1 });
  });

  it.each([
    ['the first call', true],
    ['an append', false],
  ])('goes to the leader that a server names in answer to %s', async (__, refusesReads) => {
    const leader = await EventStoreDbDouble.start({ log: double.log });
    try {
      Object.assign(double.faults, {
        leader: { host: '127.0.0.1', port: leader.port },
        refusalsAsNotLeader: 1_000,
        refusesReads,
      });
      const answers = await open().append([unit(to('led-1', NO_STREAM, events(1)))]);
      expect(outcomesOf(answers)).toEqual(['appended']);
      expect(double.appends).toEqual([]);
      expect(leader.appends).toEqual(['led-1']);
    } finally {
      leader.stop();
    }
  });

  it.each([true, false])(
    'says unknown and has written nothing where nobody is the leader (reads refused too: %s)',
    async (refusesReads) => {
      Object.assign(double.faults, { refusalsAsNotLeader: 1_000, refusesReads });
      expect(outcomesOf(await open().append([unit(to('led-1', NO_STREAM, events(1)))]))).toEqual(['unknown']);
      expect(written('led-1')).toBe(0);
    },
  );

  it('survives the death of the server in mid-batch: appended, or unknown and completed by the same ids', async () => {
    const store = open({ concurrency: 4 });
    const units = Array.from({ length: 20 }, (__, n) =>
      unit(to(`dead-${n}`, NO_STREAM, events(2)), to(`dead-${n}-b`, NO_STREAM, events(1))),
    );
    double.faults.appendsUntilDeath = 13;
    const answers = outcomesOf(await store.append(units));
    expect(new Set(answers)).toEqual(new Set(['appended', 'unknown']));
    expect(answers.filter((answer) => answer === 'appended').length).toBeLessThan(10);
    await double.restart();
    const again = outcomesOf(await store.append(units));
    answers.forEach((answer, n) => {
      // what was answered as appended is there; the rest may have been written in part, in whole or not at all
      expect(answer === 'appended' ? ['already-appended'] : ['already-appended', 'appended']).toContain(again[n]);
      expect([written(`dead-${n}`), written(`dead-${n}-b`)]).toEqual([2, 1]);
    });
  });

  it('completes by itself when the server is back before the attempts are used up', async () => {
    // far more attempts than the server's absence and the client's own reconnection take, also on a busy machine
    const store = open({ attempts: 60, retryDelayMs: 100, appendTimeoutMs: 2_000 });
    const units = Array.from({ length: 12 }, (__, n) => unit(to(`dead-${n}`, NO_STREAM, events(1))));
    double.faults.appendsUntilDeath = 5;
    const back = new Promise((resolve) => setTimeout(resolve, 150)).then(() => double.restart());
    const answers = outcomesOf(await store.append(units));
    await back;
    expect(new Set(answers)).toEqual(new Set(['appended']));
    units.forEach((__, n) => expect(written(`dead-${n}`)).toBe(1));
  });

  it('does not wait for a slow server beyond the deadline; what it writes late is written once', async () => {
    const store = open({ attempts: 2 });
    const slow = unit(to('slow-1', NO_STREAM, events(2)));
    double.faults.appendDelayMs = 700;
    const began = performance.now();
    expect(outcomesOf(await store.append([slow]))).toEqual(['unknown']);
    expect(performance.now() - began).toBeLessThan(2_000);
    double.faults.appendDelayMs = 0;
    expect(['appended', 'already-appended']).toContain((await store.append([slow]))[0]?.outcome);
    while (double.appends.length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(written('slow-1')).toBe(2);
  });

  it('says unknown for a port that accepts and never answers, and ends reads of it with an error', async () => {
    const hole = await startBlackHole();
    try {
      const store = open({ connectionString: hole.connectionString, attempts: 2, readIdleTimeoutMs: 100 });
      const began = performance.now();
      expect(outcomesOf(await store.append([unit(to('hole-1', NO_STREAM, events(1)))]))).toEqual(['unknown']);
      await expect(store.readStreams([{ stream: 'hole-1' }])).rejects.toMatchObject({ name: 'NoAnswerError' });
      await expect(store.readLog(null, 10)).rejects.toMatchObject({ name: 'NoAnswerError' });
      await expect(store.listStreams('hole', null, 10)).rejects.toMatchObject({ name: 'NoAnswerError' });
      expect(performance.now() - began).toBeLessThan(5_000);
    } finally {
      await hole.close();
    }
  });

  it('says unknown when appends alone are never answered', async () => {
    const store = open({ attempts: 2 });
    await store.append([unit(to('hole-1', NO_STREAM, events(1)))]);
    double.faults.acknowledgementsToDrop = 1_000;
    const answers = await store.append([unit(to('hole-1', 0, events(1))), unit(to('hole-2', NO_STREAM, events(1)))]);
    expect(outcomesOf(answers)).toEqual(['unknown', 'unknown']);
  });

  it('says unknown where no server listens', async () => {
    const store = open();
    double.die();
    expect(outcomesOf(await store.append([unit(to('none-1', NO_STREAM, events(1)))]))).toEqual(['unknown']);
    await expect(store.readStreams([{ stream: 'none-1' }])).rejects.toMatchObject({ code: 14 });
  });

  it('rejects what the server refuses for good', async () => {
    const store = open();
    const refused = { name: 'EventStoreDbRefusedError' };
    double.faults.denied = ['append'];
    await expect(store.append([unit(to('denied-1', NO_STREAM, events(1)))])).rejects.toMatchObject(refused);
    double.faults.denied = ['read'];
    await expect(store.append([unit(to('denied-1', NO_STREAM, events(1)))])).rejects.toMatchObject(refused);
    await expect(store.readStreams([{ stream: 'denied-1' }])).rejects.toMatchObject(refused);
  });

  it('refuses a block near the limit of the server before anything is sent', async () => {
    const big = anEvent({ text: 'x'.repeat(MAX_APPEND_BYTES - 100_000) });
    await expect(open().append([unit(to('big-1', NO_STREAM, [big]))])).rejects.toThrow(/big-1.*bytes/);
    expect(double.seen).toMatchObject({ append: 0, batchAppend: 0, read: 0 });
  });

  it('is told by the server that a block is too large, were it sent (the double refuses as a server does)', async () => {
    const client = EventStoreDBClient.connectionString(double.connectionString);
    const credentials = batchedAppends ? {} : { credentials: { username: 'none', password: 'none' } };
    const big = jsonEvent({ type: 'Big.v1', data: { text: 'x'.repeat(MAX_APPEND_BYTES) } });
    await expect(client.appendToStream('big-1', big, credentials)).rejects.toMatchObject({
      type: 'maximum-append-size-exceeded',
      maxAppendSize: MAX_APPEND_BYTES,
    });
    await client.dispose();
  });
});
