/** Steps 10 to 13 of a trace: threshold, cap, term, long session, package, and what is left for whom. */
import { packageOf, person, session, weekly, type PersonSpec } from '../testing/facts';
import { bookOf, document } from '../testing/policy';
import { parametersOf, ruleCase, stepOf, tracedCase, tracedRule, tracedWith } from '../testing/traced';

const INTERPRETED = ['monthArithmetic', 'newEpisode', 'ofTheItem'].map((name) => ({
  ...{ name, values: [{ from: '2006-01-01', value: 'ours' }], reason: 'test' },
}));
const full = bookOf({ interpretations: [...document.interpretations, ...INTERPRETED] });
const only = (changes: Parameters<typeof session>[2], date = '2025-03-03', more: Partial<PersonSpec> = {}, book = full) =>
  tracedCase({ facts: person({ trajectories: [{ sessions: [session('r', date, changes)] }], ...more }), book });

describe('the threshold', () => {
  it.each<[string, () => ReturnType<typeof only>, string, object, readonly string[]]>([
    ['has not been reached', () => tracedRule('within-threshold'), 'closed-basic', { position: 3, threshold: 20, start: '2025-01-06', leftOut: 0 }, ['threshold', 'countSessionsBeforeAge18']],
    ['is behind', () => tracedRule('above-threshold'), 'opened-basic', { position: 21, threshold: 20, start: '2023-01-02', leftOut: 0 }, ['threshold', 'countSessionsBeforeAge18']],
    ['was passed before the term ended', () => tracedRule('past-term'), 'passed', { position: 22, threshold: 20, start: '2024-02-01', leftOut: 0 }, ['threshold', 'countSessionsBeforeAge18']],
    ['does not hold for a child', () => tracedRule('no-threshold-under-18'), 'opened-basic', { position: 1 }, ['adultAge']],
    ['was not what decided of a child', () => tracedWith('no-threshold-under-18', {}, { flags: [] }), 'opened-basic', { position: 1 }, ['adultAge']],
    ['is none for the condition', () => tracedRule('no-threshold'), 'opened-basic', { position: 1, threshold: 0 }, ['threshold']],
    ['is none outside Annex 1', () => tracedRule('within-cap'), 'does-not-apply', {}, []],
    ['is none without a condition', () => only({ diagnosis: '4026', csi: '009' }), 'not-asked', {}, []],
    ['has no source where the start was not recorded', () => tracedWith('within-threshold', { start: undefined }), 'closed-basic', { position: 3, threshold: 20, start: null, leftOut: 0 }, ['countSessionsBeforeAge18']],
    ['is not known to this engine, of a line without a condition', () => tracedCase(ruleCase('no-entitlement'), { decision: { reason: { rule: 'of-old', values: {} } } }), 'does-not-apply', {}, []],
    ['is not known to this engine, of a condition that has its own', () => tracedCase(ruleCase('no-threshold'), { decision: { reason: { rule: 'of-old', values: {} } } }), 'does-not-apply', {}, ['threshold']],
    ['was not recorded', () => tracedWith('within-threshold', { threshold: undefined }), 'passed', {}, []],
  ])('%s', (_, of, outcome, facts, parameters) => {
    const found = stepOf(of(), 'threshold');
    expect([found.outcome, found.facts, found.parameters.map(({ name }) => name)]).toEqual([outcome, facts, parameters]);
  }); // prettier-ignore

  it('of a child whose line something else settled does not apply', () => {
    const long = only({ csi: '001', ageYears: 12, deductibleAge: false, performance: '1700', diagnosis: '9374' });
    expect([long.rule, stepOf(long, 'threshold').outcome]).toEqual(['long-session', 'does-not-apply']);
  });

  it('of a condition that has its own number rests on that one, not on the start', () => {
    const byCondition = [{ condition: '1.a.5', from: '2024-01-01', sessions: 5, source: 'own' }];
    const book = bookOf({ thresholds: { ...document.thresholds, byCondition } });
    const step = stepOf(only({ diagnosis: '9374' }, '2025-03-03', {}, book), 'threshold');
    expect(step.facts).toMatchObject({ position: 1, threshold: 5, start: '2025-03-03' });
    expect(step.parameters.map(({ name, value, source }) => [name, value, source])).toEqual([
      ['threshold', 5, 'own'],
      ['countSessionsBeforeAge18', true, 'interpretation'],
    ]);
    const long = only({ diagnosis: '9390', csi: '001', performance: '1700' }, '2025-03-03');
    expect(stepOf(long, 'threshold').outcome).toBe('not-asked');
    // no number recorded, since the condition has none of the first sessions left out
    const ofNone = tracedWith('no-threshold', {}, {});
    expect(stepOf({ ...ofNone }, 'threshold').parameters[0]).toMatchObject({ value: 0, source: 'test' });
  });
});

