import type { SessionFact, StatementFact } from '#libs/trajectory';
import { decide } from '../index';
import { history, packageOf, person, session, statement, weekly, type TrajectorySpec } from '../testing/facts';
import { bookOf, conditions } from '../testing/policy';

const book = bookOf();
const trajectory = (sessions: readonly SessionFact[], statements: readonly StatementFact[], more: TrajectorySpec = {}) => ({
  sessions,
  statements,
  ...more,
});
const decided = (spec: TrajectorySpec, policy = book) => decide(person({ trajectories: [spec] }), policy);
const rules = (spec: TrajectorySpec, policy = book): string[] => decided(spec, policy).map((each) => each.reason.rule);
const positions = (spec: TrajectorySpec): (number | null | undefined)[] => decided(spec).map((each) => each.units[0]?.position);

describe('which statement holds', () => {
  const shoulder = weekly('s', '2023-01-02', 60, { diagnosis: '4021' });
  const diagnosed = (id: string, statedOn: string, diagnosedOn: string) =>
    statement('ClinicalFactsStated.v1', { diagnosedOn }, { id, statedOn });

  it('is the one with the latest date, whatever the order of arrival', () => {
    const late = diagnosed('a', '2023-05-02', '2022-12-20');
    const early = diagnosed('z', '2023-05-01', '2022-01-01');
    const expected = rules(trajectory(shoulder, [early, late]));
    expect(expected[0]).toBe('within-threshold');
    expect(rules(trajectory(shoulder, [late, early]))).toEqual(expected);
  });

  it('is on one date the one whose content comes last, whatever their ids', () => {
    for (const [one, other] of [
      ['a', 'b'],
      ['b', 'a'],
    ] as const) {
      const [low, high] = [diagnosed(one, '2023-05-01', '2022-01-01'), diagnosed(other, '2023-05-01', '2022-12-20')];
      expect(rules(trajectory(shoulder, [high, low]))[0]).toBe('within-threshold');
      expect(rules(trajectory(shoulder, [low, high]))[0]).toBe('within-threshold');
    }
  });

  it('of a statement about an item says nothing of another', () => {
    const other = statement('ClinicalFactsStated.v1', { diagnosedOn: '2022-01-01', item: '1.d.5' });
    expect(rules(trajectory(shoulder, [other]))[0]).toBe('within-threshold');
  });
});

describe('start condition: the treatment begins within 3 months of the event', () => {
  const start = (diagnosedOn: string, first: string) =>
    decided(
      trajectory(weekly('s', first, 2, { diagnosis: '4021' }), [statement('ClinicalFactsStated.v1', { diagnosedOn })], {}),
    )[0];

  it.each([
    ['2024-01-15', '2024-04-15', 'within-threshold'],
    ['2024-01-15', '2024-04-16', 'start-too-late'],
    ['2023-11-30', '2024-02-29', 'within-threshold'],
    ['2023-11-30', '2024-03-01', 'start-too-late'],
    ['2024-06-01', '2024-05-01', 'within-threshold'],
  ])('diagnosed on %s, first session on %s: %s', (diagnosedOn, first, rule) => {
    expect(start(diagnosedOn, first)?.reason.rule).toBe(rule);
  });

  it('unmet leaves no entitlement: the package pays, else the insured with 0613; positions go on', () => {
    const facts = person({
      packages: [packageOf('Nine')],
      trajectories: [
        trajectory(weekly('s', '2024-01-08', 25, { diagnosis: '4021' }), [
          statement('ClinicalFactsStated.v1', { diagnosedOn: '2023-01-01' }),
        ]),
      ],
    });
    const lines = decide(facts, book);
    expect(lines.map((each) => each.units[0]?.position)).toEqual(Array.from({ length: 25 }, (_, i) => i + 1));
    expect(lines.map((each) => each.units[0]?.purse)).toEqual([
      ...Array<string>(9).fill('supplementary'),
      ...Array<string>(16).fill('insured'),
    ]);
    const unpaid = decide(
      person({
        insurance: [{ insurer: '7095', from: '2000-01-01', through: null }],
        trajectories: [
          trajectory(weekly('s', '2024-01-08', 22, { diagnosis: '4021', csi: '001' }), [
            statement('ClinicalFactsStated.v1', { diagnosedOn: '2023-01-01' }),
          ]),
        ],
      }),
      book,
    );
    expect(unpaid[0]).toMatchObject({ status: 'decided', codes: ['0613'] });
    expect(unpaid[21]?.reason).toEqual({
      rule: 'start-too-late',
      values: { position: 22, start: '2024-01-08', months: 3, event: '2023-01-01' },
    });
  });

  it('of a unit of reports alone is asked of their own dates', () => {
    const report = session('r', '2024-05-15', { diagnosis: '4021', csi: '001', performance: '1900' });
    const stated = statement('ClinicalFactsStated.v1', { diagnosedOn: '2024-02-03' });
    expect(decided(trajectory([report], [stated]))[0]?.reason).toMatchObject({
      rule: 'start-too-late',
      values: { start: '2024-05-15', event: '2024-02-03' },
    });
  });

  it('a missing date counts as met and is listed; a stated one is not listed', () => {
    const sessions = weekly('s', '2024-01-08', 1, { diagnosis: '4021' });
    expect(decided(trajectory(sessions, []))[0]?.flags).toContain('date-to-confirm');
    const stated = statement('ClinicalFactsStated.v1', { diagnosedOn: '2024-01-01' });
    expect(decided(trajectory(sessions, [stated]))[0]?.flags).not.toContain('date-to-confirm');
  });
});

