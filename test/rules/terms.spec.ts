/** Terms: their arithmetic, their anchors, the dates that somebody states, start conditions, and recovery care after COVID-19. */
import { history, session, statement, weekly } from '../../libs/coverage/src/testing/facts';
import { purses } from './purses';
import { alone, book, course, decided, INSURED_AT_7095, positions, rules } from './scene';

const shoulder = { diagnosis: '4021', csi: '001' };
const known = [history(25, '2023-12-31', { startedOn: '2023-12-11' })];

describe('a term', () => {
  it('[terms-1] is half-open: its last day is the one before the same-numbered day', () => {
    const on = (date: string) => rules(decided([{ sessions: [session('a', date, shoulder)], histories: known }]));
    expect([on('2024-12-10'), on('2024-12-11')]).toEqual([['above-threshold'], ['past-term']]);
  });

  it('[terms-2] is computed from its anchor in one step, with the extension of whiplash too', () => {
    const whiplash = { diagnosis: '3038', csi: '001' };
    const from31 = [history(25, '2024-02-10', { startedOn: '2024-01-31' })];
    const insured = { insurance: [{ insurer: '3343', from: '2024-02-11', through: null }] };
    const on = (date: string, ...statements: ReturnType<typeof statement>[]) =>
      rules(decided([{ sessions: [session('a', date, whiplash)], histories: from31, statements }], insured))[0];
    expect([on('2024-04-30'), on('2024-05-01')]).toEqual(['above-threshold', 'past-term']);
    // three months would end on 1 May; six more from there would end on 1 November instead of 31 October
    const extended = statement('TermExtended.v1', {});
    expect([on('2024-10-30', extended), on('2024-10-31', extended)]).toEqual(['above-threshold', 'past-term']);
  });

  it('[terms-3] that would end on a day that does not exist ends before the 1st of the next month', () => {
    const from30 = [history(25, '2023-12-31', { startedOn: '2023-11-30' })];
    const on = (date: string) =>
      rules(decided([{ sessions: [session('a', date, { diagnosis: '3038', csi: '001' })], histories: from30 }]))[0];
    expect([on('2024-02-29'), on('2024-03-01')]).toEqual(['above-threshold', 'past-term']);
  });

  it('[terms-6] year k of COPD begins 12 k months after the start, not after the year before', () => {
    const copd = (reference: string, date: string) => session(reference, date, { diagnosis: '2554', csi: '016' });
    const start = session('a', '2024-02-29', { diagnosis: '2554', csi: '014' });
    const first = weekly('b', '2024-03-04', 26, { diagnosis: '2554', csi: '014' });
    // the start year ends before 1 March 2025; the fourth begins on 29 February 2028
    const years = [copd('y1', '2025-02-28'), copd('y2', '2025-03-01'), copd('y3', '2028-02-28'), copd('y4', '2028-02-29')];
    const decisions = decided([{ sessions: [start, ...first, ...years] }]).slice(-4);
    expect(decisions.map((each) => each.reason)).toMatchObject([
      { rule: 'past-cap', values: { used: 27 } },
      { rule: 'within-cap', values: { used: 1 } },
      { rule: 'within-cap', values: { used: 1 } },
      { rule: 'within-cap', values: { used: 1 } },
    ]);
  });
});

describe('an anchor', () => {
  it('[anchor-1] is the earliest counting session or stated start; reports and invalid lines are none', () => {
    const before = [
      session('r', '2024-01-02', { ...shoulder, csi: '008', performance: '1900' }),
      session('x', '2024-01-03', { ...shoulder, quantity: 9 }),
    ];
    const lines = course('s', '2024-01-08', 21, { diagnosis: '4021' });
    expect(decided([{ sessions: [...before, ...lines] }]).at(-1)?.reason.values).toMatchObject({
      start: '2024-01-08',
      end: '2025-01-08',
    });
    const stated = [history(2, '2023-12-31', { startedOn: '2023-11-20' })];
    expect(decided([{ sessions: lines, histories: stated }]).at(-1)?.reason.values).toMatchObject({
      start: '2023-11-20',
      end: '2024-11-20',
    });
  });

  it('[anchor-2] moves with a late line of an earlier day, and the end of the term with it', () => {
    const lines = [...course('s', '2024-01-08', 21, { diagnosis: '4021' }), session('z', '2025-01-06', shoulder)];
    const late = session('late', '2024-01-02', { ...shoulder, csi: '008', receivedOn: '2025-03-03' });
    expect(rules(decided([{ sessions: lines }])).at(-1)).toBe('above-threshold');
    expect(rules(decided([{ sessions: [...lines, late] }])).at(-1)).toBe('past-term');
  });

  it('[anchor-3] is never the diagnosis', () => {
    const diagnosed = statement('ClinicalFactsStated.v1', { diagnosedOn: '2023-10-20' });
    const lines = course('s', '2024-01-08', 21, { diagnosis: '4021' });
    expect(decided([{ sessions: lines, statements: [diagnosed] }]).at(-1)?.reason.values).toMatchObject({ end: '2025-01-08' });
  });
});

