/** The numbers of a trace that were not recorded as such: what a maximum and a package had left, as the values and the policy tell. */
import type { ConditionRule, PolicyBook } from '../index';
import { history, packageOf, person, session, weekly } from '../testing/facts';
import { bookOf, conditions } from '../testing/policy';
import { nextByKind, ruleCase, stepOf, tracedCase, tracedWith } from '../testing/traced';

/** The policy with the cap of a condition counted otherwise. */
const capped = (id: string, cap: ConditionRule['periods'][number]['cap']): PolicyBook =>
  bookOf({
    conditions: conditions.map((each) =>
      each.id === id && cap !== undefined ? { ...each, periods: each.periods.map((period) => ({ ...period, cap })) } : each,
    ),
  });
const copd = { diagnosis: '2554', csi: '014' };
/** A first session on 2024-01-01, then those of the dates; the last is the line. */
const treated = (dates: readonly string[], changes: Parameters<typeof session>[2] = {}, book = bookOf()) => {
  const first = session('a', '2024-01-01', copd);
  const lines = dates.map((date, i) =>
    session(i === dates.length - 1 ? 'r' : `b${i}`, date, { ...copd, csi: '016', ...changes }),
  );
  return tracedCase({ facts: person({ trajectories: [{ sessions: [first, ...lines] }] }), book });
};

describe('the treatment year of a cap by class', () => {
  it.each([
    ['2024-12-31', 27, 1, '2025-01-01'],
    ['2025-01-01', 3, 0, '2026-01-01'],
    ['2025-12-31', 3, 0, '2026-01-01'],
    ['2026-01-01', 3, 0, '2027-01-01'],
    ['2027-06-01', 3, 0, '2028-01-01'],
  ])('of a session on %s, where the first was on 2024-01-01', (date, cap, used, until) => {
    const of = treated([date]);
    expect(stepOf(of, 'cap')).toMatchObject({ outcome: 'opened-basic', facts: { cap, used, until, class: 'B1' } });
    expect(nextByKind(of).cap).toEqual({ left: cap - used - 1, until });
  });

  it('is not known where the start was not recorded: neither is the maximum nor its end, and nothing is promised', () => {
    const of = tracedWith('within-cap', { start: undefined });
    expect(stepOf(of, 'cap').facts).toEqual({ used: 1, cap: null, per: 'treatment-year', until: null, class: 'B1' });
    expect(of.next).toEqual([]);
    expect(tracedWith('past-cap', { start: undefined, used: 12 }).next.map(({ kind }) => kind)).not.toContain('cap-renews');
  });

  it('a class that the condition does not have on the date is one that the policy has on another', () => {
    const [of] = conditions.filter(({ id }) => id === '2.6-6');
    const [period] = of?.periods ?? [];
    if (of === undefined || period?.cap === undefined) throw new Error('the policy has COPD');
    const older = { ...period.cap, classes: [{ id: 'C', indications: { first: '099' }, first: 70, following: 52 }] };
    const periods = [
      { ...period, from: '2006-01-01', through: '2023-12-31', cap: older },
      { ...period, from: '2024-01-01' },
    ];
    const book = bookOf({ conditions: conditions.map((each) => (each.id === '2.6-6' ? { ...each, periods } : each)) });
    const found = { ...ruleCase('within-cap'), book };
    const asClass = (name: string, date: string) => {
      const values = { position: 2, used: 2, start: '2024-01-01', class: name };
      return stepOf(tracedCase(found, { decision: { reason: { rule: 'within-cap', values } }, session: { date } }), 'cap').facts;
    };
    expect(asClass('C', '2024-02-01')).toMatchObject({ cap: 70, class: 'C' });
    expect(asClass('C', '2025-02-01')).toMatchObject({ cap: 52, class: 'C' });
    expect(asClass('B1', '2024-02-01')).toMatchObject({ cap: 27 });
    expect(asClass('Z', '2024-02-01')).toEqual({});
  });
});

describe('sessions that are counted before the line', () => {
  const knee = { diagnosis: '7023', csi: '012' };
  const line = (changes: Parameters<typeof session>[2], book = bookOf(), own = 2) =>
    tracedCase({
      facts: person({
        trajectories: [
          { sessions: [...weekly('s', '2025-01-06', own, knee), session('r', '2025-03-03', { ...knee, ...changes })] },
        ],
      }),
      book,
    });
  /** As an engine told it that did not record the number. */
  const untold = (of: ReturnType<typeof line>, book = bookOf(), own = 2) => {
    const { used, ...values } = of.values;
    void used;
    const sessions = [...weekly('s', '2025-01-06', own, knee), session('r', '2025-03-03', knee)];
    const found = { facts: person({ trajectories: [{ sessions }] }), book };
    return stepOf(tracedCase(found, { decision: { reason: { rule: of.rule, values } } }), 'cap').facts;
  };

  it('are one fewer than the line says where it took one itself, and as many where it took none', () => {
    expect(stepOf(line({}), 'cap').facts).toMatchObject({ used: 2, cap: 12, per: 'term', until: null });
    expect(nextByKind(line({ quantity: 2 })).cap).toEqual({ left: 8, until: null });
    const report = line({ performance: '1900' });
    expect([report.rule, report.values.counts]).toEqual(['within-cap', false]);
    expect(stepOf(report, 'cap').facts).toMatchObject({ used: 2 });
    expect(nextByKind(report).cap).toEqual({ left: 10, until: null });
  });

  it('are those of the positions, where the cap is for all sessions and no number was recorded', () => {
    expect(untold(line({}))).toMatchObject({ used: 2, per: 'term' });
    const once = capped('2.6-5', { count: 12, per: 'once' });
    expect(untold(line({}, once), once)).toMatchObject({ used: 2, per: 'once' });
    const long = line({ performance: '1700' });
    expect([long.rule, stepOf(long, 'cap').facts.used]).toEqual(['long-session', 2]);
    const units = tracedWith('past-cap', { used: undefined }, { units: [] });
    expect(stepOf(units, 'cap').facts).toMatchObject({ used: null });
    expect(nextByKind(tracedWith('past-cap', { used: undefined })).cap).toBeUndefined();
  });

  it.each(['calendar-year', 'twelve-months'] as const)('are not known without the number where the cap is per %s', (per) => {
    const book = capped('2.6-5', { count: 12, per });
    expect(stepOf(line({}, book), 'cap').facts).toMatchObject({ used: 2, per });
    const facts = untold(line({}, book), book);
    expect([facts.used, facts.per]).toEqual([null, per]);
  });

  it('the next period begins with the calendar year, or where it was recorded that the twelve months end', () => {
    const year = line({}, capped('2.6-5', { count: 12, per: 'calendar-year' }));
    expect(stepOf(year, 'cap').facts).toMatchObject({ until: '2026-01-01' });
    const months = line({}, capped('2.6-5', { count: 12, per: 'twelve-months' }));
    expect(stepOf(months, 'cap').facts).toMatchObject({ until: '2026-01-06' });
  });
});

