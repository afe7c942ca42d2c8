/** A small policy for the engine's tests: every kind of rule once, with the numbers of the law, and a few diagnosis codes. */
import type { Regime } from '#libs/trajectory';
import { compilePolicy, type ConditionRule, type InsurerRule, type PolicyBook, type PolicyDocument } from '../index';

const SINCE = '2006-01-01';
const source = 'test';
const name = (en: string) => ({ nl: en, en });

function condition(
  id: string,
  regime: Regime,
  period: Partial<ConditionRule['periods'][number]> = {},
  together = false,
  countsIn: Regime | null = null,
): ConditionRule {
  return {
    id,
    regime,
    name: name(id),
    codesCountTogether: together,
    ...(countsIn === null ? {} : { countsIn }),
    periods: [{ from: SINCE, term: 'open', newEpisode: 'refused', source, ...period }],
  };
}

const months = (n: number) => ({ months: n, anchor: 'first-session' as const });

export const conditions: readonly ConditionRule[] = [
  condition('1.a.2', 'annex'),
  condition('1.a.3', 'annex'),
  condition('1.a.5', 'annex'),
  condition('1.b.3', 'annex', { ageBelow: 22 }),
  condition('1.b.7', 'annex', { term: months(12), start: { withinMonths: 3, of: 'diagnosis' }, newEpisode: 'allowed' }),
  condition('1.b.16', 'annex', {
    term: months(3),
    extension: { months: 6 },
    start: { withinMonths: 3, of: 'diagnosis' },
    newEpisode: 'allowed',
  }),
  condition('1.b.18', 'annex', { term: { months: 6, anchor: 'end-of-conservative-treatment' }, newEpisode: 'allowed' }),
  condition('1.d.5', 'annex', { term: { months: 12, anchor: 'first-session-after-discharge' }, newEpisode: 'allowed' }),
  condition('1.d.1', 'annex', { through: '2018-12-31' }, false, 'copd'),
  condition('annex-unspecified', 'annex'),
  condition('ra-severe', 'annex', {
    requires: [
      { from: SINCE, through: '2024-06-30', authorisation: true, source },
      { from: '2024-07-01', performances: ['10039', '10040'], source },
    ],
  }),
  condition('2.6-3', 'pelvic', { cap: { count: 9, per: 'once' } }),
  condition('2.6-4', 'peripheral-arterial', { term: months(12), cap: { count: 37, per: 'term' }, newEpisode: 'allowed' }),
  condition('2.6-5', 'osteoarthritis', { term: months(12), cap: { count: 12, per: 'term' } }, true),
  condition(
    '2.6-6',
    'copd',
    {
      cap: {
        per: 'treatment-year',
        classes: [
          { id: 'A', indications: { first: '013' }, first: 5, following: 0 },
          { id: 'B1', indications: { first: '014', following: '016' }, first: 27, following: 3 },
        ],
      },
    },
    true,
  ),
  condition('2.6-8', 'child', { cap: { count: 18, per: 'calendar-year' } }),
  condition('covid-1', 'covid', {
    term: months(6),
    cap: { count: 50, per: 'term' },
    noStartFrom: '2024-07-01',
    endsOn: '2025-01-01',
  }),
];

export const insurer: InsurerRule = {
  insurer: '3343',
  name: 'pays the provider in full',
  ownInsurers: ['3343', '3365'],
  paysProviderInFull: [{ from: SINCE, value: true, source }],
  claimTimeLimitMonths: [{ from: SINCE, value: null, source }],
  closedCodeGrace: [{ from: SINCE, value: { sessionsThrough: '2024-06-30' }, source }],
  overCapUsesSupplementary: [{ from: SINCE, value: true, except: ['2.6-6'], source }],
  deductibleExemptions: [{ from: SINCE, value: [], source }],
  packages: [
    { name: 'Nine', periods: [{ from: SINCE, limit: 9, source }] },
    { name: 'Ten', periods: [{ from: SINCE, limit: 10, source }] },
    { name: 'Eighteen', periods: [{ from: SINCE, limit: 18, source }] },
    { name: 'Manual', periods: [{ from: SINCE, limit: 5, manualLimit: 2, source }] },
    { name: 'Unlimited', periods: [{ from: SINCE, limit: null, source }] },
    { name: 'Ended', periods: [{ from: SINCE, through: '2022-12-31', limit: 9, source }] },
  ],
};

