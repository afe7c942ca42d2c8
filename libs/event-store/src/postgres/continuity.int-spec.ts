import type { Client } from 'pg';
import { NO_STREAM } from '../port';
import { endOfLog, events, freshCategory, given, subscribed, to } from '../testing/fixtures';
import { insertRaw, laboratory, type Laboratory } from './testing/sessions';

describe('a subscription on PostgreSQL checks each stream', () => {
  let lab: Laboratory;
  let session: Client;
  beforeAll(async () => {
    lab = await laboratory();
    session = await lab.session();
  });
  afterAll(() => lab.dispose());

  it.each([
    ['a gap inside a batch', [0, 1, 3], 2, 3],
    ['an inversion inside a batch', [1, 0], null, 1],
    ['a stream that begins late', [2], null, 2],
  ])('stops at %s and hands none of that batch on', async (_, revisions, expectedRevision, actualRevision) => {
    const start = await endOfLog(lab.store);
    const stream = `${freshCategory()}-1`;
    await session.query('begin'); // one transaction, so that the subscription meets them together
    for (const revision of revisions) await insertRaw(session, { stream, revision });
    await session.query('commit');
    const subscription = subscribed(lab.store, start);
    await expect(subscription.ended).rejects.toMatchObject({
      name: 'StreamContinuityError',
      stream,
      expectedRevision,
      actualRevision,
    });
    expect(subscription.received).toEqual([]);
  });

  it('stops at a gap after a batch that was right', async () => {
    const start = await endOfLog(lab.store);
    const stream = `${freshCategory()}-1`;
    await given(lab.store, to(stream, NO_STREAM, events(2)));
    const subscription = subscribed(lab.store, start);
    await subscription.until((received) => received.length === 2);
    await insertRaw(session, { stream, revision: 5 });
    await expect(subscription.ended).rejects.toMatchObject({
      name: 'StreamContinuityError',
      expectedRevision: 2,
      actualRevision: 5,
    });
  });

  it('goes on from a checkpoint in the middle of streams that it has never seen, and in a memory smaller than the streams', async () => {
    const small = await lab.open({ subscriptions: { rememberedStreams: 2 } });
    const category = freshCategory();
    const names = Array.from({ length: 6 }, (_, n) => `${category}-${n}`);
    for (const name of names) await given(lab.store, to(name, NO_STREAM, events(2)));
    const middle = await endOfLog(lab.store);
    for (const revision of [1, 3, 5]) for (const name of names) await given(lab.store, to(name, revision, events(2)));
    const subscription = subscribed(small, middle, { batchSize: 5 });
    await subscription.until((received) => received.length === 36);
    await subscription.stop();
  });

  it('stops when the event before lies behind the checkpoint it was given', async () => {
    const start = await endOfLog(lab.store);
    const stream = `${freshCategory()}-1`;
    await session.query('begin');
    await insertRaw(session, { stream, revision: 1 });
    await insertRaw(session, { stream, revision: 0 });
    await session.query('commit');
    const subscription = subscribed(lab.store, start, { batchSize: 1 });
    await expect(subscription.ended).rejects.toMatchObject({ name: 'StreamContinuityError', stream, actualRevision: 1 });
  });
});