it('the threshold holds from the day of the age that the policy names', () => {
  const at = (ageYears: number) =>
    stepOf(tracedCase(ruleCase('above-threshold'), { session: { ageYears } }), 'threshold').outcome;
  expect([17, 18, 19].map(at)).toEqual(['does-not-apply', 'opened-basic', 'opened-basic']);
});

describe('what a package has left', () => {
  const none = { diagnosis: '4026', csi: '009' };
  const found = (packages: readonly string[], changes: Parameters<typeof session>[2] = {}) => ({
    facts: person({
      trajectories: [{ sessions: [session('r', '2025-03-03', { ...none, ...changes })] }],
      packages: packages.map((each) => packageOf(each)),
    }),
    book: bookOf(),
  });
  const unit = { position: null, purse: 'supplementary', cents: 4000, rule: 'no-entitlement' } as const;
  const paid = { package: 'Nine', unit: 2 };

  it('is counted from the ordinal of the first session that it pays; those that it pays after it come on top', () => {
    const left = (units: readonly object[]) => {
      const decision = { units: units.map((each) => ({ ...unit, ...each })), reason: { rule: 'no-entitlement', values: paid } };
      return stepOf(tracedCase(found(['Nine']), { decision }), 'package').facts.left;
    };
    expect(left([{}])).toBe(7);
    expect(left([{}, {}, {}])).toBe(5);
    expect(left([{ purse: 'basic' }, {}, {}])).toBe(6);
    expect(left([{}, {}, { purse: 'insured' }])).toBe(6);
    // a session without cents uses none
    expect(left([{}, {}, { cents: 0 }])).toBe(6);
  });

  it('is told of a package that the policy knows on the date, at an insurer that it knows', () => {
    const values = { package: 'Ended', unit: 2 };
    const decision = { reason: { rule: 'no-entitlement', values } };
    for (const session2 of [{}, { insurer: '9999' }]) {
      const of = tracedCase(found(['Nine']), { decision, session: session2 });
      expect(stepOf(of, 'package').facts).toMatchObject({ package: 'Ended', limit: null, left: null, manualLeft: null });
      expect(of.next).toEqual([]);
    }
  });

  it('of manual therapy is told where the line is of it', () => {
    const manual = (quantity: number) =>
      stepOf(tracedCase(found(['Manual'], { performance: '1200', quantity })), 'package').facts;
    expect([manual(1), manual(2)]).toMatchObject([
      { left: 4, manualLeft: 1 },
      { left: 3, manualLeft: 0 },
    ]);
    expect(stepOf(tracedCase(found(['Manual'])), 'package').facts).toMatchObject({ left: 4, manualUnit: null, manualLeft: null });
    const unnumbered = tracedCase(found(['Nine'], { performance: '1200' }), {
      decision: { reason: { rule: 'no-entitlement', values: { ...paid, manualUnit: 1 } } },
    });
    expect(stepOf(unnumbered, 'package').facts).toMatchObject({ left: 7, manualLeft: null });
  });

  it('nothing, where no name was recorded', () => {
    for (const name of ['', null]) {
      const decision = { reason: { rule: 'no-entitlement', values: { package: name } } };
      expect(stepOf(tracedCase(found(['Nine']), { decision }), 'package').outcome).toBe('none');
    }
  });
});

it('an imported history takes its positions from a maximum too', () => {
  const sessions = [session('r', '2025-03-03', { diagnosis: '6486', csi: '010', performance: '1600' })];
  const histories = [history(4, '2024-12-31', { startedOn: '2024-06-03' })];
  const insurance = [{ insurer: '3343', from: '2025-01-01', through: null }];
  const of = tracedCase({ facts: person({ insurance, trajectories: [{ sessions, histories }] }), book: bookOf() });
  expect(stepOf(of, 'cap').facts).toMatchObject({ used: 4, cap: 9, per: 'once' });
  expect(nextByKind(of).cap).toEqual({ left: 4, until: null });
});
