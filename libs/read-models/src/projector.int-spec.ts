import type { DataSource } from 'typeorm';
import type { EventStore, LogPosition, RecordedEvent, StreamRead } from '#libs/event-store';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/database';
import { CheckpointMovedError, openReadModels, ReadModelProjector, ReadModelQueries, StreamGapError } from './index';
import { idOf, LogBuilder, seeded } from './testing/log-builder';
import { randomLog } from './testing/random-log';
import { dumpTables, emptyTables, projectLog } from './testing/tables';

let database: TestDatabase;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await openReadModels({ url: database.url });
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});
beforeEach(() => emptyTables(dataSource));

const freshProjector = (): ReadModelProjector => new ReadModelProjector(dataSource);
const lastOf = (events: readonly RecordedEvent[]): LogPosition => (events.at(-1) as RecordedEvent).position;

jest.setTimeout(120_000);

/** A data source whose connection breaks at its n-th statement from now on. */
function breakingAfter(statements: number): DataSource {
  let left = statements;
  return new Proxy(dataSource, {
    get(target, property) {
      if (property !== 'createQueryRunner') return Reflect.get(target, property, target) as unknown;
      return () => {
        const runner = target.createQueryRunner();
        const connect = runner.connect.bind(runner);
        runner.connect = async () => {
          const client = (await connect()) as { query: (...given: unknown[]) => unknown };
          return new Proxy(client, {
            get(inner, name) {
              const value = Reflect.get(inner, name, inner) as unknown;
              if (name !== 'query') return value;
              return (...given: unknown[]) => {
                if (given[0] !== 'rollback' && (left -= 1) < 0) throw new Error('connection lost');
                return inner.query(...given);
              };
            },
          });
        };
        return runner;
      };
    },
  });
}

/** Only what replaying a person asks of a store. */
const storeOf = (log: readonly RecordedEvent[]): EventStore =>
  ({
    readStreams: (reads: readonly StreamRead[]) =>
      Promise.resolve(reads.map(({ stream }) => log.filter((event) => event.stream === stream))),
  }) as unknown as EventStore;

/** Totals of trajectories, counts of work items and cells of the split that differ from what the session rows say. */
const DIFFERENCES = `
  select 'trajectory' as what, t.trajectory_id::text as which from read.trajectory t
  left join lateral (
    select count(*) as lines, count(*) filter (where status = 'held') as held, min(date) as first, max(date) as last,
      coalesce(sum(positions) filter (where status = 'decided'), 0) as counted,
      max(last_position) filter (where status = 'decided') as highest,
      (array_agg(condition order by date desc, line collate "C" desc) filter (where condition is not null))[1] as condition
    from read.session s where s.trajectory_id = t.trajectory_id and not withdrawn) s on true
  where (t.lines, t.held_lines, t.sessions_counted) <> (s.lines, s.held, s.counted)
     or (t.first_session, t.last_session, t.last_position, t.condition) is distinct from (s.first, s.last, s.highest, s.condition)
  union all
  select 'held', coalesce(i.subject, s.trajectory_id)::text
  from (select * from read.work_item where kind = 'held') i
  full join (select trajectory_id, count(*) as lines from read.session
    where status = 'held' or ('overridden' = any(flags) and reason->'values'->>'derivedStatus' = 'held') group by 1) s
    on s.trajectory_id = i.subject
  where i.lines is distinct from s.lines
  union all
  select 'split', m.month || m.purse from (
    select to_char(date, 'YYYY-MM') as month, insurer, purse, sum(cents) as cents
    from read.session cross join lateral (values ('basic', basic_cents), ('supplementary', supplementary_cents),
      ('insured', insured_cents), ('refused', refused_cents), ('undecided', undecided_cents)) as part(purse, cents)
    where not withdrawn group by 1, 2, 3 having sum(cents) <> 0) m
  full join read.payer_split_month p using (month, insurer, purse)
  where m.cents is distinct from p.cents`;

