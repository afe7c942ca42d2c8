/** What is told to come next, rule by rule, also of decisions that an older engine recorded with fewer numbers. */
import { RULES, type NextChange, type Trace } from '../index';
import { decidedLine } from '../testing/every-rule';
import { packageOf, person, session, weekly } from '../testing/facts';
import { bookOf, conditions, document } from '../testing/policy';
import { nextByKind, ruleCase, stepOf, tracedCase, tracedRule, tracedWith } from '../testing/traced';

type Change = [NextChange['kind'], NextChange['values']];
const changesOf = (of: Trace): Change[] => of.next.map(({ kind, values }) => [kind, values]);
const kindsOf = (of: Trace): string[] => of.next.map(({ kind }) => kind);

describe('of each rule', () => {
  const stated: Change = ['package-stated', { date: '2025-03-03' }];
  const confirm: Change = ['confirm-date', { event: 'diagnosis' }];
  const told: Readonly<Record<string, readonly Change[]>> = {
    'not-insured': [['insurance', { date: '2025-03-03', insurer: '3343' }]],
    performance: [['declare-performance', { list: '012', performance: '9999' }]],
    'unknown-code': [['declare-diagnosis', { diagnosis: '0000' }]],
    'closed-code': [['declare-diagnosis', { diagnosis: '9376' }]],
    indication: [['declare-indication', { diagnosis: '9373', csi: '999' }]],
    provider: [['declare-performance', { list: '012', performance: '1000' }]],
    combination: [['declare-indication', { diagnosis: '9373', csi: '009' }]],
    'age-limit': [['declare-indication', { diagnosis: '6210', csi: '008' }]],
    'performance-required': [['declare-required', { diagnosis: '9390', csi: '001', performance: '1000' }]],
    'start-too-late': [
      ['correct-date', { event: 'diagnosis', start: '2024-04-16', months: 3 }],
      ['package-stated', { date: '2024-04-16' }],
    ],
    'hold-switch': [['history-for-switch', { switch: '2024-01-01' }]],
    'hold-asserted': [['history', {}]],
    'hold-earlier': [['release', { position: 1 }]],
    authorisation: [['consent', { date: '2025-03-03', code: '0551' }], stated],
    'within-threshold': [
      ['threshold', { position: 21, before: '2026-01-06' }],
      ['package', { package: 'Nine', year: '2025', left: 6, manualLeft: null }],
      confirm,
    ],
    'within-cap': [['cap', { left: 25, until: '2025-01-01' }]],
    'past-cap': [['package', { package: 'Nine', year: '2025', left: 8, manualLeft: null }]],
    'past-term': [
      ['extension', { months: 6, end: '2024-11-01' }],
      ['episode', { from: '2024-06-27' }],
      // the sessions within the threshold used it up
      ['package-renews', { package: 'Nine', from: '2025-01-01' }],
      confirm,
    ],
    'term-not-opened': [
      ['earlier-start', { before: '2024-07-01' }],
      ['package-stated', { date: '2024-07-01' }],
    ],
    'long-session': [['package-stated', { date: '2025-07-01' }]],
    overridden: [['override-ends', { from: '2027-01-01' }]],
    'no-entitlement': [['package', { package: 'Nine', year: '2025', left: 8, manualLeft: null }]],
  };
  it.each(RULES.map(({ id }) => id))('%s', (rule) => {
    expect(changesOf(tracedRule(rule))).toEqual(told[rule] ?? []);
  });

  it('a closed code that is accepted in trajectories of before a date: an earlier start, or another code', () => {
    const of = tracedWith('closed-code', { startedBefore: '2020-01-01' });
    expect(changesOf(of)).toEqual([
      ['earlier-start', { before: '2020-01-01' }],
      ['declare-diagnosis', { diagnosis: '9376' }],
    ]);
    expect(kindsOf(tracedWith('closed-code', { startedBefore: '' }))).toEqual(['declare-diagnosis']);
  });

  it('of a rule that is not known here nothing, whether the line is invalid, held or decided', () => {
    const reason = { rule: 'of-old', values: { behind: 2 } };
    for (const rule of ['combination', 'hold-switch', 'above-threshold'])
      expect(tracedCase(ruleCase(rule), { decision: { reason, units: [] } }).next).toEqual([]);
  });
});

