import { PolicyError, type ConditionRule, type PolicyDocument } from '../index';
import { bookOf, conditions, document } from '../testing/policy';
import type { ConditionTerms, IndicationInfo, PerformanceInfo } from './book';
import type { ConditionPeriod, InterpretationRule } from './document';

const source = 'test';
const [condition] = conditions as [ConditionRule];
const BARE: ConditionPeriod = { from: '2006-01-01', term: 'open', newEpisode: 'refused', source };
const withPeriods = (...periods: ConditionPeriod[]): Partial<PolicyDocument> => ({
  conditions: [...conditions, { ...condition, id: 'one more', periods }],
});
const termsOf = (id: string, date: string, changes: Partial<PolicyDocument> = {}): ConditionTerms | undefined =>
  bookOf(changes).conditions.get(id)?.terms.at(date);

describe('a condition', () => {
  it('that says nothing but its open term has no cap, no other end, no start condition and no threshold of its own', () => {
    expect(termsOf('one more', '2024-01-01', withPeriods(BARE))).toEqual<ConditionTerms>({
      termMonths: null,
      anchor: null,
      extensionMonths: 0,
      ageBelow: Number.POSITIVE_INFINITY,
      start: null,
      capCount: null,
      capPer: null,
      classes: new Map(),
      reachesPackage: true,
      noStartFrom: null,
      endsOn: null,
      newEpisodeAllowed: false,
      requires: [],
      threshold: null,
    });
  });

  it('is taken over with all that it says, from the date on which it says so', () => {
    const careClass = { id: 'C', indications: { first: '013' }, first: 70, following: 52 };
    const period: ConditionPeriod = {
      ...BARE,
      from: '2020-01-01',
      term: { months: 12, anchor: 'discharge' },
      extension: { months: 6 },
      ageBelow: 22,
      start: { withinMonths: 3, of: 'diagnosis' },
      cap: { count: 37, per: 'term', classes: [careClass] },
      reachesPackage: false,
      noStartFrom: '2024-07-01',
      endsOn: '2025-01-01',
      newEpisode: 'allowed',
      requires: [{ from: '2020-01-01', authorisation: true, source }],
    };
    const changes = withPeriods({ ...BARE, through: '2019-12-31' }, period);
    expect(termsOf('one more', '2019-12-31', changes)).toMatchObject({ termMonths: null, newEpisodeAllowed: false });
    expect(termsOf('one more', '2020-01-01', changes)).toEqual<ConditionTerms>({
      termMonths: 12,
      anchor: 'discharge',
      extensionMonths: 6,
      ageBelow: 22,
      start: { withinMonths: 3, of: 'diagnosis' },
      capCount: 37,
      capPer: 'term',
      classes: new Map([['C', { id: 'C', first: 70, following: 52 }]]),
      reachesPackage: false,
      noStartFrom: '2024-07-01',
      endsOn: '2025-01-01',
      newEpisodeAllowed: true,
      requires: [{ from: '2020-01-01', authorisation: true, source }],
      threshold: null,
    });
  });

  it.each<[string, string, number | null]>([
    ['ra-severe', '2024-12-31', null],
    ['ra-severe', '2025-01-01', 0],
    ['1.a.2', '2025-01-01', null],
  ])('%s has on %s the threshold of its own: %j', (id, date, expected) => {
    expect(termsOf(id, date)?.threshold).toBe(expected);
  });

  it('counts in the unit of its regime or of another, and codes together where that is said', () => {
    const named = { ...condition, id: 'named', codesCountTogether: ['6223', '7023'] };
    const { codesCountTogether: _together, ...silent } = { ...condition, id: 'silent' };
    const { conditions: compiled } = bookOf({ conditions: [...conditions, named, silent] });
    const told = (id: string): unknown => [compiled.get(id)?.countsIn, compiled.get(id)?.codesCountTogether];
    expect(['1.a.2', '1.d.1', '2.6-5', 'named', 'silent'].map(told)).toEqual([
      ['annex', false],
      ['copd', false],
      ['osteoarthritis', true],
      ['annex', new Set(['6223', '7023'])],
      ['annex', false],
    ]);
  });

  it('is the one of its regime outside Annex 1', () => {
    const { conditionOfRegime } = bookOf();
    expect([...conditionOfRegime].map(([regime, { id }]) => `${regime} ${id}`).sort()).toEqual([
      'child 2.6-8',
      'copd 2.6-6',
      'covid covid-1',
      'osteoarthritis 2.6-5',
      'pelvic 2.6-3',
      'peripheral-arterial 2.6-4',
    ]);
  });

  it('may be what a closed code invokes while it is accepted, by indication code', () => {
    const invoked = [...bookOf().closedCodeConditions].map(([csi, invokes]) => [csi, invokes?.id ?? null]);
    expect(invoked).toEqual([
      ['001', 'annex-unspecified'],
      ['008', 'annex-unspecified'],
      ['009', null],
    ]);
  });

  it('that counts elsewhere is found by the codes that invoked it formerly', () => {
    const [release] = document.diagnoses as [PolicyDocument['diagnoses'][number]];
    const former = { code: '9373', indications: ['008'], items: ['1.a.5'], through: '2018-12-31', source };
    const both = { ...release, formerly: [...(release.formerly ?? []), former] };
    const { formerly: _formerly, ...without } = release;
    expect([...bookOf({ diagnoses: [both] }).countedIn]).toEqual([['2554', 'copd']]);
    expect([...bookOf({ diagnoses: [without] }).countedIn]).toEqual([]);
  });
});