describe('the anchor of a term', () => {
  const lineOn = (date: string): SessionFact => session('x', date, { diagnosis: '6236', csi: '001' });
  const known = [history(25, '2023-12-31', { startedOn: '2023-11-01' })];
  const rule = (date: string, statements: readonly StatementFact[]): string | undefined =>
    rules({ sessions: [lineOn(date)], statements, histories: known, switches: [] }, book)[0];
  const fracture = statement('ConditionConfirmed.v1', { item: '1.b.18' });

  it('1.b.18 ends 6 months after the conservative treatment, not after the first session', () => {
    const ended = statement('ClinicalFactsStated.v1', { conservativeTreatmentEndedOn: '2024-02-10' });
    expect(rule('2024-08-09', [fracture, ended])).toBe('above-threshold');
    expect(rule('2024-08-10', [fracture, ended])).toBe('past-term');
    expect(rule('2024-05-01', [fracture])).toBe('past-term');
    expect(rule('2024-04-30', [fracture])).toBe('above-threshold');
  });

  it('1.d.5 runs from the first session after discharge', () => {
    const discharged = statement('ClinicalFactsStated.v1', { dischargedOn: '2024-01-05' });
    const spec = (last: string): TrajectorySpec => ({
      sessions: [lineOn('2024-01-20'), session('y', last, { diagnosis: '6236', csi: '001' })],
      statements: [discharged],
      histories: known,
    });
    expect(rules(spec('2025-01-19'))[1]).toBe('above-threshold');
    expect(rules(spec('2025-01-20'))[1]).toBe('past-term');
  });
});

describe('confirmed item', () => {
  const fracture = weekly('f', '2024-01-08', 30, { diagnosis: '6236' });

  it('is taken where the code has it among its own, and never touches positions', () => {
    const confirmed = trajectory(fracture, [statement('ConditionConfirmed.v1', { item: '1.b.18' })]);
    expect(decided({ sessions: fracture })[0]?.condition).toBe('1.d.5');
    expect(decided(confirmed)[0]?.condition).toBe('1.b.18');
    expect(positions(confirmed)).toEqual(positions({ sessions: fracture }));
    expect(rules(confirmed)[29]).toBe('past-term');
  });

  it('that the code does not have changes nothing', () => {
    expect(decided(trajectory(fracture, [statement('ConditionConfirmed.v1', { item: '1.a.5' })]))[0]?.condition).toBe('1.d.5');
  });
});

describe('flags that a statement settles', () => {
  const fracture = weekly('f', '2024-01-08', 3, { diagnosis: '6236' });

  it('an item is ambiguous until one of its own is confirmed', () => {
    const flags = (...statements: StatementFact[]) => decided(trajectory(fracture, statements))[0]?.flags;
    expect(flags()).toContain('ambiguous-condition');
    expect(flags(statement('ConditionConfirmed.v1', { item: '1.b.18' }))).not.toContain('ambiguous-condition');
    expect(flags(statement('ConditionConfirmed.v1', { item: '1.a.5' }))).toContain('ambiguous-condition');
  });

  it('an episode is no second trajectory of its item', () => {
    const lines = weekly('s', '2024-01-08', 30, { diagnosis: '4021' });
    const all = decided(trajectory(lines, [statement('NewEpisodeConfirmed.v1', { from: '2024-06-03', event: 'other-side' })]));
    expect(all.filter((each) => each.flags.includes('same-item-other-code'))).toEqual([]);
  });
});

describe('new episode', () => {
  const lines = weekly('s', '2024-01-08', 30, { diagnosis: '4021' });
  const episode = statement('NewEpisodeConfirmed.v1', { from: '2024-06-03', event: 'other-side' });

  it('counts its sessions from 1, with a clock of its own', () => {
    const before = lines.filter((each) => each.date < '2024-06-03').length;
    expect(positions(trajectory(lines, [episode]))).toEqual([
      ...Array.from({ length: before }, (_, i) => i + 1),
      ...Array.from({ length: 30 - before }, (_, i) => i + 1),
    ]);
    const late = trajectory([...lines, session('late', '2025-02-01', { diagnosis: '4021' })], [episode]);
    expect(rules(late).at(-1)).toBe('within-threshold');
    expect(rules({ sessions: late.sessions ?? [] }).at(-1)).toBe('past-term');
  });

  it('takes imports that start in it, and clinical facts that name it', () => {
    const own = history(7, '2024-06-30', { startedOn: '2024-06-05', scope: 'everything' });
    const old = history(5, '2023-12-31', { startedOn: '2023-10-01' });
    const spec = trajectory(lines, [episode], { histories: [own, old] });
    const all = positions(spec);
    expect(all[0]).toBe(6);
    expect(all[lines.findIndex((each) => each.date >= '2024-06-03')]).toBe(
      1 + 7 - lines.filter((each) => each.date >= '2024-06-03' && each.date <= '2024-06-30').length,
    );
    const tooLate = statement('ClinicalFactsStated.v1', { diagnosedOn: '2023-01-01', episodeFrom: '2024-06-03' });
    const judged = rules(trajectory(lines, [episode, tooLate]));
    expect(judged[0]).toBe('within-threshold');
    expect(judged[29]).toBe('start-too-late');
  });
});

