/**
 * Which way of locking a stream keeps (transaction id, position) in the order of its revisions. The ways that invert a stream are kept
 * as experiments on the real table, each with a transaction that has its id before it has its lock.
 */
import type { Client } from 'pg';
import {
  appendRaw,
  insertRaw,
  laboratory,
  pidOf,
  transactionIdOf,
  untilSettled,
  untilWaiting,
  type Laboratory,
} from './testing/sessions';

describe('the order of a stream in the log', () => {
  let lab: Laboratory;
  let a: Client;
  let b: Client;
  let blocker: Client;
  let observer: Client;
  let pidOfA: number;

  beforeAll(async () => {
    lab = await laboratory();
    [a, b, blocker, observer] = await Promise.all([lab.session(), lab.session(), lab.session(), lab.session()]);
    pidOfA = await pidOf(a);
    await observer.query('create table heads (stream text primary key, version bigint not null)');
    await observer.query('create table seen_commands (command text primary key)');
  });
  afterAll(() => lab.dispose());

  const beginHeads = (...streams: string[]) => observer.query('insert into heads select unnest($1::text[]), -1', [streams]);

  /** The stream's revisions in log order, once nothing older is open. */
  async function logOrder(stream: string): Promise<number[]> {
    await untilSettled(observer);
    const { rows } = await observer.query<{ revision: string }>(
      'select revision from eventstore.events where stream = $1 order by xid, pos',
      [stream],
    );
    return rows.map(({ revision }) => Number(revision));
  }

  it('experiment: a row of heads, updated as the lock: inverts, as an update has its id before it waits for the row', async () => {
    await beginHeads('upd-1', 'upd-2');
    const bump = async (on: Client, ...streams: string[]) => {
      const { rows } = await on.query<{ stream: string; version: string }>(
        `update heads set version = version + 1 from (select unnest($1::text[]) as name) n where stream = n.name returning stream, version`,
        [streams],
      );
      for (const { stream, version } of rows) await insertRaw(on, { stream, revision: Number(version) });
    };
    await blocker.query('begin');
    await bump(blocker, 'upd-1');
    await a.query('begin');
    const appending = bump(a, 'upd-1', 'upd-2'); // has its id, waits for upd-1
    await untilWaiting(observer, pidOfA);
    await b.query('begin');
    await bump(b, 'upd-2');
    await b.query('commit');
    await blocker.query('commit');
    await appending;
    await a.query('commit');
    expect(await logOrder('upd-2')).toEqual([1, 0]);
  });

  it('experiment: select for update of the heads first: inverts, as locking the first row assigns the id', async () => {
    await beginHeads('sfu-1', 'sfu-2', 'sfu-3');
    const lockOne = (on: Client, stream: string) => on.query('select version from heads where stream = $1 for update', [stream]);
    const write = async (on: Client, stream: string) => {
      const { rows } = await on.query<{ version: string }>(
        'update heads set version = version + 1 where stream = $1 returning version',
        [stream],
      );
      await insertRaw(on, { stream, revision: Number(rows[0]!.version) });
    };
    await blocker.query('begin');
    await lockOne(blocker, 'sfu-2');
    await a.query('begin');
    await lockOne(a, 'sfu-1');
    const locking = lockOne(a, 'sfu-2');
    await untilWaiting(observer, pidOfA);
    await b.query('begin');
    await lockOne(b, 'sfu-3');
    await write(b, 'sfu-3');
    await b.query('commit');
    await blocker.query('rollback');
    await locking;
    await lockOne(a, 'sfu-3');
    await write(a, 'sfu-3');
    await a.query('commit');
    expect(await logOrder('sfu-3')).toEqual([1, 0]);
  });

  it('experiment: a de-duplication row written before the advisory lock: inverts, as that row assigns the id', async () => {
    const command = (on: Client, id: string) => on.query('insert into seen_commands values ($1)', [id]);
    const anyVersion = async (on: Client, stream: string) => {
      await on.query('select pg_advisory_xact_lock(eventstore.lock_key($1))', [stream]);
      const { rows } = await on.query<{ next: string }>(
        'select coalesce(max(revision), -1) + 1 as next from eventstore.events where stream = $1',
        [stream],
      );
      await insertRaw(on, { stream, revision: Number(rows[0]!.next) });
    };
    await a.query('begin');
    await command(a, 'a');
    await b.query('begin');
    await command(b, 'b');
    await anyVersion(b, 'dedup-1');
    await b.query('commit');
    await anyVersion(a, 'dedup-1');
    await a.query('commit');
    expect(await logOrder('dedup-1')).toEqual([1, 0]);
  });

  it('append: has no transaction id while it waits for its locks, so whoever writes a stream first also comes first', async () => {
    // three streams whose lock keys ascend: the append of a hangs in the first, b passes it by on the last
    const { rows } = await observer.query<{ name: string }>(
      `select name from unnest(array['own-1','own-2','own-3']) name order by eventstore.lock_key(name)`,
    );
    const [first, second, third] = rows.map(({ name }) => name) as [string, string, string];
    await blocker.query('begin');
    await appendRaw(blocker, { stream: first, expected: -1 });
    const appending = appendRaw(
      a,
      { stream: first, expected: 0 },
      { stream: second, expected: -1 },
      { stream: third, expected: 0 },
    );
    await untilWaiting(observer, pidOfA);
    const activity = await observer.query<{ backend_xid: string | null }>(
      'select backend_xid::text from pg_stat_activity where pid = $1',
      [pidOfA],
    );
    expect(activity.rows).toEqual([{ backend_xid: null }]);
    expect(await appendRaw(b, { stream: third, expected: -1 })).toEqual(['appended']);
    await blocker.query('commit');
    expect(await appending).toEqual(['appended']);
    expect(await logOrder(first)).toEqual([0, 1]);
    expect(await logOrder(third)).toEqual([0, 1]);
  });

  it('append: refuses a transaction that has an id already, by a write or by an append before', async () => {
    await a.query('begin');
    await transactionIdOf(a);
    await expect(appendRaw(a, { stream: 'refused-1', expected: -1 })).rejects.toMatchObject({ code: 'ES001' });
    await a.query('rollback');
    await a.query('begin');
    await appendRaw(a, { stream: 'refused-1', expected: -1 });
    await expect(appendRaw(a, { stream: 'refused-2', expected: -1 })).rejects.toMatchObject({ code: 'ES001' });
    await a.query('rollback');
  });

  it('append: refuses an isolation level under which it would read heads older than its locks', async () => {
    await a.query('begin isolation level repeatable read');
    await expect(appendRaw(a, { stream: 'refused-1', expected: -1 })).rejects.toMatchObject({ code: 'ES001' });
    await a.query('rollback');
  });
});
