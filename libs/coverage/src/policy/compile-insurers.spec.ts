import { PolicyError, type InsurerRule } from '../index';
import { bookOf, insurer, otherInsurer } from '../testing/policy';
import type { InsurerTerms } from './book';

const source = 'test';
const SILENT: InsurerRule = {
  insurer: '0001',
  name: 'lays nothing down',
  ownInsurers: ['0001'],
  paysProviderInFull: [],
  claimTimeLimitMonths: [],
  closedCodeGrace: [],
  overCapUsesSupplementary: [],
  deductibleExemptions: [],
  packages: [],
};
const on = (date: string, change: Partial<InsurerRule>): InsurerTerms | undefined =>
  bookOf({ insurers: [{ ...SILENT, ...change }] })
    .insurers.get('0001')
    ?.terms.at(date);

describe('what an insurer lays down', () => {
  it('where it lays nothing down: the insured is charged nothing, every claim is in time, and what is over the cap reaches the package', () => {
    const terms = bookOf({ insurers: [SILENT] }).insurers.get('0001')?.terms;
    expect(terms?.all()).toEqual<InsurerTerms[]>([
      {
        paysProviderInFull: false,
        claimTimeLimitMonths: null,
        closedSessionsThrough: '',
        closedStartedBefore: '',
        overCapUsesSupplementary: true,
        overCapExcept: new Set(),
        deductibleExemptions: new Set(),
        authorisationFor: new Set(),
        packages: new Map(),
        refusedPerformances: new Map(),
      },
    ]);
  });

  it('holds for all labels of its concern, which is named after one of them', () => {
    const { insurers } = bookOf();
    expect([...insurers].map(([label, { concern }]) => [label, concern])).toEqual([
      ['3343', '3343'],
      ['3365', '3343'],
      ['7095', '7095'],
    ]);
    expect(insurers.get('3365')).toBe(insurers.get('3343'));
  });

  it('is refused for a label of another concern', () => {
    const changes = { insurers: [insurer, { ...otherInsurer, ownInsurers: ['7095', '3365'] }] };
    expect(() => bookOf(changes)).toThrow(new PolicyError('insurer 7095: label 3365 belongs to another insurer already'));
  });

  const dated = (before: unknown, after: unknown): unknown => [
    { from: '2010-01-01', through: '2019-12-31', value: before, source },
    { from: '2020-01-01', value: after, source },
  ];
  const grace = { sessionsThrough: '2024-06-30', trajectoryStartedBefore: '2020-01-01' };

  it.each<[string, keyof InsurerRule, unknown, Partial<InsurerTerms>, Partial<InsurerTerms>]>([
    ['debtor risk', 'paysProviderInFull', dated(true, false), { paysProviderInFull: true }, { paysProviderInFull: false }],
    ['time limit', 'claimTimeLimitMonths', dated(null, 12), { claimTimeLimitMonths: null }, { claimTimeLimitMonths: 12 }],
    [
      'grace of closed codes',
      'closedCodeGrace',
      dated({ sessionsThrough: '2024-06-30' }, grace),
      { closedSessionsThrough: '2024-06-30', closedStartedBefore: '' },
      { closedSessionsThrough: '2024-06-30', closedStartedBefore: '2020-01-01' },
    ],
    [
      'fall from over the cap into the package',
      'overCapUsesSupplementary',
      [
        { from: '2010-01-01', value: false, except: ['2.6-6'], source },
        { from: '2020-01-01', value: true, source },
      ],
      { overCapUsesSupplementary: false, overCapExcept: new Set(['2.6-6']) },
      { overCapUsesSupplementary: true, overCapExcept: new Set() },
    ],
    [
      'deductible',
      'deductibleExemptions',
      dated(['2.6-5'], []),
      { deductibleExemptions: new Set(['2.6-5']) },
      { deductibleExemptions: new Set() },
    ],
    [
      'consent',
      'authorisationFor',
      dated([], ['2.6-4', '2.6-5']),
      { authorisationFor: new Set() },
      { authorisationFor: new Set(['2.6-4', '2.6-5']) },
    ],
    [
      'limits of a package',
      'packages',
      [
        {
          name: 'Manual',
          periods: [
            { from: '2010-01-01', through: '2019-12-31', limit: 9, source },
            { from: '2020-01-01', limit: null, manualLimit: 2, source },
          ],
        },
        { name: 'New', periods: [{ from: '2020-01-01', limit: 5, source }] },
      ],
      { packages: new Map([['Manual', { name: 'Manual', limit: 9, manualLimit: Infinity }]]) },
      {
        packages: new Map([
          ['Manual', { name: 'Manual', limit: Infinity, manualLimit: 2 }],
          ['New', { name: 'New', limit: 5, manualLimit: Infinity }],
        ]),
      },
    ],
  ])('changes on the day on which it says so: %s', (_what, field, value, before, after) => {
    expect(on('2019-12-31', { [field]: value })).toMatchObject(before);
    expect(on('2020-01-01', { [field]: value })).toMatchObject(after);
  });

  it('is one and the same on all dates where it changes on none', () => {
    const claimTimeLimitMonths = [{ from: '2010-01-01', value: 12, source }];
    const terms = bookOf({ insurers: [{ ...SILENT, claimTimeLimitMonths }] }).insurers.get('0001')?.terms;
    expect(terms?.all()).toHaveLength(1);
  });

  it('exempts from the deductible and asks for consent only while it says so', () => {
    const value = ['2.6-5'];
    const ended = [{ from: '2020-01-01', through: '2020-12-31', value, source }];
    const claimTimeLimitMonths = [{ from: '2010-01-01', value: 12, source }];
    const change = { deductibleExemptions: ended, authorisationFor: ended, claimTimeLimitMonths };
    for (const date of ['2019-12-31', '2021-01-01'])
      expect(on(date, change)).toMatchObject({ deductibleExemptions: new Set(), authorisationFor: new Set() });
    expect(on('2020-12-31', change)).toMatchObject({ deductibleExemptions: new Set(value), authorisationFor: new Set(value) });
  });
});

