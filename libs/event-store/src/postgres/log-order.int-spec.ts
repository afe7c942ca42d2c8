/**
 * Which way of reading the log is complete, tried with transactions held open on the real table. The three ways that lose events are
 * kept as experiments: each is a plausible simplification of read_log.sql.
 */
import type { Client } from 'pg';
import {
  appendRaw,
  insertRaw,
  laboratory,
  transactionIdOf,
  untilHorizon,
  untilSettled,
  type Laboratory,
} from './testing/sessions';

interface Row {
  readonly xid: string;
  readonly pos: string;
  readonly stream: string;
}
interface Reader {
  readonly name: string;
  readonly complete: boolean;
  /** $1, $2: transaction id and position of the checkpoint. */
  readonly sql: string;
}

const READERS: readonly Reader[] = [
  {
    name: 'position beyond the checkpoint',
    complete: false,
    sql: `select xid::text, pos, stream from eventstore.events where pos > $2 and $1::text is not null order by pos`,
  },
  {
    name: 'position up to the highest one of finished transactions',
    complete: false,
    sql: `select xid::text, pos, stream from eventstore.events
          where pos > $2 and $1::text is not null
            and pos <= (select max(pos) from eventstore.events where xid < pg_snapshot_xmin(pg_current_snapshot()))
          order by pos`,
  },
  {
    name: 'finished transactions only, checkpoint by position alone',
    complete: false,
    sql: `select xid::text, pos, stream from eventstore.events
          where pos > $2 and $1::text is not null and xid < pg_snapshot_xmin(pg_current_snapshot()) order by pos`,
  },
  {
    name: 'read_log: finished transactions only, checkpoint by transaction and position',
    complete: true,
    sql: `select xid::text, pos, stream from eventstore.read_log($1::xid8, $2, 1000)`,
  },
];

describe('reading the log while transactions are open', () => {
  let lab: Laboratory;
  let a: Client;
  let b: Client;
  let reading: Client;
  let origin: { xid: string; pos: string };
  let count = 0;

  beforeAll(async () => {
    lab = await laboratory();
    [a, b, reading] = await Promise.all([lab.session(), lab.session(), lab.session()]);
  });
  afterAll(() => lab.dispose());

  beforeEach(async () => {
    count += 1;
    await appendRaw(reading, { stream: `origin-${count}`, expected: -1 });
    const { rows } = await reading.query<Row>(
      'select xid::text, pos, stream from eventstore.events order by xid desc, pos desc limit 1',
    );
    origin = rows[0]!;
    await untilSettled(reading);
  });

  /** Reads on from its own checkpoint at each call. */
  function reader({ sql }: Reader): { read: () => Promise<void>; seen: string[] } {
    let checkpoint = origin;
    const seen: string[] = [];
    const read = async () => {
      const { rows } = await reading.query<Row>(sql, [checkpoint.xid, checkpoint.pos]);
      checkpoint = rows.at(-1) ?? checkpoint;
      seen.push(...rows.map(({ stream }) => stream));
    };
    return { read, seen };
  }

  /** A draws its position first and commits last. */
  async function slowFirstWriter(read: () => Promise<void>): Promise<string[]> {
    const [slow, quick] = [`slow-${count}`, `quick-${count}`];
    await a.query('begin');
    await appendRaw(a, { stream: slow, expected: -1 });
    const openXid = await transactionIdOf(a);
    await appendRaw(b, { stream: quick, expected: -1 });
    await untilHorizon(reading, openXid);
    await read();
    await a.query('commit');
    await untilSettled(reading);
    await read();
    return [quick, slow].sort();
  }

  /** A draws its position first, but gets its transaction id after B, which has committed: ids and positions run crosswise. */
  async function crosswise(read: () => Promise<void>): Promise<string[]> {
    const [late, early] = [`late-${count}`, `early-${count}`];
    const { rows } = await a.query<{ pos: string }>(`select nextval('eventstore.events_pos_seq') as pos`);
    await a.query('begin');
    await appendRaw(b, { stream: early, expected: -1 });
    await insertRaw(a, { stream: late, revision: 0, pos: rows[0]!.pos });
    const openXid = await transactionIdOf(a);
    await untilHorizon(reading, openXid);
    await read();
    await a.query('commit');
    await untilSettled(reading);
    await read();
    return [early, late].sort();
  }

  it.each(READERS.filter(({ complete }) => complete))('$name: delivers everything once', async (variant) => {
    for (const scenario of [slowFirstWriter, crosswise]) {
      const { read, seen } = reader(variant);
      const written = await scenario(read);
      expect(seen.sort()).toEqual(written);
      count += 1;
      const { rows } = await reading.query<Row>(
        'select xid::text, pos, stream from eventstore.events order by xid desc, pos desc limit 1',
      );
      origin = rows[0]!;
    }
  });

  it.each(READERS.slice(0, 1))('experiment: $name: loses the slow first writer', async (variant) => {
    const { read, seen } = reader(variant);
    await slowFirstWriter(read);
    expect(seen).toEqual([`quick-${count}`]);
  });

  it.each(READERS.slice(0, 3))('experiment: $name: loses where ids and positions run crosswise', async (variant) => {
    const { read, seen } = reader(variant);
    await crosswise(read);
    expect(seen).toEqual([`early-${count}`]);
  });

  it('holds events back behind an open transaction, delivers those before it, and all once it ends', async () => {
    const { read, seen } = reader(READERS[3]!);
    await appendRaw(b, { stream: `before-${count}`, expected: -1 });
    await a.query('begin');
    const openXid = await transactionIdOf(a); // of whatever kind: it need not touch the events
    await appendRaw(b, { stream: `behind-${count}`, expected: -1 });
    await untilHorizon(reading, openXid);
    await read();
    expect(seen).toEqual([`before-${count}`]);
    await a.query('rollback');
    await untilSettled(reading);
    await read();
    expect(seen).toEqual([`before-${count}`, `behind-${count}`]);
  });
});
