import { comparePositions, NO_STREAM, type StreamHead } from '../port';
import { anEvent, endOfLog, events, freshCategory, given, logAfter, to, unit, type StoreUnderTest } from './fixtures';

/** Reading streams, the log, and the list of streams. */
export function readContract(tested: () => StoreUnderTest): void {
  const store = () => tested().store;

  it('gives back what was appended: id, type, data, metadata, revision and time', async () => {
    const stream = `${freshCategory()}-1`;
    const before = Date.now();
    const event = anEvent({ text: 'x', number: 1.5, nested: { list: [1, null, true] } }, '7d1f9c52-6f0e-4d4e-9d2b-0a8f1f8f6a11');
    const position = await given(store(), to(stream, NO_STREAM, [event]));
    const [[read] = []] = await store().readStreams([{ stream }]);
    expect(read).toEqual({ ...event, stream, revision: 0, position, recordedAt: expect.any(String) as string });
    expect(read!.recordedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
    expect(Date.parse(read!.recordedAt)).toBeGreaterThan(before - 60_000);
  });

  it.each([
    ['letters of many scripts', 'Zoë Ångström 東京 зуб \u0600'],
    ['characters outside the basic plane', '👩🏽‍⚕️ 𝔉'],
    ['a composed and a decomposed letter', 'é é'.normalize('NFC') + 'é'.normalize('NFD')],
    ['line breaks of every kind', 'a\nb\r\nc\td\u2028e\u2029f\u0001'],
    ['quotes, backslashes and what looks like an escape', `"'\\ \\u0000 \\ud800 {}, \\n`],
    ['nothing', ''],
  ])('keeps %s', async (_, text) => {
    const stream = `${freshCategory()}-1`;
    await given(store(), to(stream, NO_STREAM, [anEvent({ [text]: text })]));
    const [[read] = []] = await store().readStreams([{ stream }]);
    expect(read!.data).toEqual({ [text]: text });
  });

  it('keeps an event of half a megabyte', async () => {
    const stream = `${freshCategory()}-1`;
    const data = { lines: Array.from({ length: 5_000 }, (_, n) => ({ n, text: `${n} é`.padEnd(80, '·') })) };
    await given(store(), to(stream, NO_STREAM, [anEvent(data), anEvent({ after: true })]));
    const [read] = await store().readStreams([{ stream }]);
    expect(read!.map((event) => event.data)).toEqual([data, { after: true }]);
  });

  it('reads many streams at once, each in order, in the order asked, from the revision asked, an absent one as empty', async () => {
    const category = freshCategory();
    const sizes = Array.from({ length: 60 }, (_, n) => (n % 4) * 3);
    await store().append(sizes.flatMap((size, n) => (size === 0 ? [] : [unit(to(`${category}-${n}`, NO_STREAM, events(size)))])));
    const reads = sizes.map((_, n) => ({ stream: `${category}-${n}`, fromRevision: n % 3 })).reverse();
    const read = await store().readStreams(reads);
    expect(read).toHaveLength(reads.length);
    reads.forEach(({ stream, fromRevision }, at) => {
      const size = sizes[Number(stream.split('-')[1])]!;
      const wanted = Array.from({ length: Math.max(0, size - fromRevision) }, (_, n) => fromRevision + n);
      expect(read[at]!.map(({ revision }) => revision)).toEqual(wanted);
      expect(read[at]!.map(({ data }) => data)).toEqual(wanted.map((n) => ({ n })));
      expect(read[at]!.every((event) => event.stream === stream)).toBe(true);
    });
  });

  it('reads the same stream twice when asked twice, nothing when asked for nothing, and nothing beyond the end', async () => {
    const stream = `${freshCategory()}-1`;
    await given(store(), to(stream, NO_STREAM, events(2)));
    const read = await store().readStreams([{ stream }, { stream, fromRevision: 1 }, { stream, fromRevision: 2 }]);
    expect(read.map((answer) => answer.length)).toEqual([2, 1, 0]);
    expect(await store().readStreams([])).toEqual([]);
  });

  it('orders the log: appends one after the other, and the events of a stream by revision', async () => {
    const category = freshCategory();
    const start = await endOfLog(store());
    const written: string[] = [];
    for (let n = 0; n < 12; n++) {
      const appended = events(3);
      await given(store(), to(`${category}-${n % 4}`, Math.floor(n / 4) * 3 - 1, appended));
      written.push(...appended.map(({ id }) => id));
    }
    await endOfLog(store());
    const log = (await logAfter(store(), start, 5)).filter(({ stream }) => stream.startsWith(`${category}-`));
    expect(log.map(({ id }) => id)).toEqual(written);
    for (let at = 1; at < log.length; at++) {
      expect(comparePositions(log[at - 1]!.position, log[at]!.position)).toBeLessThan(0);
      expect(comparePositions(log[at]!.position, log[at - 1]!.position)).toBeGreaterThan(0);
      expect(comparePositions(log[at]!.position, log[at]!.position)).toBe(0);
    }
  });

  it('goes on from any position of the log without a gap or a repeat, whatever the page', async () => {
    const category = freshCategory();
    const start = await endOfLog(store());
    await store().append(Array.from({ length: 7 }, (_, n) => unit(to(`${category}-${n}`, NO_STREAM, events(3)))));
    await endOfLog(store());
    const whole = await logAfter(store(), start);
    const ids = whole.map(({ id }) => id);
    expect(ids).toHaveLength(22); // and the end
    for (const limit of [1, 4, 1_000]) expect((await logAfter(store(), start, limit)).map(({ id }) => id)).toEqual(ids);
    for (const [at, { position }] of whole.entries()) {
      expect((await logAfter(store(), position, 6)).map(({ id }) => id)).toEqual(ids.slice(at + 1));
    }
  });

  it('answers an empty page with the checkpoint that was asked', async () => {
    const end = await endOfLog(store());
    expect(await store().readLog(end, 10)).toEqual({ events: [], checkpoint: end });
  });

  it('lists the streams of a category with their heads, by name, page by page, and no other category', async () => {
    const category = freshCategory();
    const names = ['0a', '1', '1-2', '10', 'B', 'a', 'é'].map((id) => `${category}-${id}`);
    await store().append(names.map((name, n) => unit(to(name, NO_STREAM, events(n + 1)))));
    await given(store(), to(`${category}x-1`, NO_STREAM, events(1)), to(`${category}`, NO_STREAM, events(1)));
    for (const limit of [1, 3, 100]) {
      const listed: StreamHead[] = [];
      for (let after: string | null = null; ;) {
        const page: readonly StreamHead[] = await store().listStreams(category, after, limit);
        expect(page.length).toBeLessThanOrEqual(limit);
        listed.push(...page);
        if (page.length < limit) break;
        after = page.at(-1)!.stream;
      }
      expect(listed).toEqual(names.map((stream, revision) => ({ stream, revision })));
    }
    expect(await store().listStreams(freshCategory(), null, 10)).toEqual([]);
  });
}