describe('whiplash extension', () => {
  const lines = [
    ...weekly('w', '2024-02-01', 21, { diagnosis: '3038' }),
    session('x', '2024-10-31', { diagnosis: '3038' }),
    session('y', '2024-11-01', { diagnosis: '3038' }),
  ];

  it('adds at most 6 months to the 3, in one step from the start (T8)', () => {
    expect(rules({ sessions: lines }).slice(-2)).toEqual(['past-term', 'past-term']);
    expect(rules(trajectory(lines, [statement('TermExtended.v1', {})])).slice(-2)).toEqual(['above-threshold', 'past-term']);
    expect(rules(trajectory(lines, [statement('TermExtended.v1', { months: 24 })])).at(-1)).toBe('past-term');
    expect(rules(trajectory(lines, [statement('TermExtended.v1', { months: 5 })])).slice(-2)).toEqual(['past-term', 'past-term']);
  });

  it('extends no condition that has none', () => {
    const shoulder = [...weekly('s', '2023-01-02', 21, { diagnosis: '4021' }), session('x', '2024-01-02', { diagnosis: '4021' })];
    expect(rules(trajectory(shoulder, [statement('TermExtended.v1', {})])).at(-1)).toBe('past-term');
  });
});

describe('class of severity', () => {
  it('that was set beats the asserted one from its day on, and the difference is shown', () => {
    const lines = weekly('c', '2024-01-08', 8, { diagnosis: '2554', csi: '013' });
    const set = statement('CareClassChanged.v1', { from: '2024-02-12', class: 'B1' });
    expect(rules({ sessions: lines }).slice(-3)).toEqual(['past-cap', 'past-cap', 'past-cap']);
    const raised = decided(trajectory(lines, [set]));
    expect(raised.slice(-3).map((each) => each.reason.rule)).toEqual(['within-cap', 'within-cap', 'within-cap']);
    expect(raised[5]?.flags).toContain('class-differs');
    expect(raised[0]?.flags).not.toContain('class-differs');
  });
});

describe('numbers of a class', () => {
  it('are those in force on the date of the session', () => {
    const dated = bookOf({
      conditions: conditions.map((each) => {
        if (each.id !== '2.6-6') return each;
        const [period] = each.periods;
        if (period?.cap?.classes === undefined) throw new Error('COPD has classes');
        const fewer = period.cap.classes.map((one) => (one.id === 'A' ? { ...one, first: 2 } : one));
        return {
          ...each,
          periods: [
            { ...period, through: '2024-12-31' },
            { ...period, from: '2025-01-01', cap: { ...period.cap, classes: fewer } },
          ],
        };
      }),
    });
    const lines = weekly('c', '2024-12-02', 6, { diagnosis: '2554', csi: '013' });
    expect(rules({ sessions: lines }, dated)).toEqual([...Array<string>(5).fill('within-cap'), 'past-cap']);
    const later = weekly('d', '2025-01-06', 3, { diagnosis: '2554', csi: '013' });
    expect(rules({ sessions: later }, dated)).toEqual(['within-cap', 'within-cap', 'past-cap']);
  });
});

describe('COPD while it stood in Annex 1', () => {
  const before = weekly('o', '2018-06-04', 22, { diagnosis: '2554' });

  it('has the threshold of Annex 1 and counts in the treatment year of 2.6-6', () => {
    const lines = decide(
      person({
        trajectories: [{ sessions: before }, { sessions: weekly('n', '2019-01-07', 6, { diagnosis: '2554', csi: '014' }) }],
      }),
      book,
    );
    expect(lines.slice(0, 22).map((each) => each.condition)).toEqual(Array(22).fill('1.d.1'));
    expect(lines[19]?.reason.rule).toBe('within-threshold');
    expect(lines[20]?.reason.rule).toBe('above-threshold');
    expect(lines.slice(22).map((each) => [each.units[0]?.position, each.reason.rule])).toEqual([
      [23, 'within-cap'],
      [24, 'within-cap'],
      [25, 'within-cap'],
      [26, 'within-cap'],
      [27, 'within-cap'],
      [28, 'past-cap'],
    ]);
  });

  it('ended with 2018 without transition: 8058 from 2019', () => {
    expect(decided({ sessions: [session('x', '2019-01-01', { diagnosis: '2554' })] })[0]).toMatchObject({
      status: 'invalid',
      codes: ['8058'],
    });
    expect(decided({ sessions: [session('x', '2018-12-31', { diagnosis: '2554', ageYears: 12 })] })[0]?.codes).toEqual(['8058']);
  });
});