describe('of the last session of the line', () => {
  it('a line that began within the threshold and ended past it looks ahead to the end of the term', () => {
    const shoulder = { diagnosis: '4021' };
    const sessions = [...weekly('s', '2025-01-06', 18, shoulder), session('r', '2025-06-02', { ...shoulder, quantity: 3 })];
    const of = tracedCase({ facts: person({ trajectories: [{ sessions }] }), book: bookOf() });
    expect([of.rule, of.units.map(({ purse }) => purse)]).toEqual(['within-threshold', ['insured', 'insured', 'basic']]);
    expect(kindsOf(of)).toEqual(['term-end', 'package-stated', 'confirm-date']);
    expect(nextByKind(of)['term-end']).toEqual({ date: '2026-01-06' });
  });
});

describe('of a term, what lies before its end', () => {
  const end = '2025-06-01';
  it.each(['above-threshold', 'no-threshold', 'no-threshold-under-18', 'within-cap'])('%s: the term ends', (rule) => {
    expect(nextByKind(tracedWith(rule, { end }))['term-end']).toEqual({ date: end });
    expect(nextByKind(tracedWith(rule, { end: undefined }))['term-end']).toBeUndefined();
  });

  it('the threshold, where the session is before it and its number was recorded', () => {
    const threshold = (values: Parameters<typeof tracedWith>[1]) => nextByKind(tracedWith('within-threshold', values)).threshold;
    expect(threshold({ end: '2025-01-20' })).toBeUndefined();
    expect(threshold({ end: '2025-01-21' })).toEqual({ position: 21, before: '2025-01-21' });
    expect(threshold({ end: undefined })).toEqual({ position: 21, before: null });
    expect(threshold({ threshold: undefined })).toBeUndefined();
    expect(threshold({ asChild: 5, end: undefined })).toEqual({ position: 26, before: null });
  });

  it('a maximum, where what was used of it is known', () => {
    expect(nextByKind(tracedWith('within-cap', { used: undefined })).cap).toBeUndefined();
  });

  it('the next period of a cap, where it begins before the end', () => {
    const lines = Array.from({ length: 28 }, (_, i) =>
      session(i === 27 ? 'r' : `a${i + 10}`, `2024-01-${String(i + 1).padStart(2, '0')}`, { diagnosis: '2554', csi: '014' }),
    );
    const found = { facts: person({ trajectories: [{ sessions: lines }] }), book: bookOf() };
    const { reason } = decidedLine(found).decision;
    const renews = (values: object) =>
      nextByKind(tracedCase(found, { decision: { reason: { rule: 'past-cap', values: { ...reason.values, ...values } } } }))[
        'cap-renews'
      ];
    expect(renews({})).toEqual({ from: '2025-01-01' });
    expect(renews({ end: '2025-01-02' })).toEqual({ from: '2025-01-01' });
    expect(renews({ end: '2025-01-01' })).toBeUndefined();
  });

  it('an extension, where it is not confirmed and reaches the session', () => {
    const extension = (values: Parameters<typeof tracedWith>[1], date?: string) => {
      const { decision } = decidedLine(ruleCase('past-term'));
      const reason = { rule: 'past-term', values: { ...decision.reason.values, ...values } as typeof decision.reason.values };
      return nextByKind(tracedCase(ruleCase('past-term'), { decision: { reason }, session: date === undefined ? {} : { date } }))
        .extension;
    };
    const told = { months: 6, end: '2024-11-01' };
    expect(extension({})).toEqual(told);
    expect(extension({}, '2024-10-31')).toEqual(told);
    expect(extension({}, '2024-11-01')).toBeUndefined();
    expect(extension({ end: '2024-11-01' })).toBeUndefined();
    // the term may run from another day than the start
    expect(extension({ anchor: '2024-03-01', end: '2024-06-01' })).toEqual({ months: 6, end: '2024-12-01' });
    expect(extension({ start: null })).toBeUndefined();
    const without = (id: string) => {
      const decision = { condition: id, reason: { rule: 'past-term', values: { start: '2024-02-01', end: '2024-05-01' } } };
      return kindsOf(tracedCase(ruleCase('past-term'), { decision }));
    };
    // neither a term without one, nor an open term, nor a condition that is not known here
    for (const id of ['2.6-4', '1.a.2', 'of-old', '1.b.3']) expect(without(id)).not.toContain('extension');
    expect([without('2.6-4').includes('episode'), without('2.6-5').includes('episode')]).toEqual([true, false]);
  });
});

