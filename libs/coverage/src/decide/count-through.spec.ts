import type { HistoryFact, TrajectoryId } from '#libs/trajectory';
import fc from 'fast-check';
import { countThrough, decide } from '../index';
import { history, person, session, statement, weekly, type PersonSpec } from '../testing/facts';
import { bookOf } from '../testing/policy';

const book = bookOf();
const T1 = 't1' as TrajectoryId;
const count = (spec: PersonSpec, through: string) => countThrough(person(spec), book, T1, through);

describe('the count of a trajectory up to a date', () => {
  it('is of the valid sessions on or before it, each by its quantity', () => {
    const sessions = [
      session('a', '2024-01-08'),
      session('b', '2024-02-05', { quantity: 2, tariffCents: 4000 }),
      session('c', '2024-02-06', { csi: '999' }),
      session('d', '2024-03-04'),
    ];
    const told = count({ trajectories: [{ sessions }] }, '2024-02-29');
    expect(told).toMatchObject({ startedOn: '2024-01-08', count: 3, perCalendarYear: { '2024': 3 } });
    expect(told?.own.map(({ reference }) => reference)).toEqual(['a', 'b']);
  });

  it('contains what was imported, also when that ends after our last session', () => {
    const sessions = weekly('a', '2024-01-08', 2);
    const histories = [history(14, '2023-12-18'), history(3, '2024-03-01', { importId: 'later' as HistoryFact['importId'] })];
    expect(count({ trajectories: [{ sessions, histories }] }, '2024-03-01')).toMatchObject({ count: 19 });
  });

  it('is told per calendar year where every import is', () => {
    const sessions = weekly('a', '2024-01-08', 2);
    const of = (histories: readonly HistoryFact[]) =>
      count({ trajectories: [{ sessions, histories }] }, '2024-12-31')?.perCalendarYear;
    expect(of([history(14, '2023-12-18', { perCalendarYear: { '2022': 4, '2023': 10 } })])).toEqual({
      '2022': 4,
      '2023': 10,
      '2024': 2,
    });
    expect(of([history(14, '2023-12-18')])).toBeNull();
    expect(of([history(3, '2024-06-30', { scope: 'everything', perCalendarYear: { '2024': 3 } })])).toBeNull();
  });

  it('is of the last episode that has begun, and begins anew with it', () => {
    const shoulder = { diagnosis: '4021', sessions: weekly('a', '2024-01-08', 8, { diagnosis: '4021' }) };
    const statements = [statement('NewEpisodeConfirmed.v1', { from: '2024-02-05', event: 'recurrence' })];
    expect(count({ trajectories: [{ ...shoulder, statements }] }, '2024-02-01')).toMatchObject({ count: 4 });
    expect(count({ trajectories: [{ ...shoulder, statements }] }, '2024-12-31')).toMatchObject({
      count: 4,
      startedOn: '2024-02-05',
    });
  });

  it('goes over all codes and streams that a remap has joined', () => {
    const told = count(
      {
        trajectories: [
          {
            diagnosis: '9376',
            sessions: weekly('a', '2024-01-08', 3, { diagnosis: '9376' }),
            remaps: [{ from: '9376', to: '3176', effectiveDate: '2024-07-01' }],
          },
          { diagnosis: '3176', sessions: weekly('b', '2024-07-08', 2, { diagnosis: '3176' }), absorbedInto: 't1' },
        ],
      },
      '2024-12-31',
    );
    expect(told?.count).toBe(5);
    expect([...(told?.codes ?? [])].sort()).toEqual(['3176', '9376']);
  });

  it('knows no count of Annex 1 for a code that is counted elsewhere', () => {
    expect(
      count(
        { trajectories: [{ diagnosis: '2554', sessions: weekly('a', '2018-01-08', 2, { diagnosis: '2554' }) }] },
        '2018-12-31',
      ),
    ).toBeNull();
  });

  it('is one less than the position that the engine gives the next session', () => {
    const day = fc
      .integer({ min: 0, max: 700 })
      .map((n) => new Date(Date.UTC(2023, 0, 2) + n * 86_400_000).toISOString().slice(0, 10));
    const imports = fc.record({
      count: fc.integer({ min: 0, max: 30 }),
      through: day,
      scope: fc.constantFrom('elsewhere', 'everything'),
    });
    fc.assert(
      fc.property(fc.array(day, { maxLength: 30 }), fc.array(imports, { maxLength: 3 }), (days, stated) => {
        const sessions = days.map((date, i) => session(`s${i}`, date));
        const histories = stated.map(({ count: n, through, scope }, i) =>
          history(n, through, { importId: `h${i}` as HistoryFact['importId'], scope }),
        );
        const next = session('next', '2024-12-31', { startTime: '23:59' });
        const decisions = decide(person({ trajectories: [{ sessions: [...sessions, next], histories }] }), book);
        const position = decisions.find(({ line }) => line === next.line)?.units[0]?.position;
        expect(count({ trajectories: [{ sessions, histories, diagnosis: '9373' }] }, '2024-12-30')?.count).toBe(
          (position ?? 0) - 1,
        );
      }),
    );
  });
});
