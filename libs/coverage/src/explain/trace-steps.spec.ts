/** Each step of a trace: what it was asked with, what it used, and on what that rests. */
import type { PolicyBook } from '../index';
import { RULES, sentencesOf, STEPS, trace, type Trace } from '../index';
import { consentBook, decidedLine } from '../testing/every-rule';
import { person, session, statement, type PersonSpec } from '../testing/facts';
import { bookOf, conditions, document } from '../testing/policy';
import { parametersOf, ruleCase, stepOf, tracedCase, tracedRule, tracedWith } from '../testing/traced';

const INTERPRETED = [
  ...['closedCodeCondition', 'ambiguousCondition', 'countsAsSession', 'importBelowOwn', 'monthArithmetic', 'newEpisode'],
  ...['roundingOfSplit', 'pauseRestartsCountAfterMonths', 'ofTheItem'],
].map((name) => ({ name, values: [{ from: '2006-01-01', value: 'ours' }], reason: 'test' }));
/** Every step has an interpretation, and multiple sclerosis rests on one itself. */
const full = bookOf({
  interpretations: [...document.interpretations, ...INTERPRETED],
  conditions: conditions.map((each) =>
    each.id === '1.a.2'
      ? { ...each, periods: each.periods.map((period) => ({ ...period, interpretations: ['ofTheItem'] })) }
      : each,
  ),
});
const fully = (rule: string) => tracedCase({ ...ruleCase(rule), book: full });
/** The trace of the line named `r` of one trajectory. */
const only = (
  changes: Parameters<typeof session>[2],
  date = '2025-03-03',
  more: Partial<PersonSpec> = {},
  book: PolicyBook = full,
) => tracedCase({ facts: person({ trajectories: [{ sessions: [session('r', date, changes)] }], ...more }), book });
const outcomes = (of: Trace, ...names: Parameters<typeof stepOf>[1][]) => names.map((name) => stepOf(of, name).outcome);
const ALWAYS = new Set(['insured', 'duplicate-or-credit', 'override', 'insured-part', 'money-flow']);
const AFTER_BASIC = new Set(['package', 'deductible']);

describe('what is asked', () => {
  it.each(RULES.map(({ id }) => id))('of %s: all until it is settled, and of what follows only the money', (rule) => {
    const of = tracedRule(rule);
    const at = STEPS.findIndex(({ name }) => name === of.decidedBy);
    // what was set by hand: without it the basic insurance would pay
    const opened = of.steps[at]?.outcome === 'opened-basic' || rule === 'overridden';
    const asked = STEPS.filter(({ name }, i) => {
      if (ALWAYS.has(name)) return true;
      // a line that is too late takes its place all the same
      if (rule === 'too-late') return i <= at || name === 'order';
      return i <= at || opened || (of.status === 'decided' && AFTER_BASIC.has(name));
    }).map(({ name }) => name);
    // a package is not asked where the basic insurance pays all
    const isAsked = ({ name, outcome }: Trace['steps'][number]) => outcome !== 'not-asked' || (opened && name === 'package');
    expect(of.steps.filter(isAsked).map(({ name }) => name)).toEqual(asked);
  });

  it('of a rule that is not known here everything', () => {
    const { decision } = decidedLine(ruleCase('within-threshold'));
    const of = tracedCase(ruleCase('within-threshold'), {
      decision: { reason: { rule: 'of-old', values: decision.reason.values } },
    });
    expect(of.steps.map(({ outcome }) => outcome)).not.toContain('not-asked');
    expect(outcomes(of, 'diagnosis', 'threshold', 'term', 'long-session')).toEqual([
      'passed',
      'passed',
      'passed',
      'does-not-apply',
    ]);
    const held = tracedCase(ruleCase('hold-switch'), { decision: { reason: { rule: 'of-old', values: {} } } });
    expect(outcomes(held, 'hold', 'consent', 'package')).toEqual(['held', 'does-not-apply', 'not-asked']);
  });

  it('at an insurer that the policy does not know: the same, and nothing of an insurer is named', () => {
    const ofInsurer = [
      ...['claimTimeLimitMonths', 'closedSessionsThrough', 'authorisationFor'],
      ...['deductibleExemptions', 'paysProviderInFull', 'packageLimit'],
    ];
    const named = new Set<string>();
    for (const { id } of RULES) {
      const stranger = tracedCase(ruleCase(id), { session: { insurer: '9999' } });
      for (const { parameters } of tracedRule(id).steps) for (const { name } of parameters) named.add(name);
      for (const { parameters } of stranger.steps) expect(parameters.filter(({ name }) => ofInsurer.includes(name))).toEqual([]);
      expect(sentencesOf(stranger, 'en').decision).toBe(sentencesOf(tracedRule(id), 'en').decision);
    }
    expect(ofInsurer.filter((name) => !named.has(name))).toEqual([]);
  });
});