export const otherInsurer: InsurerRule = {
  ...insurer,
  insurer: '7095',
  name: 'pays what is covered, within twelve months',
  ownInsurers: ['7095'],
  paysProviderInFull: [{ from: SINCE, value: false, source }],
  claimTimeLimitMonths: [{ from: SINCE, value: 12, source }],
  closedCodeGrace: [{ from: SINCE, value: { sessionsThrough: '2024-06-30', trajectoryStartedBefore: '2020-01-01' }, source }],
  overCapUsesSupplementary: [{ from: SINCE, value: true, source }],
  deductibleExemptions: [
    { from: SINCE, through: '2025-12-31', value: [], source },
    { from: '2026-01-01', value: ['2.6-5'], source },
  ],
};

const CSI: readonly (readonly [string, string, string?])[] = [
  ['001', '1997-01-01'], ['002', '1997-01-01', '2016-12-31'], ['003', '1997-01-01'], ['004', '1997-01-01', '2024-12-31'],
  ['006', '1997-01-01', '2024-12-31'], ['008', '1997-01-01'], ['009', '1997-01-01'], ['010', '2011-01-01'], ['011', '2017-01-01'],
  ['012', '2018-01-01'], ['013', '2019-01-01'], ['014', '2019-01-01'], ['016', '2019-01-01'], ['020', '2020-07-18'],
]; // prettier-ignore

interface Row {
  readonly codes: readonly string[];
  readonly items?: readonly string[];
  readonly adult?: readonly string[];
  readonly child?: readonly string[];
  readonly openTo?: string;
}

const ANNEX_OR_NOT = ['001', '008', '009'];
const ROWS: readonly Row[] = [
  { codes: ['9373'], items: ['1.a.2', '1.a.3'], adult: ['001', '008'], child: ['001'] },
  { codes: ['3176', '3276'], items: ['1.a.2'], adult: ['001', '008'], child: ['001'] },
  { codes: ['9374'], items: ['1.a.5'], adult: ['001', '008'], child: ['001'] },
  { codes: ['9474'], items: ['1.a.5'], adult: ['001', '008'] },
  { codes: ['6210'], items: ['1.b.3'], adult: ANNEX_OR_NOT, child: ['001', '003', '009'] },
  { codes: ['4021'], items: ['1.b.7'], adult: ANNEX_OR_NOT, child: ['001', '003', '009'] },
  { codes: ['3038'], items: ['1.b.16'], adult: ANNEX_OR_NOT, child: ['001', '003', '009'] },
  { codes: ['6236'], items: ['1.b.18', '1.d.5'], adult: ANNEX_OR_NOT, child: ['001', '003', '009'] },
  { codes: ['9390'], items: ['ra-severe'], adult: ANNEX_OR_NOT, child: ['001', '003', '009'] },
  { codes: ['4026', '7326'], child: ['003', '009'] },
  { codes: ['6486'], items: ['2.6-3'], adult: ['009', '010'] },
  { codes: ['9248'], items: ['2.6-4'], adult: ['009', '011'] },
  { codes: ['6223', '7023'], items: ['2.6-5'], adult: ['009', '012'] },
  { codes: ['2554'], items: ['2.6-6'], adult: ['009', '013', '014', '016'] },
  { codes: ['9363'], items: ['covid-1'], adult: ['009', '020'], child: ['009', '020'] },
  { codes: ['6483'], items: ['1.d.5'], adult: ANNEX_OR_NOT, openTo: 'pelvic' },
  { codes: ['1199'], openTo: 'skin' },
];

