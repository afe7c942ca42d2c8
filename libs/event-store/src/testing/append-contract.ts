import { NO_STREAM } from '../port';
import { anEvent, events, freshCategory, given, outcomesOf, to, unit, type StoreUnderTest } from './fixtures';

/** Appending: exact revisions, idempotence by event id, an answer per unit. */
export function appendContract(tested: () => StoreUnderTest): void {
  const store = () => tested().store;
  const revisionsOf = async (stream: string) => (await store().readStreams([{ stream }]))[0]!.map(({ revision }) => revision);

  it('begins a stream at revision 0, only where there is none', async () => {
    const stream = `${freshCategory()}-1`;
    expect(outcomesOf(await store().append([unit(to(stream, NO_STREAM, events(2)))]))).toEqual(['appended']);
    expect(await store().append([unit(to(stream, NO_STREAM, events(1)))])).toEqual([
      { outcome: 'conflict', stream, expectedRevision: NO_STREAM, actualRevision: 1 },
    ]);
    expect(await revisionsOf(stream)).toEqual([0, 1]);
  });

  it('goes on only at the exact revision, neither before nor after it', async () => {
    const stream = `${freshCategory()}-1`;
    await given(store(), to(stream, NO_STREAM, events(3)));
    for (const expectedRevision of [0, 1, 3]) {
      expect(await store().append([unit(to(stream, expectedRevision, events(1)))])).toEqual([
        { outcome: 'conflict', stream, expectedRevision, actualRevision: 2 },
      ]);
    }
    await given(store(), to(stream, 2, events(1)));
    expect(await revisionsOf(stream)).toEqual([0, 1, 2, 3]);
  });

  it('conflicts on a stream that is not there, when a revision was expected', async () => {
    const stream = `${freshCategory()}-1`;
    expect(await store().append([unit(to(stream, 4, events(1)))])).toEqual([
      { outcome: 'conflict', stream, expectedRevision: 4, actualRevision: NO_STREAM },
    ]);
  });

  it('answers already-appended for the same events, however often and however far the stream has moved', async () => {
    const stream = `${freshCategory()}-1`;
    const first = unit(to(stream, NO_STREAM, events(2)));
    expect(outcomesOf(await store().append([first]))).toEqual(['appended']);
    expect(outcomesOf(await store().append([first]))).toEqual(['already-appended']);
    await given(store(), to(stream, 1, events(5)));
    expect(outcomesOf(await store().append([first]))).toEqual(['already-appended']);
    expect(await revisionsOf(stream)).toHaveLength(7);
  });

  it('answers already-appended for a unit of many streams', async () => {
    const category = freshCategory();
    const both = unit(to(`${category}-1`, NO_STREAM, events(2)), to(`${category}-2`, NO_STREAM, events(1)));
    expect(outcomesOf(await store().append([both]))).toEqual(['appended']);
    expect(outcomesOf(await store().append([both]))).toEqual(['already-appended']);
  });

  it('answers each unit of a batch by itself, in the order of the units', async () => {
    const category = freshCategory();
    const done = unit(to(`${category}-done`, NO_STREAM, events(1)));
    await store().append([done]);
    await given(store(), to(`${category}-moved`, NO_STREAM, events(2)));
    const answers = await store().append([
      unit(to(`${category}-new`, NO_STREAM, events(1))),
      unit(to(`${category}-moved`, 0, events(1))),
      done,
      unit(to(`${category}-moved`, 1, events(1))),
      unit(to(`${category}-other`, NO_STREAM, events(1))),
    ]);
    expect(outcomesOf(answers)).toEqual(['appended', 'conflict', 'already-appended', 'appended', 'appended']);
    expect(answers[1]).toMatchObject({ stream: `${category}-moved`, expectedRevision: 0, actualRevision: 1 });
    expect(await revisionsOf(`${category}-moved`)).toEqual([0, 1, 2]);
  });

  it('lets a later unit of the batch see an earlier one on the same stream', async () => {
    const stream = `${freshCategory()}-1`;
    const repeated = events(1);
    const answers = await store().append([
      unit(to(stream, NO_STREAM, events(1))),
      unit(to(stream, 0, events(2))),
      unit(to(stream, 0, events(1))),
      unit(to(stream, 2, repeated)),
      unit(to(stream, 2, repeated)),
    ]);
    expect(outcomesOf(answers)).toEqual(['appended', 'appended', 'conflict', 'appended', 'already-appended']);
    expect(answers[2]).toMatchObject({ stream, expectedRevision: 0, actualRevision: 2 });
    expect(await revisionsOf(stream)).toEqual([0, 1, 2, 3]);
  });

  it('writes all streams of a unit or none, where it says that units are atomic; else those before the conflict', async () => {
    const category = freshCategory();
    const [before, moved, after] = ['before', 'moved', 'after'].map((name) => `${category}-${name}`) as [string, string, string];
    await given(store(), to(moved, NO_STREAM, events(1)));
    const [answer] = await store().append([
      unit(to(before, NO_STREAM, events(1)), to(moved, NO_STREAM, events(1)), to(after, NO_STREAM, events(1))),
    ]);
    expect(answer).toEqual({ outcome: 'conflict', stream: moved, expectedRevision: NO_STREAM, actualRevision: 0 });
    expect(await revisionsOf(before)).toEqual(store().capabilities.atomicUnits ? [] : [0]);
    expect(await revisionsOf(moved)).toEqual([0]);
    expect(await revisionsOf(after)).toEqual([]);
  });

  it('completes a unit of many streams that is repeated', async () => {
    const category = freshCategory();
    const repeated = unit(to(`${category}-1`, NO_STREAM, events(1)), to(`${category}-2`, NO_STREAM, events(1)));
    await store().append([repeated, repeated, repeated]);
    expect(await revisionsOf(`${category}-1`)).toEqual([0]);
    expect(await revisionsOf(`${category}-2`)).toEqual([0]);
  });

  it('takes a batch of more streams than a transaction', async () => {
    const category = freshCategory();
    const units = Array.from({ length: 300 }, (_, n) => unit(to(`${category}-${n}`, NO_STREAM, [anEvent({ n })])));
    expect(new Set(outcomesOf(await store().append(units)))).toEqual(new Set(['appended']));
    const read = await store().readStreams(units.map(({ streams }) => ({ stream: streams[0]!.stream })));
    expect(read.map((stream) => stream.map(({ data }) => data))).toEqual(units.map((_, n) => [{ n }]));
  });

  it('answers an empty batch with nothing', async () => {
    expect(await store().append([])).toEqual([]);
  });

  it('answers with a position at which the event stands in the log', async () => {
    const category = freshCategory();
    const position = await given(store(), to(`${category}-1`, NO_STREAM, events(1)), to(`${category}-2`, NO_STREAM, events(2)));
    const [read] = await store().readStreams([{ stream: `${category}-2` }]);
    expect(read!.at(-1)!.position).toBe(position);
  });

  it.each([
    ['no streams', () => unit()],
    ['a stream without events', () => unit(to('refused-1', NO_STREAM, []))],
    ['the same stream twice', () => unit(to('refused-1', NO_STREAM, events(1)), to('refused-1', 0, events(1)))],
    ['an id that is no UUID', () => unit(to('refused-1', NO_STREAM, [{ ...anEvent(), id: '17' }]))],
    ['data that is not JSON', () => unit(to('refused-1', NO_STREAM, [anEvent({ cents: 5n })]))],
    ['no data at all', () => unit(to('refused-1', NO_STREAM, [{ ...anEvent(), data: undefined }]))],
  ])('refuses a unit with %s before anything of the batch is sent', async (_, faulty) => {
    const stream = `${freshCategory()}-1`;
    await expect(store().append([unit(to(stream, NO_STREAM, events(1))), faulty()])).rejects.toThrow(TypeError);
    expect(await revisionsOf(stream)).toEqual([]);
  });
}