describe('the line itself', () => {
  it.each<[Parameters<typeof stepOf>[1], object, readonly string[]]>([
    ['insured', { date: '2025-03-03', insurer: '3343' }, []],
    [
      'performance',
      { list: '012', performance: '1000', quantity: 2, declaredCents: 8000 },
      ['list', 'performanceKind', 'counts', 'maxQuantityPerLine', 'amountMismatchCode'],
    ],
    [
      'diagnosis',
      { diagnosis: '9373', csi: '008', condition: '1.a.2', class: null },
      ['diagnosisRelease', 'indication', 'ambiguousCondition'],
    ],
    ['in-time', { date: '2025-03-03', received: '2025-03-09' }, ['claimTimeLimitMonths']],
    [
      'order',
      { position: 1, sessions: 2, imported: 0, asChild: 0, isProvisional: false },
      ['countsAsSession', 'pauseRestartsCountAfterMonths'],
    ],
    ['hold', {}, ['holdUnknownHistory', 'assertedSlack']],
    ['entitlement', {}, ['ofTheItem']],
    ['threshold', { position: 1, threshold: 20, start: '2025-03-03', leftOut: 0 }, ['threshold', 'countSessionsBeforeAge18']],
    [
      'insured-part',
      { basic: 0, supplementary: 0, insured: 8000, refused: 0, undecided: 0, declared: 8000 },
      ['roundingOfSplit'],
    ],
    ['money-flow', { paidToProvider: 8000, claimFromInsured: 8000, codes: '' }, ['paysProviderInFull']],
  ])('%s', (name, facts, parameters) => {
    const found = stepOf(only({ quantity: 2, receivedOn: '2025-03-09' }), name);
    expect([found.facts, found.parameters.map((each) => each.name)]).toEqual([facts, parameters]);
  });

  it('of one session there is nothing to round, and nothing is ambiguous where the code has one item', () => {
    const of = only({ diagnosis: '3176' });
    expect([stepOf(of, 'insured-part').parameters, parametersOf(of, 'diagnosis').ambiguousCondition]).toEqual([[], undefined]);
  });

  it('of a code that is closed the grace of the insurer stands there, whether the line is accepted or not', () => {
    const grace = { closedSessionsThrough: '2024-06-30', closedStartedBefore: null, closedCodeCondition: 'ours' };
    const accepted = only({ diagnosis: '9376' }, '2024-06-30');
    expect([accepted.status, accepted.condition?.id]).toEqual(['decided', 'annex-unspecified']);
    for (const each of [accepted, fully('closed-code')]) expect(parametersOf(each, 'diagnosis')).toMatchObject(grace);
    expect(Object.keys(parametersOf(fully('unknown-code'), 'diagnosis'))).toEqual(['diagnosisRelease', 'indication']);
  });

  it('of a line that its items refuse, what the items of its code ask for', () => {
    expect(parametersOf(tracedRule('age-limit'), 'diagnosis')).toMatchObject({ ageBelow: 22 });
    expect(stepOf(tracedRule('age-limit'), 'diagnosis').facts).toMatchObject({ diagnosis: '6210', condition: null, age: 30 });
    expect(parametersOf(tracedRule('performance-required'), 'diagnosis')).toMatchObject({ performancesRequired: '10039 10040' });
    expect(Object.keys(parametersOf(only({ diagnosis: '6210', csi: '999' }), 'diagnosis'))).toEqual(['diagnosisRelease']);
    expect(parametersOf(tracedRule('no-threshold'), 'diagnosis')).toMatchObject({ performancesRequired: '10039 10040' });
    // as an engine may have decided whose list had the code
    const unlisted = tracedCase(ruleCase('age-limit'), { session: { diagnosis: '0000' } });
    expect(Object.keys(parametersOf(unlisted, 'diagnosis'))).toEqual(['diagnosisRelease', 'indication']);
  });

  it('what a line of the condition requires is told as it was on its day, whichever day is traced first', () => {
    const book = bookOf();
    const required = (date: string) => {
      const line = session('r', date, { diagnosis: '9390', csi: '001', performance: '1000' });
      const { decision } = decidedLine({ facts: person({ trajectories: [{ sessions: [line] }] }), book });
      return stepOf(trace(decision, line, book), 'diagnosis').parameters.map(({ name }) => name);
    };
    expect(required('2024-08-01')).toContain('performancesRequired');
    expect(required('2024-06-28')).toContain('authorisationRequired');
    expect(required('2024-06-28')).not.toContain('performancesRequired');
  });

  it('a class of severity and sessions given as a child are told', () => {
    expect(stepOf(tracedRule('within-cap'), 'diagnosis').facts).toMatchObject({ class: 'B1' });
    const asChild = (values: Parameters<typeof tracedWith>[1]) =>
      stepOf(tracedWith('within-threshold', values), 'order').facts.asChild;
    expect([asChild({ asChild: 5 }), asChild({ givenAsChild: 4 }), asChild({})]).toEqual([5, 4, 0]);
    const leftOut = tracedWith('within-threshold', { asChild: 5 });
    expect(stepOf(leftOut, 'threshold').facts).toMatchObject({ leftOut: 5 });
    const below = fully('within-threshold');
    expect(Object.keys(parametersOf(below, 'order'))).not.toContain('importBelowOwn');
    const { decision } = decidedLine(ruleCase('within-threshold'));
    const flagged = tracedCase(
      { ...ruleCase('within-threshold'), book: full },
      { decision: { flags: [...decision.flags, 'history-below-own'] } },
    );
    expect(parametersOf(flagged, 'order')).toMatchObject({ importBelowOwn: 'ours' });
  });
});