describe('of a decision whose condition says nothing of it', () => {
  it.each(['start-too-late', 'term-not-opened', 'past-term', 'past-cap', 'within-cap'])(
    '%s: nothing of the condition is promised',
    (rule) => {
      for (const condition of ['1.a.2', 'of-old', null]) {
        const { reason } = decidedLine(ruleCase(rule)).decision;
        const { end, ...values } = reason.values;
        void end;
        const of = tracedCase(ruleCase(rule), { decision: { condition, reason: { rule, values } } });
        expect(kindsOf(of).filter((kind) => !kind.startsWith('package'))).toEqual([]);
      }
    },
  );

  it('a consent or a start that was not recorded is told without it', () => {
    expect(nextByKind(tracedWith('authorisation', { code: undefined })).consent).toEqual({ date: '2025-03-03', code: null });
    expect(nextByKind(tracedWith('start-too-late', { start: undefined }))['correct-date']).toMatchObject({ start: null });
    expect(nextByKind(tracedWith('hold-switch', { switch: undefined }))['history-for-switch']).toEqual({ switch: null });
    expect(nextByKind(tracedWith('hold-earlier', { behind: undefined })).release).toEqual({ position: null });
  });
});

describe('of the package', () => {
  it('nothing where it is not reached, is held elsewhere, has no limit, or grants no sessions', () => {
    expect(tracedWith('no-entitlement', { packageAt: '7095', package: undefined }).next).toEqual([]);
    const report = session('r', '2025-03-03', { performance: '1900' });
    const of = tracedCase({ facts: person({ trajectories: [{ sessions: [report] }] }), book: bookOf() });
    expect(kindsOf(of)).not.toContain('package-stated');
    const insurers = document.insurers.map((each) => ({
      ...each,
      packages: [{ name: 'Nought', periods: [{ from: '2006-01-01', limit: 0, source: 'test' }] }],
    }));
    const found = ruleCase('no-entitlement');
    const values = { package: 'Nought', limit: 0 };
    const decision = {
      units: [{ position: null, purse: 'insured', cents: 4000, rule: '' }],
      reason: { rule: 'no-entitlement', values },
    } as const;
    expect(tracedCase({ ...found, book: bookOf({ insurers }) }, { decision }).next).toEqual([]);
    // what the package asks is the rule of the session, and where that is not recorded the rule of the line
    const beyond = { ...decision, condition: '2.6-6', reason: { rule: 'past-cap', values: {} } };
    expect(kindsOf(tracedCase(found, { decision: beyond }))).toEqual([]);
    expect(stepOf(tracedCase(found, { decision: beyond }), 'package').outcome).toBe('not-reached');
    const inside = { ...beyond, units: [{ ...decision.units[0], rule: 'long-session' }] };
    expect(kindsOf(tracedCase(found, { decision: inside }))).toEqual(['package-stated']);
    expect(stepOf(tracedCase(found, { decision: inside }), 'package').outcome).toBe('none');
  });

  it('the next year, where it or its manual therapy is used up', () => {
    const renews = (values: Parameters<typeof tracedWith>[1]) =>
      nextByKind(tracedWith('no-entitlement', { unit: undefined, ...values }))['package-renews'];
    expect(renews({ limit: 9 })).toEqual({ package: 'Nine', from: '2026-01-01' });
    expect(renews({ package: 'Manual', manualLimit: 2 })).toEqual({ package: 'Manual', from: '2026-01-01' });
    expect(renews({})).toBeUndefined();
  });

  it('of manual therapy alone, where that alone has a number', () => {
    const insurers = document.insurers.map((each) => ({
      ...each,
      packages: [{ name: 'Free', periods: [{ from: '2006-01-01', limit: null, manualLimit: 4, source: 'test' }] }],
    }));
    const sessions = [session('r', '2025-03-03', { diagnosis: '4026', csi: '009', performance: '1200' })];
    const facts = person({ trajectories: [{ sessions }], packages: [packageOf('Free')] });
    expect(changesOf(tracedCase({ facts, book: bookOf({ insurers }) }))).toEqual([
      ['package', { package: 'Free', year: '2025', left: null, manualLeft: 3 }],
    ]);
  });
});