const PERFORMANCES: readonly (readonly [string[], string, boolean, ('physiotherapy' | 'exercise')?])[] = [
  [['1000', '1001'], 'regular', true],
  [['1100'], 'child', true],
  [['1200'], 'manual', true],
  [['1600'], 'pelvic', true],
  [['1700'], 'long', true],
  [['1864'], 'intake', true],
  [['1900'], 'report', false],
  [['10039'], 'ra-severe', true],
  [['2000'], 'regular', true, 'exercise'],
  [['2006'], 'pelvic', true, 'exercise'],
];

const codeNames = (codes: readonly string[]) => [...new Set(codes)].map((code) => ({ code, name: code }));

export const document: PolicyDocument = {
  format: 1,
  version: 'test',
  title: 'test',
  interpretations: [
    ['maxQuantityPerLine', 4] as const,
    ['countSessionsBeforeAge18', true] as const,
    ['holdUnknownHistory', true] as const,
    ['assertedSlack', 2] as const,
    ['amountMismatchCode', '8059'] as const,
  ].map(([key, value]) => ({ name: key, values: [{ from: SINCE, value }], reason: 'test' })),
  conditions,
  thresholds: {
    adultAge: 18,
    byStart: [
      { startedThrough: '2010-12-31', sessions: 9, ifReachedBefore: '2011-01-01', otherwise: 12, source },
      {
        startedFrom: '2011-01-01',
        startedThrough: '2011-12-31',
        sessions: 12,
        ifReachedBefore: '2012-01-01',
        otherwise: 20,
        source,
      },
      { startedFrom: '2012-01-01', sessions: 20, source },
    ],
    byCondition: [{ condition: 'ra-severe', from: '2025-01-01', sessions: 0, source }],
  },
  indications: CSI.map(([code, from, through]) => ({
    code,
    name: name(code),
    from,
    ...(through === undefined ? {} : { through }),
    ...(code === '004' ? { admittedLike: { code: '003', therapy: 'physiotherapy' as const } } : {}),
    ...(code === '006' ? { admittedLike: { code: '003', therapy: 'exercise' as const } } : {}),
    ...(code === '010' ? { onlyWith: { kind: 'pelvic', therapy: 'physiotherapy' as const } } : {}),
    source,
  })),
  performanceLists: [{ list: '012', name: '012', from: '1999-01-01', source }],
  performances: PERFORMANCES.map(([codes, kind, counts, therapy]) => ({
    codes,
    lists: ['012'],
    name: kind,
    therapy: therapy ?? 'physiotherapy',
    kind,
    counts,
    from: '1999-01-01',
    source,
  })),
  longSessions: [{ diagnoses: ['3x76'], from: SINCE, source }],
  diagnoses: [
    {
      release: '4.7',
      from: '2024-07-01',
      source,
      locations: codeNames(ROWS.flatMap((row) => row.codes.map((code) => code.slice(0, 2)))),
      pathologies: codeNames(ROWS.flatMap((row) => row.codes.map((code) => code.slice(2)))),
      onlyAt: [{ pathology: '63', location: '93' }],
      availabilities: [
        { id: 'pelvic', anyOf: [{ kind: 'pelvic' }] },
        { id: 'skin', closedForLists: ['012'] },
      ],
      formerly: [{ code: '2554', indications: ['001', '008'], items: ['1.d.1'], through: '2018-12-31', source }],
      closedCodeConditions: { '001': 'annex-unspecified', '008': 'annex-unspecified', '009': 'none' },
      rows: ROWS.flatMap((row) =>
        row.codes.map((code) => ({
          pathology: code.slice(2),
          locations: [code.slice(0, 2)],
          openTo: row.openTo ?? 'all',
          items: row.items ?? [],
          laterality: false,
          adult: row.adult ?? ['009'],
          childPhysiotherapy: row.child ?? [],
          childExercise: row.child ?? [],
        })),
      ),
    },
  ],
  insurers: [insurer, otherInsurer],
};

/** The book of the test policy, or of a variation of it. */
export const bookOf = (changes: Partial<PolicyDocument> = {}): PolicyBook => compilePolicy({ ...document, ...changes }, 'digest');
