import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { comparePositions, NO_STREAM } from '../port';
import { anEvent, events, given, outcomesOf, to, unit } from '../testing/fixtures';
import { appendRaw, insertRaw, laboratory, untilWaiting, pidOf, type Laboratory } from './testing/sessions';

describe('append on PostgreSQL', () => {
  let lab: Laboratory;
  let session: Client;
  beforeAll(async () => {
    lab = await laboratory();
    session = await lab.session();
  });
  afterAll(() => lab.dispose());

  const fresh = () => `t${randomUUID().replaceAll('-', '')}`;
  const countOf = async (pattern: string) =>
    Number(
      (await session.query<{ n: string }>('select count(*) as n from eventstore.events where stream like $1', [pattern])).rows[0]!
        .n,
    );
  const transactionsUnder = async (pattern: string) => {
    const { rows } = await session.query<{ xid: string; streams: string }>(
      'select xid::text, count(distinct stream) as streams from eventstore.events where stream like $1 group by xid order by xid',
      [pattern],
    );
    return rows.map(({ streams }) => Number(streams));
  };

  describe('idempotence', () => {
    it('answers already-appended with the position that the first append answered', async () => {
      const stream = `${fresh()}-1`;
      const repeated = unit(to(stream, NO_STREAM, events(3)));
      const [first] = await lab.store.append([repeated]);
      const [second] = await lab.store.append([repeated]);
      expect(second).toEqual({ ...first, outcome: 'already-appended' });
    });

    it('answers already-appended when a command that was written is decided anew at the revision it made', async () => {
      const stream = `${fresh()}-1`;
      const command = events(2);
      await given(lab.store, to(stream, NO_STREAM, command));
      expect(
        outcomesOf(await lab.store.append([unit(to(stream, 1, command)), unit(to(`${stream}-b`, NO_STREAM, events(1)))])),
      ).toEqual(['already-appended', 'appended']);
      expect(await countOf(stream)).toBe(2);
    });

    it('answers conflict when only some of the events are there: what was written is to be read first', async () => {
      const [one, two] = [`${fresh()}-1`, `${fresh()}-2`];
      const done = anEvent();
      await given(lab.store, to(two, NO_STREAM, [done]));
      expect(await lab.store.append([unit(to(one, NO_STREAM, events(1)), to(two, 0, [done, anEvent()]))])).toEqual([
        { outcome: 'conflict', stream: two, expectedRevision: 0, actualRevision: 0 },
      ]);
      expect(await countOf(one)).toBe(0);
    });

    it('rejects an id that another stream holds, writes nothing of that call, and all of a call that travelled with it', async () => {
      const [one, two, three, other] = [fresh(), fresh(), fresh(), fresh()].map((name) => `${name}-1`) as [
        string,
        string,
        string,
        string,
      ];
      const taken = anEvent();
      await given(lab.store, to(one, NO_STREAM, [taken]));
      const single = await lab.open({ appendLanes: 1 });
      const occupying = single.append([unit(to(three, NO_STREAM, events(1)))]); // so that the next two are joined
      const faulty = single.append([unit(to(two, NO_STREAM, [taken]))]);
      const sound = single.append([unit(to(other, NO_STREAM, events(1)))]);
      await expect(faulty).rejects.toMatchObject({ name: 'EventStoreInvariantError' });
      expect(outcomesOf([...(await occupying), ...(await sound)])).toEqual(['appended', 'appended']);
      expect(await countOf(two)).toBe(0);
    });

    it('rejects a unit that uses an id twice', async () => {
      const stream = `${fresh()}-1`;
      const twice = anEvent();
      await expect(lab.store.append([unit(to(stream, NO_STREAM, [twice, twice]))])).rejects.toThrow(/id is used twice/);
      expect(await countOf(stream)).toBe(0);
    });
  });

  describe('transactions', () => {
    it('splits a batch over 256 streams between units', async () => {
      const name = fresh();
      const units = Array.from({ length: 300 }, (_, n) =>
        unit(to(`${name}-${n}a`, NO_STREAM, events(1)), to(`${name}-${n}b`, NO_STREAM, events(1))),
      );
      expect(new Set(outcomesOf(await lab.store.append(units)))).toEqual(new Set(['appended']));
      expect(await transactionsUnder(`${name}-%`)).toEqual([256, 256, 88]);
    });

    it('refuses a unit of more streams than that before anything is sent', async () => {
      const name = fresh();
      const many = unit(...Array.from({ length: 257 }, (_, n) => to(`${name}-${n}`, NO_STREAM, events(1))));
      await expect(lab.store.append([unit(to(`${name}-x`, NO_STREAM, events(1))), many])).rejects.toThrow(
        /257 streams.*at most 256/,
      );
      expect(await countOf(`${name}-%`)).toBe(0);
    });

    it('refuses more locks than that in the database too', async () => {
      const streams = Array.from({ length: 257 }, (_, n) => ({ stream: `${fresh()}-${n}`, expected: -1 }));
      await expect(appendRaw(session, ...streams)).rejects.toMatchObject({ code: 'ES002' });
    });

    it('joins calls that find every lane under way, and answers each its own', async () => {
      const name = fresh();
      const calls = Array.from({ length: 100 }, (_, n) =>
        lab.store.append([unit(to(`${name}-${n}`, NO_STREAM, [anEvent({ n })])), unit(to(`${name}-x`, 99, events(1)))]),
      );
      for (const answers of await Promise.all(calls)) expect(outcomesOf(answers)).toEqual(['appended', 'conflict']);
      expect(await countOf(`${name}-%`)).toBe(100);
      expect((await transactionsUnder(`${name}-%`)).length).toBeLessThan(10);
    });

    it('numbers positions of a unit in the order of its streams and events', async () => {
      const name = fresh();
      await given(lab.store, to(`${name}-z`, NO_STREAM, events(2)), to(`${name}-a`, NO_STREAM, events(2)));
      const [z, a] = await lab.store.readStreams([{ stream: `${name}-z` }, { stream: `${name}-a` }]);
      const positions = [...z!, ...a!].map(({ position }) => position);
      expect([...positions].sort(comparePositions)).toEqual(positions);
    });

    it('gives an event a time no earlier than the event before it in its stream, though its append began earlier', async () => {
      const stream = `${fresh()}-1`;
      const [first, second] = [await lab.session(), await lab.session()];
      const pid = await pidOf(second);
      await first.query('begin');
      await first.query('select pg_advisory_xact_lock(eventstore.lock_key($1))', [stream]);
      const later = appendRaw(second, { stream, expected: -1 });
      await untilWaiting(session, pid);
      const { rows } = await session.query<{ now: Date }>('select clock_timestamp() as now');
      await first.query('commit');
      await later;
      const [[event] = []] = await lab.store.readStreams([{ stream }]);
      expect(Date.parse(event!.recordedAt)).toBeGreaterThanOrEqual(rows[0]!.now.getTime());
    });
  });

  describe('what the database holds', () => {
    it.each([
      ['an update', `update eventstore.events set type = 'Other'`],
      ['an update of nothing', `update eventstore.events set type = 'Other' where false`],
      ['a delete', 'delete from eventstore.events'],
      ['a truncate', 'truncate eventstore.events'],
    ])('refuses %s, also with triggers switched to replica', async (_, statement) => {
      const before = await countOf('%');
      await expect(session.query(statement)).rejects.toMatchObject({ code: 'ES004' });
      await session.query(`set session_replication_role = replica`);
      await expect(session.query(statement)).rejects.toMatchObject({ code: 'ES004' });
      await session.query(`reset session_replication_role`);
      expect(await countOf('%')).toBe(before);
    });

    it('refuses a revision twice', async () => {
      const stream = `${fresh()}-1`;
      await insertRaw(session, { stream, revision: 0 });
      await expect(insertRaw(session, { stream, revision: 0 })).rejects.toMatchObject({
        constraint: 'events_stream_revision_key',
      });
    });

    it('refuses a call whose parameters do not have one entry per event', async () => {
      const stream = `${fresh()}-1`;
      await expect(
        session.query('select * from eventstore.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, false)', [
          [1], stream, [-1], [1], [2], [1, 1], [0, 1], [randomUUID(), randomUUID()], 'A\nB', '{}', '{}\n{}',
        ]), // prettier-ignore
      ).rejects.toMatchObject({ code: 'ES003' });
      expect(await countOf(stream)).toBe(0);
    });
  });
});
