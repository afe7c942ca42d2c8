import type { DataSource } from 'typeorm';
import type { RecordedEvent } from '#libs/event-store';
import type { PersonDecided, SessionDeclared } from '#libs/trajectory';
import { createTestDatabase, type TestDatabase } from '../../../../test/postgres/database';
import {
  CursorError,
  openReadModels,
  PaymentChangeEntity,
  PaymentChangesLackingError,
  paymentChangesOn,
  ReadModelProjector,
} from '../index';
import { idOf, LogBuilder, seeded } from '../testing/log-builder';
import { randomLog } from '../testing/random-log';
import { emptyTables, projectLog } from '../testing/tables';
import type { LinePayment, PaymentDay } from './payment-changes';

jest.setTimeout(60_000);

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

const project = (log: readonly RecordedEvent[], size: number): Promise<void> =>
  projectLog(new ReadModelProjector(dataSource), log, () => size);

async function wholeDay(day: Omit<PaymentDay, 'limit' | 'after'>, limit: number): Promise<LinePayment[]> {
  const lines: LinePayment[] = [];
  for (let after: string | null = null; ;) {
    const page = await paymentChangesOn(dataSource, { ...day, limit, after });
    lines.push(...page.items);
    if (page.next === null) return lines;
    expect(page.items).toHaveLength(limit);
    after = page.next;
  }
}

const DAYS = ['2025-01-01', '2025-01-02', '2025-01-03', '2025-01-04', '2025-01-05', '2025-01-06', '2025-01-07'];

/**
 * What the answers of all commands tell, command by command, straight off the log: grants that moved of lines that the command neither declared nor credited.
 * By day, cause, line: difference in cents.
 */
function toldBy(log: readonly RecordedEvent[]): Map<string, number> {
  const told = new Map<string, number>();
  const declared = new Map(
    log
      .filter(({ type }) => type === 'SessionDeclared.v1')
      .map(({ data }) => data as SessionDeclared['data'])
      .map((line) => [`${line.practice}/${line.reference}`, line]),
  );
  for (const event of log.filter(({ type }) => type === 'PersonDecided.v1')) {
    const { cause, entries } = event.data as PersonDecided['data'];
    const own = log
      .filter(({ type, metadata }) => metadata.commandId === cause.command && /^Session(Declared|Withdrawn)/.test(type))
      .map(({ data }) => data as SessionDeclared['data']);
    const file = own.map(({ source }) => ('file' in source ? source.file : null))[0] ?? cause.command;
    for (const { line, paidToProvider = 0 } of entries) {
      if (own.some(({ practice, reference }) => `${practice}/${reference}` === line)) continue;
      const { practice, invoice, date } = declared.get(line) as SessionDeclared['data'];
      // the clock of the Netherlands in winter
      const day = new Date(Date.parse(event.recordedAt) + 3_600_000).toISOString().slice(0, 10);
      const key = JSON.stringify([day, practice, file, invoice, line, date]);
      told.set(key, (told.get(key) ?? 0) + paidToProvider);
    }
  }
  return new Map([...told].filter(([, cents]) => cents !== 0).sort());
}