describe('the projection', () => {
  it.each([1, 2, 3, 4])('gives the same tables for any batch size and any crash point (history %i)', async (seed) => {
    const log = randomLog(seed, 6, 80);
    await projectLog(freshProjector(), log, () => log.length);
    const whole = await dumpTables(dataSource);
    expect(whole.session?.length).toBeGreaterThan(20);
    expect(whole.work_item?.length).toBeGreaterThan(1);

    await emptyTables(dataSource);
    await projectLog(freshProjector(), log, () => 1);
    expect(await dumpTables(dataSource)).toEqual(whole);

    const random = seeded(seed + 1000);
    await emptyTables(dataSource);
    let crashes = 0;
    for (let runs = 0; runs < 12; runs += 1) {
      const breaking = new ReadModelProjector(breakingAfter(Math.floor(random() * 60)));
      await projectLog(breaking, log, () => Math.ceil(random() * 30)).catch(() => (crashes += 1));
    }
    expect(crashes).toBeGreaterThan(5);
    await projectLog(freshProjector(), log, () => Math.ceil(random() * 60));
    expect(await dumpTables(dataSource)).toEqual(whole);
  });

  it('[override-14] keeps totals, work items and the payer split equal to what the sessions add up to', async () => {
    const random = seeded(99);
    await projectLog(freshProjector(), randomLog(42, 10, 200), () => Math.ceil(random() * 25));
    const differences: unknown[] = await dataSource.query(DIFFERENCES);
    expect(differences).toEqual([]);
    const byHand: unknown[] = await dataSource.query(
      `select 1 from read.session where 'overridden' = any(flags) and reason->'values'->>'derivedStatus' = 'held'`,
    );
    expect(byHand.length).toBeGreaterThan(0);
    const split: { cents: string; declared: string }[] = await dataSource.query(
      `select (select sum(cents) from read.payer_split_month) as cents,
              (select sum(declared_cents) from read.session where not withdrawn) as declared`,
    );
    expect(split[0]?.cents).toBe(split[0]?.declared);
  });
});

describe('the projector', () => {
  it('skips an event that was applied before', async () => {
    const log = randomLog(7, 3, 20);
    await projectLog(freshProjector(), log, () => log.length);
    const before = await dumpTables(dataSource);
    await freshProjector().project(log.slice(3), lastOf(log), lastOf(log));
    expect(await dumpTables(dataSource)).toEqual(before);
  });

  it('stops loudly at a gap in a stream and writes nothing of that batch', async () => {
    const log = randomLog(8, 3, 20);
    const gap = log.findIndex(({ stream, revision }) => stream.startsWith('dossier-') && revision === 4);
    const holed = log.filter((_, i) => i !== gap);
    await expect(projectLog(freshProjector(), holed, () => log.length)).rejects.toThrow(StreamGapError);
    expect((await dumpTables(dataSource)).session).toEqual([]);
    expect(await freshProjector().checkpoint()).toBeNull();
  });

  it('refuses to go on from another position than the tables are at', async () => {
    const log = randomLog(9, 2, 6);
    await projectLog(freshProjector(), log, () => log.length);
    await expect(freshProjector().project(log, lastOf(log), null)).rejects.toThrow(CheckpointMovedError);
  });
});

describe('a line that two writers stored in two trajectories', () => {
  it('counts once, as the first in the log, also when the second comes in a later batch', async () => {
    const log = new LogBuilder();
    const person = idOf('twice');
    const trajectories = [idOf('first'), idOf('second')];
    for (const trajectoryId of trajectories)
      log.append(
        `trajectory-${trajectoryId}`,
        'TrajectoryStarted.v1',
        { trajectoryId, personId: person, regime: 'annex', diagnosis: '3176' },
        person,
      );
    const [declared] = randomLog(3, 1, 30).filter(({ type }) => type === 'SessionDeclared.v1');
    for (const trajectoryId of trajectories)
      log.append(`trajectory-${trajectoryId}`, 'SessionDeclared.v1', declared?.data, person);
    await projectLog(freshProjector(), log.events, () => log.events.length);
    const whole = await dumpTables(dataSource);
    expect(whole.session).toHaveLength(1);
    expect(whole.parked_partition).toEqual([]);
    await emptyTables(dataSource);
    await projectLog(freshProjector(), log.events, () => 1);
    expect(await dumpTables(dataSource)).toEqual(whole);
    expect((await new ReadModelQueries(dataSource).sessions(person))[0]?.storedIn).toBe(trajectories[0]);
  });
});

