import type { DataSource } from 'typeorm';
import type { LogPosition, RecordedEvent } from '#libs/event-store';
import { createTestDatabase, type TestDatabase } from '../../../../test/postgres/database';
import { CursorError, openReadModels, ReadModelProjector, ReadModelQueries } from '../index';
import { randomLog } from '../testing/random-log';
import { projectLog } from '../testing/tables';

jest.setTimeout(60_000);

let database: TestDatabase;
let dataSource: DataSource;
let queries: ReadModelQueries;
const log = randomLog(31, 6, 120);
const decided = log.filter(({ type }) => type === 'PersonDecided.v1');
const person = (decided.at(-1) as RecordedEvent).metadata.personId as string;

beforeAll(async () => {
  database = await createTestDatabase();
  dataSource = await openReadModels({ url: database.url });
  queries = new ReadModelQueries(dataSource);
  await projectLog(new ReadModelProjector(dataSource), log, () => 100);
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

describe('the queries', () => {
  it('give a dossier with its trajectories, and each trajectory with its sessions in session order', async () => {
    const view = await queries.dossier(person);
    expect(view?.dossier).toMatchObject({
      personId: person,
      policyVersion: '2024.1',
      engine: 'toy-1',
      decidedRevision: expect.any(Number) as number,
    });
    expect(view?.dossier.decidedAt).toMatch(/^2025-01-0\dT.*Z$/);
    expect(view?.trajectories.length).toBeGreaterThan(0);
    for (const { trajectoryId, lines } of view?.trajectories ?? []) {
      const trajectory = await queries.trajectory(trajectoryId);
      const sessions = trajectory?.sessions ?? [];
      expect(sessions.filter(({ withdrawn }) => !withdrawn)).toHaveLength(lines);
      expect(sessions.map(({ date }) => date)).toEqual(sessions.map(({ date }) => date).sort());
      for (const { status, units, reason, ...line } of sessions) {
        if (status === 'decided') {
          expect(units).toHaveLength(line.quantity);
          expect(['threshold', 'overridden']).toContain(reason?.rule);
        }
        const { basicCents, supplementaryCents, insuredCents, refusedCents, undecidedCents, declaredCents, withdrawn } = line;
        const sum = basicCents + supplementaryCents + insuredCents + refusedCents + undecidedCents;
        expect(sum).toBe(withdrawn ? 0 : declaredCents);
      }
    }
    expect(await queries.dossier('00000000-0000-4000-8000-000000000000')).toBeNull();
    expect(await queries.trajectory('00000000-0000-4000-8000-000000000000')).toBeNull();
  });

  it('give the bookings of a person and of a line, which add up to what stands decided', async () => {
    const all = await queries.bookings(person);
    const line = (all[0] as { line: string }).line;
    expect(await queries.bookings(person, line)).toEqual(all.filter((each) => each.line === line));
    expect(all.every(({ cents }) => Number.isSafeInteger(cents))).toBe(true);
    expect(all[0]).toMatchObject({ commandType: 'DeclareClaimLines', policyDigest: 'd'.repeat(64) });
  });

  it('page through the work list, oldest first, each item once', async () => {
    const whole = await queries.workList({ limit: 500 });
    expect(whole.next).toBeNull();
    const paged: unknown[] = [];
    let after: string | null = null;
    do {
      const page: Awaited<ReturnType<ReadModelQueries['workList']>> = await queries.workList({ limit: 2, after });
      paged.push(...page.items);
      after = page.next;
    } while (after !== null);
    expect(paged).toEqual(whole.items);
    const held = await queries.workList({ kind: 'held', limit: 500 });
    expect(held.items).toEqual(whole.items.filter(({ kind }) => kind === 'held'));
    expect([...(await queries.workListCounts()).values()].reduce((a, b) => a + b, 0)).toBe(whole.items.length);
    expect(whole.items.map(({ kind }) => kind)).not.toContain('csi-differs');
    for (const bad of ['', 'x', 'W10', Buffer.from('["a","b","c"]').toString('base64url'), 'x'.repeat(10_000)])
      await expect(queries.workList({ after: bad })).rejects.toThrow(CursorError);
  });

  it('give the payer split by month and insurer, as numbers', async () => {
    const all = await queries.payerSplit('2024-01', '2024-12');
    expect(new Set(all.map(({ insurer }) => insurer))).toEqual(new Set(['3343', '7095']));
    const march = await queries.payerSplit('2024-03', '2024-03', '3343');
    expect(march).toEqual(all.filter(({ month, insurer }) => month === '2024-03' && insurer === '3343'));
    expect(all.every(({ cents, sessions }) => Number.isInteger(cents) && Number.isInteger(sessions) && sessions > 0)).toBe(true);
  });

  it('give claim files and policy activations', async () => {
    const { items } = await queries.claimFiles();
    expect(items[0]).toMatchObject({
      status: 'completed',
      bytes: 5_000_000_000,
      linesDecided: 1,
      linesHeld: 1,
      grantedCents: 3501,
    });
    expect((await queries.claimFile((items[0] as { fileId: string }).fileId))?.practice).toBe('01000001');
    expect((await queries.policyActivations()).map(({ version }) => version)).toEqual(['2024.1', '2024.2']);
  });

  it('wait until a position is in, and say so when it does not come in time', async () => {
    const { position, events } = await queries.checkpoint();
    expect(events).toBe(log.length);
    expect(await queries.waitUntil(position as LogPosition, 0)).toBe(true);
    expect(await queries.waitUntil('999999999-1' as LogPosition, 60)).toBe(false);
  });
});
