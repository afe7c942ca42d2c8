import { NO_STREAM, type EventStore } from '../port';
import { anEvent, endOfLog, freshCategory, logAfter, subscribed, to, unit, type StoreUnderTest } from './fixtures';

const WRITERS = 16;
const APPENDS_PER_WRITER = 12;
const EVENTS_PER_APPEND = 2;
const HOT_STREAMS = 3;
const ATTEMPTS = 500;

/** Many writers at once, checked by reading back. */
export function parallelContract(tested: () => StoreUnderTest): void {
  const store = () => tested().store;

  /** Appends to a hot stream at the revision it reads, and again from a fresh read, with the same ids, until it is written. */
  async function write(to_: EventStore, stream: string, writer: number, n: number): Promise<string[]> {
    const appended = Array.from({ length: EVENTS_PER_APPEND }, () => anEvent({ writer, n }));
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const [read] = await to_.readStreams([{ stream }]);
      const expected = read!.at(-1)?.revision ?? NO_STREAM;
      const [answer] = await to_.append([unit(to(stream, expected, appended))]);
      if (answer!.outcome === 'appended' || answer!.outcome === 'already-appended') return appended.map(({ id }) => id);
      if (answer!.outcome === 'unknown') throw answer!.error;
    }
    throw new Error(`not written in ${ATTEMPTS} attempts`);
  }

  it(`loses and repeats nothing under ${WRITERS} writers on ${HOT_STREAMS} streams: read back, from the log, and by a subscription`, async () => {
    const category = freshCategory();
    const start = await endOfLog(store());
    const total = WRITERS * APPENDS_PER_WRITER * EVENTS_PER_APPEND;
    const live = subscribed(store(), start, { batchSize: 7 });
    const written = await Promise.all(
      Array.from({ length: WRITERS }, async (_, writer) => {
        const ids: string[] = [];
        for (let n = 0; n < APPENDS_PER_WRITER; n++) {
          ids.push(...(await write(store(), `${category}-${(writer + n) % HOT_STREAMS}`, writer, n)));
        }
        return ids;
      }),
    );
    await live.until((received) => received.length >= total);
    await live.stop();

    const sent = written.flat().sort();
    const streams = await store().readStreams(Array.from({ length: HOT_STREAMS }, (_, n) => ({ stream: `${category}-${n}` })));
    expect(streams.flat().map(({ id }) => id).sort()).toEqual(sent); // prettier-ignore
    for (const stream of streams) {
      expect(stream.map(({ revision }) => revision)).toEqual(stream.map((_, n) => n));
    }
    const log = await logAfter(store(), start, 50);
    expect(log.map(({ id }) => id).sort()).toEqual(sent); // prettier-ignore
    expect(live.received.map(({ id }) => id)).toEqual(log.map(({ id }) => id));
    for (const events of [log, live.received]) {
      const last = new Map<string, number>();
      for (const { stream, revision } of events) {
        expect(revision).toBe((last.get(stream) ?? NO_STREAM) + 1);
        last.set(stream, revision);
      }
    }
  }, 120_000);

  it('lets exactly one of many writers begin a stream, in batches that touch the same streams in every order', async () => {
    const category = freshCategory();
    const names = Array.from({ length: 8 }, (_, n) => `${category}-${n}`);
    const answers = await Promise.all(
      Array.from({ length: WRITERS }, (_, writer) => {
        const order = [...names.slice(writer % 8), ...names.slice(0, writer % 8)];
        return store().append((writer % 2 === 0 ? order : order.reverse()).map((name) => unit(to(name, NO_STREAM, [anEvent()]))));
      }),
    );
    const won = answers.flat().filter(({ outcome }) => outcome === 'appended');
    expect(won).toHaveLength(names.length);
    expect(answers.flat().filter(({ outcome }) => outcome === 'conflict')).toHaveLength(names.length * (WRITERS - 1));
    const read = await store().readStreams(names.map((stream) => ({ stream })));
    expect(read.map((stream) => stream.length)).toEqual(names.map(() => 1));
  }, 60_000);
}