describe('cap and term', () => {
  it('the class, what is used and the maximum', () => {
    const within = tracedRule('within-cap');
    expect(stepOf(within, 'cap').facts).toEqual({ used: 1, cap: 27, per: 'treatment-year', until: '2025-01-01', class: 'B1' });
    expect(parametersOf(within, 'cap')).toMatchObject({ capPer: 'treatment-year', 'cap B1, first year': 27 });
    expect(stepOf(tracedRule('past-cap'), 'cap').facts).toEqual({ used: 12, cap: 12, per: 'term', until: null, class: null });
    // what opened it is told even where no number of the maximum is known
    const unknown = tracedWith('within-cap', { class: undefined });
    expect(stepOf(unknown, 'cap')).toMatchObject({ outcome: 'opened-basic', parameters: [] });
    expect(stepOf(unknown, 'cap').facts).toEqual({});
    // a class says nothing where the condition has no maximum
    for (const values of [{}, { class: 'B1' }])
      expect(stepOf(tracedWith('above-threshold', values), 'cap').outcome).toBe('does-not-apply');
    const long = only({ diagnosis: '7023', csi: '012', performance: '1700' });
    expect([long.rule, stepOf(long, 'cap').outcome]).toEqual(['long-session', 'passed']);
  });

  it.each<[string, () => ReturnType<typeof only>, string, object, readonly string[]]>([
    ['ended', () => tracedRule('past-term'), 'closed-basic', { anchor: '2024-02-01', end: '2024-05-01' }, []],
    ['runs still', () => tracedRule('past-cap'), 'not-asked', {}, []],
    ['runs still', () => only({ diagnosis: '7023', csi: '012' }), 'passed', { anchor: '2025-03-03', end: '2026-03-03' }, ['termMonths', 'termAnchor', 'monthArithmetic', 'newEpisode']],
    ['could not begin, of a condition that is not known here', () => tracedCase(ruleCase('term-not-opened'), { decision: { condition: 'of-old' } }), 'closed-basic', { start: '2024-07-01', noStartFrom: null }, []],
    ['is open', () => only({}, '2025-03-03'), 'not-asked', {}, []],
    ['is open', () => tracedRule('above-threshold'), 'does-not-apply', {}, ['termMonths']],
    ['could not begin', () => only({ diagnosis: '9363', csi: '020' }, '2024-07-01'), 'closed-basic', { start: '2024-07-01', noStartFrom: '2024-07-01' }, ['termMonths', 'termAnchor', 'noStartFrom', 'endsOn', 'monthArithmetic', 'newEpisode']],
    ['runs from another day than the start', () => tracedWith('past-term', { anchor: '2024-03-01' }), 'closed-basic', { anchor: '2024-03-01', end: '2024-05-01' }, []],
    ['ended, of a condition that had none', () => tracedWith('past-term', { end: '2024-05-01', start: undefined }), 'closed-basic', { anchor: null, end: '2024-05-01' }, []],
  ])('a term that %s', (_, of, outcome, facts, parameters) => {
    const found = stepOf(of(), 'term');
    expect([found.outcome, found.facts]).toEqual([outcome, facts]);
    if (parameters.length > 0) expect(found.parameters.map(({ name }) => name)).toEqual(parameters);
  }); // prettier-ignore

  it('a long session is asked of those alone', () => {
    expect(stepOf(tracedRule('long-session'), 'long-session')).toMatchObject({
      outcome: 'closed-basic',
      facts: { performance: '1700' },
    });
    const covered = only({ diagnosis: '3176', csi: '001', ageYears: 12, deductibleAge: false, performance: '1700' });
    expect([covered.rule, stepOf(covered, 'long-session').outcome]).toEqual(['no-threshold-under-18', 'passed']);
    expect(stepOf(tracedRule('above-threshold'), 'long-session')).toMatchObject({ outcome: 'does-not-apply', facts: {} });
    // of a list that the policy does not have nothing is known
    const unlisted = tracedCase(ruleCase('long-session'), { session: { list: '099' } });
    expect(stepOf(unlisted, 'long-session').outcome).toBe('does-not-apply');
  });

  it('a line outside the basic insurance names its indication', () => {
    expect(stepOf(tracedRule('no-entitlement'), 'entitlement')).toMatchObject({ outcome: 'closed-basic', facts: { csi: '009' } });
    expect(stepOf(tracedRule('within-threshold'), 'entitlement')).toMatchObject({ outcome: 'passed', parameters: [] });
  });
});