describe('a poisoned event', () => {
  /** A log in which one event's data is spoilt, its mended twin, and the person it belongs to. */
  function spoilt(spoil: (event: RecordedEvent) => unknown): { log: RecordedEvent[]; mended: RecordedEvent[]; person: string } {
    const mended = randomLog(11, 4, 60);
    const declared = mended.filter(({ type }) => type === 'SessionDeclared.v1');
    const victim = declared[Math.floor(declared.length / 2)] as RecordedEvent;
    const log = mended.map((event) => (event === victim ? { ...event, data: spoil(event) } : event));
    return { log, mended, person: victim.metadata.personId as string };
  }

  const kinds: [string, (event: RecordedEvent) => unknown][] = [
    ['without data', () => null],
    ['whose amount is no number', ({ data }) => ({ ...(data as object), declaredCents: 'a lot' })],
    ['whose date does not exist', ({ data }) => ({ ...(data as object), date: '2024-02-30' })],
    ['with a character that PostgreSQL cannot hold', ({ data }) => ({ ...(data as object), invoice: 'a\u0000b' })],
    ['whose file is not an id', ({ data }) => ({ ...(data as object), source: { file: 'Jansen', record: 1 } })],
  ];

  it.each(kinds)('%s parks its person and nobody else, for any batch size', async (_, spoil) => {
    const { log, mended, person } = spoilt(spoil);
    await projectLog(freshProjector(), log, () => log.length);
    const parked = await new ReadModelQueries(dataSource).parked();
    expect(parked.map(({ partition }) => partition)).toEqual([person]);
    expect(parked[0]?.error).not.toContain('Jansen');
    const whole = await dumpTables(dataSource);
    await emptyTables(dataSource);
    await projectLog(freshProjector(), log, () => 7);
    expect(await dumpTables(dataSource)).toEqual(whole);
    const others = mended.filter(({ metadata }) => metadata.personId !== person);
    await emptyTables(dataSource);
    await projectLog(freshProjector(), others, () => others.length);
    const without = await dumpTables(dataSource);
    expect(whole.booking?.filter((row) => !row.includes(person))).toEqual(without.booking);
  });

  it('is retried from the streams of its person, and then everything is as if nothing had happened', async () => {
    const { log, mended, person } = spoilt(() => null);
    await projectLog(freshProjector(), log, () => 10);
    const queries = new ReadModelQueries(dataSource);
    expect(await queries.parkedCount()).toBe(1);
    expect((await freshProjector().retryParked(storeOf(log), person)).outcome).toBe('still-parked');
    expect((await freshProjector().retryParked(storeOf(mended), person)).outcome).toBe('released');
    expect((await freshProjector().retryParked(storeOf(mended), person)).outcome).toBe('not-parked');
    const released = await dumpTables(dataSource);
    await emptyTables(dataSource);
    await projectLog(freshProjector(), mended, () => 10);
    expect(await dumpTables(dataSource)).toEqual(released);
  });

  it('of a type that this version does not know parks its person', async () => {
    const { log, person } = spoilt(({ data }) => data);
    const strange = log.map((event) =>
      event.metadata.personId === person && event.type === 'SessionDeclared.v1'
        ? { ...event, type: 'SessionDeclared.v9' }
        : event,
    );
    await projectLog(freshProjector(), strange, () => 50);
    const [parked] = await new ReadModelQueries(dataSource).parked();
    expect(parked).toMatchObject({ partition: person, eventType: 'SessionDeclared.v9' });
  });

  it('in a claim file parks that file', async () => {
    const log = randomLog(12, 2, 10).map((event) =>
      event.type.startsWith('LinesProcessed.') ? { ...event, data: { chunk: 0, lines: 'none' } } : event,
    );
    await projectLog(freshProjector(), log, () => log.length);
    const queries = new ReadModelQueries(dataSource);
    expect((await queries.parked())[0]?.partition).toMatch(/^claim-file-/);
    expect((await queries.claimFiles()).items[0]).toMatchObject({ status: 'received', linesProcessed: 0 });
  });
});