describe('an indication code', () => {
  const told = (code: string): Partial<IndicationInfo> => {
    const { bit: _bit, ...info } = bookOf().indications.get(code) as IndicationInfo;
    return info;
  };
  const plain = { onlyWith: null, careClass: null, assertsFirstYear: false };
  const onlyWith = { kind: 'pelvic', therapy: 'physiotherapy' };
  const A = { id: 'A', first: 5, following: 0 };
  const B1 = { id: 'B1', first: 27, following: 3 };

  it.each<[string, object]>([
    ['001', { ...plain, code: '001', regime: 'annex', from: '1997-01-01', through: '9999-12-31' }],
    ['004', { ...plain, code: '004', regime: 'child', from: '1997-01-01', through: '2024-12-31' }],
    ['010', { ...plain, code: '010', regime: 'pelvic', from: '2011-01-01', through: '9999-12-31', onlyWith }],
    [
      '013',
      { ...plain, code: '013', regime: 'copd', from: '2019-01-01', through: '9999-12-31', careClass: A, assertsFirstYear: true },
    ],
    [
      '014',
      { ...plain, code: '014', regime: 'copd', from: '2019-01-01', through: '9999-12-31', careClass: B1, assertsFirstYear: true },
    ],
    ['016', { ...plain, code: '016', regime: 'copd', from: '2019-01-01', through: '9999-12-31', careClass: B1 }],
  ])('%s is taken over with its regime and the class of care that it asserts', (code, expected) => {
    expect(told(code)).toEqual(expected);
  });

  it('asserts a class of care that is known by its id', () => {
    expect(bookOf().careClasses).toEqual(
      new Map([
        ['A', A],
        ['B1', B1],
      ]),
    );
  });

  it('has a bit of its own, of which there are 31', () => {
    const [rule] = document.indications as [PolicyDocument['indications'][number]];
    const more = (count: number): Partial<PolicyDocument> => ({
      indications: [
        ...document.indications,
        ...Array.from({ length: count - document.indications.length }, (_, i) => ({ ...rule, code: `${900 + i}` })),
      ],
    });
    const bits = [...bookOf(more(31)).indications.values()].map(({ bit }) => bit);
    expect(new Set(bits).size).toBe(31);
    expect(bits.reduce((all, bit) => all + bit)).toBe(2 ** 31 - 1);
    expect(() => bookOf(more(32))).toThrow(PolicyError);
  });
});

