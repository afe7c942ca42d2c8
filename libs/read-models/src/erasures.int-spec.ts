import type { DataSource } from 'typeorm';
import { openPostgresEventStore, type EventStore, type RecordedEvent } from '#libs/event-store';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/database';
import { ErasedRowsError, openReadModels, ReadModelProjector, ReadModelQueries, takeInErasures } from './index';
import { seeded } from './testing/log-builder';
import { randomLog } from './testing/random-log';
import { storeLog } from './testing/stored-log';
import { dumpTables, emptyTables, projectLog } from './testing/tables';

jest.setTimeout(120_000);

const ERASED = 2;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('an erased person in the read models', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let store: EventStore;
  beforeAll(async () => {
    database = await createTestDatabase();
    store = await openPostgresEventStore({ connectionString: database.url, maxConnections: 2 });
    dataSource = await openReadModels({ url: database.url });
  });
  afterAll(async () => {
    await dataSource.destroy();
    await store.close();
    await database.drop();
  });
  beforeEach(() => emptyTables(dataSource));

  const isErasure = ({ type }: RecordedEvent): boolean => type === 'PersonErased.v1';
  const erasedIn = (log: readonly RecordedEvent[]): string[] =>
    log.filter(isErasure).map(({ metadata }) => String(metadata.personId));
  const project = (log: readonly RecordedEvent[], size: () => number): Promise<void> =>
    projectLog(new ReadModelProjector(dataSource), log, size);
  const rowsOf = (dump: Record<string, string[]>, person: string): string[] =>
    Object.entries(dump).flatMap(([table, rows]) => rows.filter((row) => row.includes(person)).map(() => table));

  it.each([1, 2, 3])(
    'is one empty row that says so; what they add to the payer split stays to the cent (history %i)',
    async (seed) => {
      const log = randomLog(seed, 5, 80, ERASED);
      const persons = erasedIn(log);
      expect(persons).toHaveLength(ERASED);
      await project(
        log.filter((event) => !isErasure(event)),
        () => log.length,
      );
      const before = await dumpTables(dataSource);
      expect(rowsOf(before, persons[0] as string)).toEqual(
        expect.arrayContaining(['trajectory', 'session', 'booking', 'dossier']),
      );
      await emptyTables(dataSource);
      await project(log, () => log.length);
      const after = await dumpTables(dataSource);
      expect(after['payer_split_month']).toEqual(before['payer_split_month']);
      for (const person of persons) {
        expect(rowsOf(after, person)).toEqual(['dossier']);
        const view = await new ReadModelQueries(dataSource).dossier(person);
        expect(view).toMatchObject({ trajectories: [], workItems: [] });
        expect(view?.dossier).toMatchObject({
          ...{ erasedAt: '2026-11-25T09:30:00.000Z', insurancePeriods: [], packages: [], reportedSwitches: [], diedOn: null },
          decidedRevision: null,
        });
      }
      const others = (dump: Record<string, string[]>): string[] =>
        (dump['session'] ?? []).filter((row) => !persons.some((person) => row.includes(person)));
      expect(others(after)).toEqual(others(before));
    },
  );

  it.each([4, 5])('comes out the same for any batch size (history %i)', async (seed) => {
    const log = randomLog(seed, 5, 80, ERASED);
    await project(log, () => log.length);
    const whole = await dumpTables(dataSource);
    const random = seeded(seed);
    for (const size of [() => 1, () => Math.ceil(random() * 30)]) {
      await emptyTables(dataSource);
      await project(log, size);
      expect(await dumpTables(dataSource)).toEqual(whole);
    }
  });

  it.each<[string, unknown]>([
    ['cannot be folded', null],
    ['the database refuses', 'a\u0000b'],
  ])('is erased also when parked at an event that %s, and waits for nothing any more, for any batch size', async (_, spoilt) => {
    const made = randomLog(6, 4, 80, ERASED);
    const [person] = erasedIn(made);
    const victim = made.find(({ type, metadata }) => type === 'SessionDeclared.v1' && metadata.personId === person);
    const log = made.map((event) =>
      event === victim ? { ...event, data: spoilt === null ? null : { ...(event.data as object), invoice: spoilt } } : event,
    );
    await project(log, () => log.length);
    const whole = await dumpTables(dataSource);
    expect(whole['parked_partition']).toEqual([]);
    expect(rowsOf(whole, String(person))).toEqual(['dossier']);
    await emptyTables(dataSource);
    await project(log, () => 1);
    expect(await dumpTables(dataSource)).toEqual(whole);
  });

  it('takes nothing in that comes after the erasure: a writer without transactions may have been under way', async () => {
    const log = randomLog(7, 3, 60, 1);
    const [person] = erasedIn(log);
    const last = log.findLast(({ stream, metadata }) => metadata.personId === person && stream.startsWith('trajectory-'));
    const late = {
      ...(last as RecordedEvent),
      revision: (last as RecordedEvent).revision + 1,
      position: '9999999-9999999' as never,
    };
    await project(log, () => log.length);
    const before = await dumpTables(dataSource);
    await new ReadModelProjector(dataSource).project([late], late.position, (log.at(-1) as RecordedEvent).position);
    expect(await dumpTables(dataSource)).toEqual(before);
  });

  describe('before anybody is answered', () => {
    it('the erasures in the log are taken in, by this process or the projector that runs; where there are none, nothing is done', async () => {
      const log = randomLog(8, 4, 60, ERASED);
      const persons = erasedIn(log);
      const queries = new ReadModelQueries(dataSource);
      await takeInErasures({ store, dataSource, logger: quiet }, persons);
      expect((await queries.checkpoint()).position).toBeNull();
      await storeLog(
        store,
        log.filter((event) => !isErasure(event)),
      );
      const { events } = await store.readLog(null, 10_000);
      await project(events, () => 500);
      expect(await queries.notErasedAmong(persons)).toBe(ERASED);
      // not one of them is erased in this log: that is never answered from
      await expect(takeInErasures({ store, dataSource, logger: quiet }, persons)).rejects.toThrow(ErasedRowsError);
      await storeLog(store, log.filter(isErasure));
      await Promise.all([1, 2].map(() => takeInErasures({ store, dataSource, logger: quiet }, persons)));
      expect(await queries.notErasedAmong(persons)).toBe(0);
    });
  });
});