describe('a date that no line brings', () => {
  const tumour = { diagnosis: '3969', csi: '008' };

  it.each([
    ['diagnosis', '4021', { diagnosedOn: '2024-01-02' }],
    ['discharge', '6201', { dischargedOn: '2024-01-02' }],
  ] as const)('[stated-dates-3] counts as met where it is a start condition and not stated: %s', (_what, diagnosis, stated) => {
    const lines = course('a', '2024-01-08', 21, { diagnosis });
    const open = decided([{ sessions: lines }]);
    expect(rules(open).at(-1)).toBe('above-threshold');
    expect(open.at(-1)?.flags).toContain('date-to-confirm');
    const confirmed = decided([{ sessions: lines, statements: [statement('ClinicalFactsStated.v1', stated)] }]);
    expect(confirmed.at(-1)?.flags).not.toContain('date-to-confirm');
  });

  it('[stated-dates-4] leaves the first counting session in the place of an anchor, and every line says so', () => {
    const lines = course('a', '2024-01-08', 21, tumour).map((line, i) => (i < 20 ? line : { ...line, csi: '001' }));
    const decisions = decided([{ sessions: lines }]);
    expect(decisions.at(-1)?.reason.values).toMatchObject({ end: '2026-01-08' });
    expect(decisions.every((each) => each.flags.includes('date-to-confirm'))).toBe(true);
    const radiated = statement('ClinicalFactsStated.v1', { lastRadiationOn: '2023-12-20', dischargedOn: '2023-12-20' });
    const known = decided([{ sessions: lines, statements: [radiated] }]);
    expect(known.at(-1)?.reason.values).toMatchObject({ anchor: '2023-12-20', end: '2025-12-20' });
    expect(known.some((each) => each.flags.includes('date-to-confirm'))).toBe(false);
  });
});

describe('a start condition', () => {
  const began = (diagnosedOn: string, first: string) =>
    rules(
      decided([
        {
          sessions: [session('a', first, { ...shoulder, csi: '008' })],
          statements: [statement('ClinicalFactsStated.v1', { diagnosedOn })],
        },
      ]),
    )[0];

  it('[terms-4] within three months includes the same-numbered day, or the last day of a month that has none', () => {
    expect([began('2024-01-15', '2024-04-15'), began('2024-01-15', '2024-04-16')]).toEqual([
      'within-threshold',
      'start-too-late',
    ]);
    expect([began('2023-11-30', '2024-02-29'), began('2023-11-30', '2024-03-01')]).toEqual([
      'within-threshold',
      'start-too-late',
    ]);
  });

  it('[start-1] that is not met leaves nothing of the basic insurance, while positions go on', () => {
    const lines = course('s', '2024-01-08', 22, { diagnosis: '4021' });
    const diagnosed = statement('ClinicalFactsStated.v1', { diagnosedOn: '2023-06-01' });
    const decisions = decided([{ sessions: lines, statements: [diagnosed] }], { insurance: INSURED_AT_7095 });
    expect(purses(decisions)).toBe('i'.repeat(22));
    expect(positions(decisions)).toEqual(lines.map((_, i) => i + 1));
    expect(decisions[21]?.codes).toEqual(['0613']);
  });
});

describe('recovery care after COVID-19', () => {
  const care = (csi: string, date: string, count: number) => weekly(`c${csi}`, date, count, { diagnosis: '9363', csi });

  it('[covid-1] has two terms, each with an anchor of its own', () => {
    const decisions = decided([{ sessions: care('020', '2023-01-09', 3) }, { sessions: care('021', '2023-09-04', 2) }]);
    expect(positions(decisions)).toEqual([1, 2, 3, 1, 2]);
    expect(decisions.map((each) => each.reason.values.end)).toEqual([
      '2023-07-09',
      '2023-07-09',
      '2023-07-09',
      '2024-03-04',
      '2024-03-04',
    ]);
  });

  it.each(['020', '021'])('[covid-2] %s: fifty sessions within six months', (csi) => {
    const daily = Array.from({ length: 51 }, (_, i) => session(`d${100 + i}`, '2023-01-09', { diagnosis: '9363', csi }));
    expect(purses(decided([{ sessions: daily }]))).toBe('b'.repeat(50) + 'i');
    expect(
      rules(decided([{ sessions: [...care(csi, '2023-01-09', 1), session('z', '2023-07-09', { diagnosis: '9363', csi })] }])),
    ).toEqual(['within-cap', 'past-term']);
  });

  it.each(['020', '021'])('[covid-3] %s: no term begins on or after 1 July 2024', (csi) => {
    expect(alone({ diagnosis: '9363', csi }, '2024-06-30').reason.rule).toBe('within-cap');
    expect(alone({ diagnosis: '9363', csi }, '2024-07-01').reason.rule).toBe('term-not-opened');
  });

  it.each(['020', '021'])('[covid-4] %s: a term ends after six months, and with 2024 at the latest', (csi) => {
    const ends = (from: string, on: string) =>
      rules(decided([{ sessions: [...care(csi, from, 1), session('z', on, { diagnosis: '9363', csi })] }])).at(-1);
    expect([ends('2024-06-28', '2024-12-27'), ends('2024-06-28', '2024-12-28')]).toEqual(['within-cap', 'past-term']);
    // the last day on which a term may begin ends it before the year does; the day that the care ended stands in the policy all the same
    expect([ends('2024-06-30', '2024-12-29'), ends('2024-06-30', '2024-12-30')]).toEqual(['within-cap', 'past-term']);
    const condition = book.indications.get(csi)?.regime === 'covid' ? 'covid-1' : 'covid-2';
    expect(book.conditions.get(condition)?.terms.at('2024-03-04').endsOn).toBe('2025-01-01');
  });

  it('[covid-5] 021 is not asked for a first term under 020', () => {
    expect(alone({ diagnosis: '9363', csi: '021' }, '2023-03-06')).toMatchObject({
      condition: 'covid-2',
      split: { basic: 4000 },
      codes: [],
    });
  });
});