describe('of the dates to confirm', () => {
  /** Surgery of the arm or leg; the term of its item runs from the event, and its start may be bounded by another. */
  const events = (
    period: Partial<(typeof conditions)[number]['periods'][number]>,
    changes: Parameters<typeof session>[2] = {},
    flags?: string[],
  ) => {
    const book = bookOf({
      conditions: conditions.map((each) =>
        each.id === '1.b.7'
          ? { ...each, periods: each.periods.map((known) => ({ ...known, start: undefined, ...period })) }
          : each,
      ),
    });
    const found = {
      facts: person({ trajectories: [{ sessions: [session('r', '2025-03-03', { diagnosis: '4021', ...changes })] }] }),
      book,
    };
    const of = tracedCase(found, { decision: { flags: flags ?? ['date-to-confirm'] } });
    return of.next.filter(({ kind }) => kind === 'confirm-date').map(({ values }) => values.event);
  };
  const from = (
    anchor: 'first-session' | 'discharge' | 'first-session-after-discharge' | 'end-of-conservative-treatment' | 'last-radiation',
  ) => ({
    term: { months: 12, anchor },
  });
  const start = (of: 'diagnosis' | 'discharge') => ({ start: { withinMonths: 3, of } });

  it.each([
    ['the term from the discharge', () => events(from('discharge')), ['discharge']],
    ['the term from the first session after it', () => events(from('first-session-after-discharge')), ['discharge']],
    ['the term from conservative treatment', () => events(from('end-of-conservative-treatment')), ['conservative-treatment']],
    ['the term from the last radiation', () => events(from('last-radiation')), ['last-radiation']],
    ['the term from a session, or an open one', () => [...events(from('first-session')), ...events({ term: 'open' })], []],
    ['the start after the diagnosis', () => events({ ...from('first-session'), ...start('diagnosis') }), ['diagnosis']],
    ['both, of two events', () => events({ ...from('discharge'), ...start('diagnosis') }), ['diagnosis', 'discharge']],
    ['both, of one event', () => events({ ...from('discharge'), ...start('discharge') }), ['discharge']],
    ['a long session', () => events(from('first-session'), { performance: '1700' }), ['diagnosis']],
    ['a long session and the term', () => events(from('discharge'), { performance: '1700' }), ['discharge', 'diagnosis']],
    [
      'a long session and the start after the diagnosis',
      () => events(start('diagnosis'), { performance: '1700' }),
      ['diagnosis'],
    ],
    ['nothing, where all is stated', () => events({ ...from('discharge'), ...start('diagnosis') }, {}, []), []],
  ])('%s', (_, told, expected) => {
    expect(told()).toEqual(expected);
  });

  it('none of a condition that is not known here', () => {
    for (const condition of ['of-old', null]) {
      const decision = { condition, flags: ['date-to-confirm'], reason: { rule: 'of-old', values: {} }, units: [] };
      expect(tracedCase(ruleCase('within-threshold'), { decision }).next).toEqual([]);
    }
  });
});

it('a session that the basic insurance pays tells what is left of its maximum and its term, and no more', () => {
  const sessions = [session('r', '2025-03-03', { diagnosis: '7023', csi: '012' })];
  const of = tracedCase({ facts: person({ trajectories: [{ sessions }] }), book: bookOf() });
  expect(kindsOf(of)).toEqual(['cap', 'term-end']);
});