it('a trace names the policy that decided, and the condition where there is one', () => {
  const policy = { version: 'test', digest: 'digest' };
  expect(tracedRule('combination')).toMatchObject({ policy, condition: null });
  expect(tracedRule('no-entitlement')).toMatchObject({ policy, condition: { id: 'none', name: null } });
  expect(tracedRule('past-cap')).toMatchObject({ policy, condition: { id: '2.6-5', name: { nl: '2.6-5', en: '2.6-5' } } });
});

describe('start, hold and consent', () => {
  it('the start condition is passed, to confirm while its date is not stated, or closes the basic insurance', () => {
    const late = tracedRule('start-too-late');
    expect(stepOf(late, 'start')).toMatchObject({ outcome: 'closed-basic', facts: { start: '2024-04-16', event: '2024-01-15' } });
    expect(parametersOf(late, 'start')).toEqual({ startWithinMonths: 3, startOf: 'diagnosis' });
    const shoulder = { sessions: [session('r', '2024-04-16', { diagnosis: '4021' })] };
    const stated = (diagnosedOn?: string) =>
      tracedCase({
        facts: person({
          trajectories: [
            { ...shoulder, statements: diagnosedOn === undefined ? [] : [statement('ClinicalFactsStated.v1', { diagnosedOn })] },
          ],
        }),
        book: full,
      });
    expect([stated('2024-01-16'), stated()].map((of) => stepOf(of, 'start').outcome)).toEqual(['passed', 'to-confirm']);
    expect(stepOf(stated(), 'start').facts).toEqual({ start: '2024-04-16', event: null });
    // a condition without a start condition, and a line without a condition
    for (const each of [only({}), only({ diagnosis: '4026', csi: '009' })])
      expect(outcomes(each, 'start')).toEqual(['does-not-apply']);
  });

  it('only an adult under Annex 1 is asked whether the count is known; what holds a line is told', () => {
    expect(outcomes(only({}), 'hold')).toEqual(['passed']);
    for (const changes of [
      { csi: '001', ageYears: 17, deductibleAge: false },
      { diagnosis: '7023', csi: '012' },
      { diagnosis: '4026', csi: '009' },
    ])
      expect(stepOf(only(changes), 'hold')).toMatchObject({ outcome: 'does-not-apply', parameters: [] });
    expect(outcomes(only({ csi: '001', ageYears: 18 }), 'hold')).toEqual(['held']);
    expect(['hold-switch', 'hold-asserted', 'hold-earlier'].map((rule) => stepOf(tracedRule(rule), 'hold').facts)).toEqual([
      { position: 1, switch: '2024-01-01', threshold: null, behind: null },
      { position: 1, switch: null, threshold: 20, behind: null },
      { position: 2, switch: null, threshold: null, behind: 1 },
    ]);
    for (const rule of ['hold-switch', 'within-threshold'])
      expect(parametersOf(tracedRule(rule), 'hold')).toEqual({ holdUnknownHistory: true, assertedSlack: 2 });
  });

  it('the consent is asked only of the conditions that need it', () => {
    const refused = tracedRule('authorisation');
    expect(stepOf(refused, 'consent')).toMatchObject({ outcome: 'closed-basic', facts: { code: '0551' } });
    const consent = { number: '1', from: '2025-01-01', through: '2025-12-31', maximum: null };
    const sessions = [session('r', '2025-03-03', { diagnosis: '7023', csi: '012' })];
    const statements = [statement('AuthorisationGranted.v1', consent)];
    const granted = tracedCase({ facts: person({ trajectories: [{ sessions, statements }] }), book: consentBook });
    expect(outcomes(granted, 'consent', 'cap')).toEqual(['passed', 'opened-basic']);
    for (const each of [refused, granted]) expect(parametersOf(each, 'consent')).toEqual({ authorisationFor: '2.6-5' });
    for (const changes of [{}, { diagnosis: '4026', csi: '009' }])
      expect(outcomes(only(changes, '2025-03-03', {}, consentBook), 'consent')).toEqual(['does-not-apply']);
  });
});