describe('performance codes that an insurer does not accept', () => {
  const refusal = { from: '2020-01-01', accepted: false, source };
  const from2020 = (...rules: Partial<NonNullable<InsurerRule['performances']>[number]>[]): Partial<InsurerRule> => ({
    performances: rules.map((rule) => ({ ...refusal, codes: ['1700'], ...rule })),
  });

  it.each<[string, Partial<InsurerRule>, ReadonlyMap<string, ReadonlySet<string> | null>]>([
    [
      'in every list',
      from2020({ codes: ['1700', '1701'] }),
      new Map([
        ['1700', null],
        ['1701', null],
      ]),
    ],
    ['in the lists named', from2020({ lists: ['012'] }), new Map([['1700', new Set(['012'])]])],
    [
      'in the lists of both rules',
      from2020({ lists: ['012'] }, { lists: ['073'] }),
      new Map([['1700', new Set(['012', '073'])]]),
    ],
    ['in every list, and one named', from2020({}, { lists: ['012'] }), new Map([['1700', null]])],
    ['in one named, and every list', from2020({ lists: ['012'] }, {}), new Map([['1700', null]])],
    ['and one that it accepts', from2020({ accepted: true }), new Map()],
    ['through that day', from2020({ through: '2022-06-01' }), new Map([['1700', null]])],
    ['through the day before', from2020({ through: '2022-05-31' }), new Map()],
    ['from that day', from2020({ from: '2022-06-01' }), new Map([['1700', null]])],
    ['from the day after', from2020({ from: '2022-06-02' }), new Map()],
  ])('are refused on a date: %s', (_when, change, expected) => {
    // a series that changes on the day before and the day itself, so that both are looked up
    const claimTimeLimitMonths = ['2022-05-31', '2022-06-01'].map((from) => ({ from, value: 12, source }));
    expect(on('2022-06-01', { ...change, claimTimeLimitMonths })?.refusedPerformances).toEqual(expected);
  });
});