describe('the package', () => {
  const none = { diagnosis: '4026', csi: '009' };
  const year = (count: number, changes: object, packages: readonly string[], date = '2025-01-06') => {
    const lines = weekly('s', date, count, { ...none, ...changes });
    const last = lines.at(-1);
    const sessions = [...lines.slice(0, -1), session('r', last?.date ?? date, { ...none, ...changes })];
    return stepOf(
      tracedCase({
        facts: person({ trajectories: [{ sessions }], packages: packages.map((each) => packageOf(each)) }),
        book: full,
      }),
      'package',
    );
  };
  const base = {
    year: '2025',
    unit: null,
    manualUnit: null,
    limit: null,
    manualLimit: null,
    left: null,
    manualLeft: null,
    sessionsPaid: 0,
  };
  it.each<[string, () => ReturnType<typeof year>, string, object]>([
    ['none is in force', () => year(1, {}, []), 'none', {}],
    ['it pays', () => year(2, {}, ['Nine']), 'paid', { ...base, package: 'Nine', unit: 2, limit: 9, left: 7, sessionsPaid: 1 }],
    ['it pays several', () => year(1, { quantity: 3 }, ['Nine']), 'paid', { ...base, package: 'Nine', unit: 1, limit: 9, left: 6, sessionsPaid: 3 }],
    ['it has no limit', () => year(2, {}, ['Unlimited']), 'paid', { ...base, package: 'Unlimited', unit: 2, sessionsPaid: 1 }],
    ['it is used up', () => year(10, {}, ['Nine']), 'exhausted', { ...base, package: 'Nine', limit: 9, left: 0 }],
    ['its manual therapy is used up', () => year(3, { performance: '1200' }, ['Manual']), 'exhausted', { ...base, package: 'Manual', limit: 5, manualLimit: 2 }],
    ['it pays manual therapy', () => year(1, { performance: '1200', quantity: 2 }, ['Manual']), 'paid', { ...base, package: 'Manual', unit: 1, manualUnit: 1, limit: 5, manualLimit: 2, left: 3, manualLeft: 0, sessionsPaid: 2 }],
    ['it has no number for the year', () => year(1, {}, ['Ended']), 'unknown', { ...base, package: 'Ended' }],
  ])('%s', (_, asked, outcome, facts) => {
    const step = asked();
    expect([step.outcome, step.facts]).toEqual([outcome, facts]);
  }); // prettier-ignore

  it('names its limits, or why it is not reached', () => {
    expect(year(1, {}, ['Manual']).parameters.map(({ name, value }) => [name, value])).toEqual([
      ['packageLimit', 5],
      ['manualLimit', 2],
    ]);
    const copd = Array.from({ length: 5 }, (_, i) => session(`a${i}`, `2024-01-0${i + 1}`, { diagnosis: '2554', csi: '013' }));
    const sessions = [...copd, session('r', '2024-01-08', { diagnosis: '2554', csi: '013' })];
    const facts = person({ trajectories: [{ sessions }], packages: [packageOf('Nine')] });
    const beyond = tracedCase({ facts, book: full });
    expect([beyond.rule, stepOf(beyond, 'package').outcome]).toEqual(['past-cap', 'not-reached']);
    expect(parametersOf(beyond, 'package')).toEqual({ overCapUsesSupplementary: true, overCapExcept: '2.6-6' });
    // an item that is no session uses none
    const report = only({ performance: '1900' }, '2025-03-03', { packages: [packageOf('Nine')] });
    expect(stepOf(report, 'package').outcome).toBe('not-reached');
    expect(tracedRule('above-threshold').steps.find(({ name }) => name === 'package')).toMatchObject({ outcome: 'not-asked' });
  });

  it('that is held at another insurer is told with who holds it', () => {
    const packages = [packageOf('Nine', '2000-01-01', null, '7095')];
    const of = only(none, '2025-03-03', { packages });
    expect(stepOf(of, 'package')).toMatchObject({ outcome: 'elsewhere', facts: { insurer: '7095' } });
    expect(of.next.map(({ kind }) => kind)).toEqual([]);
  });
});

describe('what is left', () => {
  it('for the insured, or nothing', () => {
    expect(stepOf(tracedRule('long-session'), 'insured-part').outcome).toBe('borne');
    for (const rule of ['above-threshold', 'no-entitlement', 'combination', 'hold-switch'])
      expect([rule, stepOf(tracedRule(rule), 'insured-part').outcome]).toEqual([rule, 'nothing']);
  });

  it('the deductible is asked of what the basic insurance pays, and holds for adults', () => {
    const adult = tracedRule('above-threshold');
    expect(stepOf(adult, 'deductible')).toMatchObject({ outcome: 'applies', facts: { basic: 4000 } });
    expect(parametersOf(adult, 'deductible')).toEqual({ deductibleExemptions: '' });
    const child = stepOf(tracedRule('no-threshold-under-18'), 'deductible');
    expect([child.outcome, child.facts, child.parameters.length]).toEqual(['does-not-apply', { basic: 4000 }, 1]);
    const unpaid = stepOf(tracedRule('within-threshold'), 'deductible');
    expect([unpaid.outcome, unpaid.facts, unpaid.parameters]).toEqual(['does-not-apply', {}, []]);
  });

  it('the money flow tells the codes with the cents', () => {
    expect(stepOf(tracedRule('too-late'), 'money-flow').facts).toEqual({ paidToProvider: 0, claimFromInsured: 0, codes: '0586' });
    expect(stepOf(tracedRule('hold-switch'), 'money-flow').facts).toMatchObject({ codes: '0613 8072' });
  });
});