describe('a performance code', () => {
  const [rule] = document.performances as [PolicyDocument['performances'][number]];
  const [list] = document.performanceLists as [PolicyDocument['performanceLists'][number]];

  it('is taken over in each of its lists, with its dates and those of the list', () => {
    const { lists } = bookOf({
      performanceLists: [list, { ...list, list: '079', from: '2020-01-01', through: '2025-12-31' }],
      performances: [
        { ...rule, codes: ['1000', '1001'], lists: ['012', '079'] },
        {
          ...rule,
          codes: ['1900'],
          kind: 'report',
          counts: false,
          therapy: 'exercise',
          from: '2019-01-01',
          through: '2023-12-31',
        },
      ],
    });
    expect([...lists].map(([name, { from, through, codes }]) => [name, from, through, [...codes.keys()]])).toEqual([
      ['012', '1999-01-01', '9999-12-31', ['1000', '1001', '1900']],
      ['079', '2020-01-01', '2025-12-31', ['1000', '1001']],
    ]);
    const regular = {
      code: '1001',
      from: '1999-01-01',
      through: '9999-12-31',
      therapy: 'physiotherapy',
      kind: 'regular',
      counts: true,
    };
    expect(lists.get('079')?.codes.get('1001')).toEqual(regular);
    expect(lists.get('012')?.codes.get('1900')).toEqual<PerformanceInfo>({
      code: '1900',
      from: '2019-01-01',
      through: '2023-12-31',
      therapy: 'exercise',
      kind: 'report',
      counts: false,
    });
  });

  it.each<[string, Partial<PolicyDocument>, string]>([
    [
      'it is in a list that there is not',
      { performances: [{ ...rule, codes: ['1000'], lists: ['999'] }] },
      '1000: unknown list 999',
    ],
    ['it is in one list twice', { performances: [rule, rule] }, '1000: twice in list 012'],
  ])('is refused when %s', (_what, changes, problem) => {
    expect(() => bookOf(changes)).toThrow(PolicyError);
    expect(() => bookOf(changes)).toThrow(problem);
  });
});

describe('the parameters of the engine', () => {
  const changed = (name: string, change: Partial<InterpretationRule> | null): Partial<PolicyDocument> => ({
    interpretations: document.interpretations.flatMap((each) =>
      each.name !== name ? [each] : change === null ? [] : [{ ...each, ...change }],
    ),
  });

  it('are the values of the interpretations of their names, each on its date', () => {
    const { parameters } = bookOf(
      changed('assertedSlack', {
        values: [
          { from: '2006-01-01', through: '2019-12-31', value: 2 },
          { from: '2020-01-01', value: 3 },
        ],
      }),
    );
    const before = {
      maxQuantityPerLine: 4,
      countSessionsBeforeAge18: true,
      holdUnknownHistory: true,
      assertedSlack: 2,
      newInsuranceMonths: null,
      amountMismatchCode: '8059',
    };
    expect(parameters.at('2019-12-31')).toEqual(before);
    expect(parameters.at('2020-01-01')).toEqual({ ...before, assertedSlack: 3 });
  });

  it.each<[string, string, unknown]>([
    ['maxQuantityPerLine', 'a number', '4'],
    ['assertedSlack', 'a number', null],
    ['countSessionsBeforeAge18', 'true or false', 'yes'],
    ['holdUnknownHistory', 'true or false', 1],
    ['amountMismatchCode', 'a text', 8059],
  ])('are refused when %s is missing, has no value, or is not %s', (name, expected, wrong) => {
    const problemOf =
      (change: Partial<InterpretationRule> | null): (() => unknown) =>
      () =>
        bookOf(changed(name, change));
    const value = wrong as InterpretationRule['values'][number]['value'];
    expect(problemOf(null)).toThrow(new PolicyError(`interpretations: ${name} is missing`));
    for (const values of [[], [{ from: '2006-01-01', value }]])
      expect(problemOf({ values })).toThrow(new PolicyError(`interpretations: ${name} must be ${expected}`));
  });
});

describe('a policy that contradicts itself', () => {
  const [release] = document.diagnoses as [PolicyDocument['diagnoses'][number]];
  const former = { code: '9373', indications: ['008'], items: ['9.z'], through: '2018-12-31', source };

  it.each<[string, Partial<PolicyDocument>, string]>([
    ['a condition without a period', withPeriods(), 'condition one more: no period of validity'],
    [
      'closed codes under a condition that there is not',
      { diagnoses: [{ ...release, closedCodeConditions: { '001': '9.z' } }] },
      'closed codes with 001: unknown condition 9.z',
    ],
    [
      'a code that formerly invoked a condition that there is not',
      { diagnoses: [{ ...release, formerly: [former] }] },
      'formerly 9373: unknown condition 9.z',
    ],
  ])('is refused: %s', (_what, changes, problem) => {
    expect(() => bookOf(changes)).toThrow(PolicyError);
    expect(() => bookOf(changes)).toThrow(problem);
  });
});