describe('payment changes by day', () => {
  it.each([1, 2, 3, 4])('[wire-3] add up to what the answers of the commands told (history %i)', async (seed) => {
    const log = randomLog(seed, 5, 200);
    const random = seeded(seed);
    await projectLog(new ReadModelProjector(dataSource), log, () => Math.ceil(random() * 40));
    const shown = new Map<string, number>();
    const granted = new Map<string, number>();
    for (const on of DAYS)
      for (const each of await wholeDay({ on }, 7)) {
        const { practice, reference, cause, invoice, date, grantedBeforeCents: before, grantedNowCents: now } = each;
        const key = JSON.stringify([on, practice, cause.id, invoice, `${practice}/${reference}`, date]);
        expect(shown.has(key)).toBe(false);
        shown.set(key, now - before);
        granted.set(`${practice}/${reference}`, now);
      }
    expect(new Map([...shown].sort())).toEqual(toldBy(log));
    expect(shown.size).toBeGreaterThan(30);
    expect(granted.size).toBeGreaterThan(10);
  });

  it('come practice by practice, in byte order, of one practice alone when it is named, and in one page as in many', async () => {
    await project(randomLog(9, 5, 200), 1000);
    for (const on of DAYS) {
      const whole = await wholeDay({ on }, 5_000);
      const keys = whole.map(({ practice, cause, invoice, reference }) =>
        [practice, cause.type, cause.id, invoice, reference].join('\u0000'),
      );
      expect(keys).toEqual([...keys].sort());
      expect(await wholeDay({ on }, 1)).toEqual(whole);
      const ofOne = await wholeDay({ on, practice: '01000002' }, 3);
      expect(ofOne).toEqual(whole.filter(({ practice }) => practice === '01000002'));
    }
    expect(await wholeDay({ on: '2024-12-31' }, 10)).toEqual([]);
    expect(await wholeDay({ on: DAYS[0] as string, practice: '09999999' }, 10)).toEqual([]);
    for (const bad of ['', 'x', Buffer.from('["a"]').toString('base64url')])
      await expect(paymentChangesOn(dataSource, { on: '2025-01-01', limit: 5, after: bad })).rejects.toThrow(CursorError);
  });

  it('tell under each cause what it moved in sum, also when another moved the line in between', async () => {
    const moved = (revision: number, cause: string, before: number, now: number) => ({
      ...{ personId: idOf('somebody'), revision, line: '01000001/R1', practice: '01000001', reference: 'R1', invoice: 'F1' },
      ...{ sessionDate: '2024-01-08', grantedBeforeCents: before, grantedNowCents: now },
      ...{ causeType: 'ActivatePolicy', causeId: cause, recordedOn: '2025-01-01' },
    });
    await dataSource
      .getRepository(PaymentChangeEntity)
      .insert([
        moved(1, 'a', 0, 10),
        moved(2, 'b', 10, 5),
        moved(3, 'a', 5, 20),
        moved(4, 'c', 20, 30),
        moved(5, 'd', 30, 20),
        moved(6, 'c', 20, 10),
      ]);
    const told = await wholeDay({ on: '2025-01-01' }, 2);
    expect(
      told.map(({ cause, grantedBeforeCents, grantedNowCents }) => [cause.id, grantedNowCents - grantedBeforeCents]),
    ).toEqual([
      ['a', 25],
      ['b', -5],
      ['d', -10],
    ]);
    expect(told.map(({ grantedNowCents }) => grantedNowCents)).toEqual([20, 5, 20]);
  });

  it('of a line that goes to another person are one: taken back from the one, granted for the other', async () => {
    const log = new LogBuilder();
    const [from, to] = [idOf('from'), idOf('to')];
    const [declaring, moving] = [idOf('declare'), idOf('move')];
    const trajectoryOf = (person: string): string => idOf(`trajectory of ${person}`);
    const session = { practice: '01000001', reference: 'R1', date: '2024-01-08', list: '012', performance: '1000', quantity: 1 };
    const declared = { ...session, diagnosis: '3176', csi: '008', tariffCents: 3500, calculatedCents: 3500, declaredCents: 3500 };
    const fact = { ...declared, insurer: '3343', invoice: 'F1', receivedOn: '2025-01-01', source: { command: 'test' } };
    const decided = (person: string, command: string, cents: number, isHere: boolean): void => {
      const trajectory = trajectoryOf(person);
      const split = { basic: 3500, supplementary: 0, insured: 0, refused: 0, undecided: 0 };
      const decision = { line: '01000001/R1', trajectory, status: 'decided', condition: null, units: [], split, codes: [] };
      const rest = { deductible: false, paidToProvider: 3500, claimFromInsured: 0, flags: [], reason: null };
      log.append(
        `dossier-${person}`,
        'PersonDecided.v1',
        {
          cause: { command, type: isHere ? 'DeclareClaimLines' : 'MoveSessionToPerson' },
          seen: { [`dossier-${person}`]: log.revisionOf(`dossier-${person}`) },
          ...{ policy: { digest: 'd'.repeat(64), version: '2024.1' }, engine: 'toy' },
          ...{ decisions: cents > 0 ? [{ ...decision, ...rest }] : [], withdrawn: cents > 0 ? [] : ['01000001/R1'] },
          entries: [{ line: '01000001/R1', basic: cents, paidToProvider: cents }],
        },
        person,
        command,
      );
    };
    for (const personId of [from, to]) {
      const head = { trajectoryId: trajectoryOf(personId), regime: 'annex', diagnosis: '3176' };
      log.append(`dossier-${personId}`, 'PersonRegistered.v1', { personId }, personId);
      log.append(`trajectory-${head.trajectoryId}`, 'TrajectoryStarted.v1', { ...head, personId }, personId);
    }
    log.append(`trajectory-${trajectoryOf(from)}`, 'SessionDeclared.v1', fact, from, declaring);
    decided(from, declaring, 3500, true);
    const moved = { move: 1, under: '3176' };
    const out = { practice: '01000001', reference: 'R1', to: { person: to }, ...moved };
    log.append(`trajectory-${trajectoryOf(from)}`, 'SessionMovedOut.v1', out, from, moving);
    decided(from, moving, -3500, false);
    const half = log.events.length;
    const arrived = { session: fact, from: { person: from }, ...moved };
    log.append(`trajectory-${trajectoryOf(to)}`, 'SessionMovedIn.v1', arrived, to, moving);
    decided(to, moving, 3500, false);
    await project(log.events.slice(0, half), 3);
    expect(await wholeDay({ on: '2025-01-01' }, 10)).toMatchObject([
      { reference: 'R1', grantedBeforeCents: 3500, grantedNowCents: 0, cause: { type: 'MoveSessionToPerson', id: moving } },
    ]);
    await project(log.events, 3);
    // the same practice, and nothing that it is paid otherwise
    expect(await wholeDay({ on: '2025-01-01' }, 10)).toEqual([]);
  });

  it('are refused of days whose decisions were taken in before they were kept', async () => {
    await dataSource.query(`update read.checkpoint set payment_changes_after = '2025-01-02T22:59:59Z'`);
    for (const on of ['2024-05-01', '2025-01-02']) await expect(wholeDay({ on }, 1)).rejects.toThrow(PaymentChangesLackingError);
    expect(await wholeDay({ on: '2025-01-03' }, 1)).toEqual([]);
    await dataSource.query('update read.checkpoint set payment_changes_after = null');
  });
});
