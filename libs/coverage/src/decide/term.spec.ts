import type { StatementFact } from '#libs/trajectory';
import { decide, type ConditionRule } from '../index';
import { history, person, session, statement, type TrajectorySpec } from '../testing/facts';
import { bookOf, conditions } from '../testing/policy';

const shoulder = '4021';
/** The policy in which the item of the shoulder has these terms. */
const withTerms = (changes: Partial<ConditionRule['periods'][number]>) =>
  bookOf({
    conditions: conditions.map((each) =>
      each.id === '1.b.7'
        ? { ...each, periods: [{ from: '2006-01-01', term: 'open', newEpisode: 'refused', source: 'test', ...changes }] }
        : each,
    ),
  });
const judged = (book: ReturnType<typeof bookOf>, spec: TrajectorySpec) =>
  decide(person({ trajectories: [{ histories: [history(25, '2023-12-31', { startedOn: '2023-11-01' })], ...spec }] }), book);
const line = (date: string, changes = {}) => session(`on-${date}`, date, { diagnosis: shoulder, csi: '001', ...changes });
const clinical = (data: object): StatementFact => statement('ClinicalFactsStated.v1', data);

describe('a term', () => {
  it.each([
    ['discharge', { dischargedOn: '2024-02-10' }, '2024-05-10'],
    ['last-radiation', { lastRadiationOn: '2024-02-20' }, '2024-05-20'],
    ['end-of-conservative-treatment', { conservativeTreatmentEndedOn: '2024-01-31' }, '2024-05-01'],
  ] as const)('runs from the stated event, else from the start, which is then listed: %s', (anchor, dates, end) => {
    const book = withTerms({ term: { months: 3, anchor } });
    const [stated] = judged(book, { sessions: [line('2024-03-04')], statements: [clinical(dates)] });
    expect(stated?.reason.values).toMatchObject({ end, anchor: Object.values(dates)[0] });
    expect(stated?.flags).not.toContain('date-to-confirm');
    const [unstated] = judged(book, { sessions: [line('2024-03-04')], statements: [] });
    expect(unstated?.reason.values).toMatchObject({ start: '2023-11-01', end: '2024-02-01' });
    expect(unstated?.reason.values).not.toHaveProperty('anchor');
    expect(unstated?.flags).toContain('date-to-confirm');
  });

  it('that runs from the start is not listed', () => {
    const [decision] = judged(withTerms({ term: { months: 12, anchor: 'first-session' } }), { sessions: [line('2024-03-04')] });
    expect(decision?.flags).toEqual([]);
  });

  it.each([
    ['the calendar closes an open one', 'open', '2024-03-04', 'above-threshold'],
    ['the calendar closes an open one', 'open', '2024-03-05', 'past-term'],
    ['the calendar comes first', { months: 12, anchor: 'first-session' }, '2024-03-05', 'past-term'],
    ['the calendar comes first', { months: 12, anchor: 'first-session' }, '2024-03-04', 'above-threshold'],
    ['the months come first', { months: 2, anchor: 'first-session' }, '2024-01-01', 'past-term'],
  ] as const)(
    'ends at the earlier of its months and the day on which it ends for all; %s: %j on %s',
    (_what, term, date, rule) => {
      expect(judged(withTerms({ term, endsOn: '2024-03-05' }), { sessions: [line(date)] })[0]?.reason.rule).toBe(rule);
    },
  );

  it('has no end where only reports are known', () => {
    const book = withTerms({ term: { months: 12, anchor: 'first-session' } });
    const report = line('2024-03-04', { performance: '1900', csi: '008' });
    expect(judged(book, { sessions: [report], histories: [] })[0]?.reason.values).toEqual({
      position: null,
      counts: false,
      threshold: 20,
      start: '',
    });
  });
});

describe('the first session after discharge', () => {
  const book = withTerms({ term: { months: 3, anchor: 'first-session-after-discharge' } });
  const discharged = clinical({ dischargedOn: '2024-02-10' });
  const last = line('2024-04-01');
  const anchor = (spec: TrajectorySpec) => judged(book, { statements: [discharged], ...spec }).at(-1)?.reason.values;

  it('is the earliest that counts on or after that day', () => {
    const before = line('2024-02-09');
    expect(anchor({ sessions: [before, line('2024-02-10'), last] })).toMatchObject({ anchor: '2024-02-10', end: '2024-05-10' });
    expect(anchor({ sessions: [before, line('2024-02-11'), last] })).toMatchObject({ anchor: '2024-02-11', end: '2024-05-11' });
    const report = line('2024-02-11', { performance: '1900' });
    const invalid = line('2024-02-12', { diagnosis: '0000' });
    expect(anchor({ sessions: [report, invalid, last] })).toMatchObject({ anchor: '2024-04-01' });
  });

  it('may be the stated start elsewhere', () => {
    const from = (startedOn: string) => [history(25, '2024-03-15', { startedOn })];
    expect(anchor({ sessions: [last], histories: from('2024-02-10') })).toMatchObject({ start: '2024-02-10', end: '2024-05-10' });
    expect(anchor({ sessions: [last], histories: from('2024-02-09') })).toMatchObject({
      start: '2024-02-09',
      anchor: '2024-04-01',
    });
    expect(anchor({ sessions: [line('2024-02-12'), last], histories: from('2024-02-20') })).toMatchObject({ end: '2024-05-12' });
  });

  it('is the start where none came after it; where the discharge is not stated that is listed', () => {
    const early = line('2024-01-15', { csi: '008' });
    expect(anchor({ sessions: [early], histories: [] })).toMatchObject({ start: '2024-01-15', end: '2024-04-15' });
    const flags = (statements: StatementFact[]) => judged(book, { sessions: [last], statements })[0]?.flags;
    expect(flags([])).toContain('date-to-confirm');
    expect(flags([discharged])).not.toContain('date-to-confirm');
  });
});

describe('a start condition', () => {
  it('may be of the discharge: that date decides, not the diagnosis', () => {
    const book = withTerms({ start: { withinMonths: 2, of: 'discharge' } });
    const [late] = judged(book, {
      sessions: [line('2024-03-04')],
      histories: [],
      statements: [clinical({ diagnosedOn: '2024-03-01', dischargedOn: '2024-01-03' })],
    });
    expect(late?.reason).toEqual({
      rule: 'start-too-late',
      values: { position: 1, start: '2024-03-04', months: 2, event: '2024-01-03' },
    });
    const [inTime] = judged(book, {
      sessions: [line('2024-03-04', { csi: '008' })],
      histories: [],
      statements: [clinical({ diagnosedOn: '2023-01-01', dischargedOn: '2024-01-04' })],
    });
    expect(inTime?.reason.rule).toBe('within-threshold');
    expect(inTime?.flags).toEqual([]);
  });

  it('whose date was not stated is met and listed', () => {
    const book = withTerms({ start: { withinMonths: 2, of: 'discharge' } });
    const [decision] = judged(book, { sessions: [line('2024-03-04')] });
    expect(decision).toMatchObject({ flags: ['date-to-confirm'], reason: { rule: 'above-threshold' } });
  });
});
