import { StreamContinuity, type ContinuitySources } from './continuity';
import { StreamContinuityError } from './errors';
import type { LogPosition, RecordedEvent } from './port';

const at = (position: number) => `${position}-1` as LogPosition;
const event = (stream: string, revision: number, position = 1): RecordedEvent => ({
  id: `${stream}@${revision}`,
  stream,
  revision,
  type: 'Tested.v1',
  data: {},
  metadata: { commandId: 'c', actor: 'spec' },
  position: at(position),
  recordedAt: '2024-01-01T00:00:00Z',
});

describe('the continuity of streams', () => {
  let asked: string[][];
  let missing: string[];
  let sources: ContinuitySources;
  beforeEach(() => {
    asked = [];
    missing = [];
    sources = {
      missingPredecessors: (streams) => {
        asked.push(streams.map(({ stream, revision }) => `${stream}@${revision}`));
        return Promise.resolve(missing);
      },
    };
  });

  it('takes streams that begin and go on, within a batch and over batches, without asking', async () => {
    const continuity = new StreamContinuity(sources);
    await continuity.check([event('a', 0), event('b', 0), event('a', 1)], null);
    await continuity.check([event('b', 1), event('a', 2)], at(1));
    expect(asked).toEqual([]);
  });

  it.each([
    ['a gap', [event('a', 0), event('a', 2)], 1, 2],
    ['an inversion', [event('a', 0), event('a', 2), event('a', 1)], 1, 2],
    ['a repeat', [event('a', 0), event('a', 1), event('a', 1)], 2, 1],
    ['a beginning that comes again', [event('a', 0), event('a', 0)], 1, 0],
  ])('stops at %s', async (_, batch, expectedRevision, actualRevision) => {
    await expect(new StreamContinuity(sources).check(batch, null)).rejects.toMatchObject({
      name: 'StreamContinuityError',
      stream: 'a',
      expectedRevision,
      actualRevision,
    });
  });

  it('asks the store for a stream that goes on unseen, once, and takes it when the event before was deliverable', async () => {
    const continuity = new StreamContinuity(sources);
    await continuity.check([event('a', 4), event('a', 5), event('b', 0)], at(9));
    await continuity.check([event('a', 6)], at(10));
    expect(asked).toEqual([['a@4']]);
  });

  it('stops when the event before was not deliverable', async () => {
    missing = ['a'];
    const error = await new StreamContinuity(sources).check([event('a', 4)], at(9)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StreamContinuityError);
    expect(error).toMatchObject({ expectedRevision: null, actualRevision: 4 });
  });

  it('believes its reader over the store, and asks the store for what the reader does not know', async () => {
    const continuity = new StreamContinuity({ ...sources, knownRevisions: () => Promise.resolve(new Map([['a', 3]])) });
    await continuity.check([event('a', 4), event('b', 2)], at(9));
    expect(asked).toEqual([['b@2']]);
    const behind = new StreamContinuity({ ...sources, knownRevisions: () => Promise.resolve(new Map([['a', 1]])) });
    await expect(behind.check([event('a', 4)], at(9))).rejects.toMatchObject({ expectedRevision: 2, actualRevision: 4 });
  });

  it('forgets the streams used longest ago beyond its capacity, and asks for them again', async () => {
    const continuity = new StreamContinuity(sources, 2);
    await continuity.check([event('a', 0), event('b', 0), event('c', 0), event('a', 1)], null);
    await continuity.check([event('c', 1), event('a', 2)], at(1));
    expect(asked).toEqual([]);
    await continuity.check([event('b', 1)], at(2));
    expect(asked).toEqual([['b@1']]);
  });
});
