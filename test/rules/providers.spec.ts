/** Who may declare what: reserved codes, pelvic therapy, long sessions, fall prevention, and what a message brings or leaves out. */
import { compilePolicy } from '#libs/coverage';
import { packageOf, session, statement, weekly } from '../../libs/coverage/src/testing/facts';
import { purses } from './purses';
import { alone, course, decided, INSURED_AT_7095, policy, positions, rules } from './scene';

const codesWith = (diagnosis: string, csi: string, performances: readonly string[], changes = {}): (readonly string[])[] =>
  performances.map((performance) => alone({ diagnosis, csi, performance, ...changes }).codes);

describe('a reserved code', () => {
  it('[reserved-1] of pelvic therapists needs a pelvic performance, else it is 0562', () => {
    const pelvic = ['1600', '1601', '1602', '2006', '2008'];
    expect(codesWith('6475', '008', pelvic)).toEqual(pelvic.map(() => []));
    const others = ['1000', '1200', '1100', '2000', '1864'];
    expect(codesWith('6475', '008', others)).toEqual(others.map(() => ['0562']));
  });

  it('[reserved-2] of child therapists needs one of child physiotherapy, else it is 0562', () => {
    const child = { ageYears: 8, deductibleAge: false };
    expect(codesWith('9317', '003', ['1100', '1101', '1102'], child)).toEqual([[], [], []]);
    expect(codesWith('9317', '003', ['1000', '1600', '1200'], child)).toEqual([['0562'], ['0562'], ['0562']]);
  });

  it.each(['012', '073', '074'])('[reserved-3] of skin therapists or of one insurer counts as closed on list %s', (list) => {
    const on = (diagnosis: string) =>
      alone({ diagnosis, csi: '009', list, performance: list === '074' ? '2000' : '1000' }, '2025-03-03');
    for (const diagnosis of ['1199', '6479'])
      expect(on(diagnosis)).toMatchObject({ status: 'invalid', codes: ['8009'], reason: { rule: 'closed-code' } });
  });

  it('[reserved-4] under list 012 the codes 2000 to 2699 read the exercise column of a child, all others the physiotherapy one', () => {
    // 003 stands in the physiotherapy column of 9317 and not in the other one; 0562 is told of whoever is no child therapist
    const child = { ageYears: 8, deductibleAge: false };
    expect(codesWith('9317', '003', ['2000', '2300', '2510', '2600'], child)).toEqual(Array(4).fill(['0562', '8058']));
    expect(codesWith('9317', '003', ['1000', '1200', '1600', '1864'], child)).toEqual(Array(4).fill(['0562']));
  });

  it('[pelvic-1] the indication code 010 needs pelvic physiotherapy; exercise therapy is not enough', () => {
    expect(codesWith('6486', '010', ['1600', '1601', '1602'])).toEqual([[], [], []]);
    expect(codesWith('6486', '010', ['1000', '2006', '2008'])).toEqual([['0562'], ['0562'], ['0562']]);
  });
});

describe('fall prevention', () => {
  it('[fall-prevention-1] is known by list 079 and its own codes; as long as none are known every code is 0582', () => {
    const programme = session('p', '2025-03-03', { list: '079', performance: '1000', diagnosis: '', csi: '' });
    expect(policy.performances.some((each) => each.lists.includes('079'))).toBe(false);
    expect(decided([{ regime: 'fall-prevention', diagnosis: '', sessions: [programme] }])[0]?.codes).toEqual(['0582']);
  });

  it('[fall-prevention-2] has neither diagnosis nor indication code, one programme in twelve months, no threshold and no package', () => {
    const supplied = compilePolicy(
      {
        ...policy,
        performances: [
          ...policy.performances,
          {
            codes: ['7901'],
            lists: ['079'],
            name: 'programme',
            therapy: 'physiotherapy',
            kind: 'fall-prevention',
            counts: true,
            from: '2025-01-01',
            source: 'supplied',
          },
        ],
      },
      'with a code of fall prevention',
    );
    const on = (reference: string, date: string) =>
      session(reference, date, { list: '079', performance: '7901', diagnosis: '', csi: '' });
    const lines = [on('a', '2025-03-03'), on('b', '2026-03-02'), on('c', '2026-03-03')];
    const decisions = decided(
      [{ regime: 'fall-prevention', diagnosis: '', sessions: lines }],
      { packages: [packageOf('Benfit', '2017-01-01')] },
      supplied,
    );
    expect(purses(decisions)).toBe('bib');
    expect(new Set(decisions.map((each) => each.condition))).toEqual(new Set(['2.6-7']));
  });
});

describe('a long session', () => {
  const long = { performance: '1700', csi: '001', ageYears: 40 };
  const basic = (diagnosis: string, changes = {}, statements: Parameters<typeof statement>[] = []) => {
    const lines = [
      ...course('s', '2023-01-09', 20, { diagnosis }),
      session('z', '2023-09-04', { ...long, diagnosis, ...changes }),
    ];
    return decided([{ sessions: lines, statements: statements.map((each) => statement(...each)) }], {
      insurance: INSURED_AT_7095,
    }).at(-1);
  };

  it.each(['9372', '3176', '3276', '9373', '2551', '9365', '9378', '9374'])('[long-1] is covered under %s', (diagnosis) => {
    expect(basic(diagnosis)?.units).toMatchObject([{ position: 21, purse: 'basic' }]);
  });

  it('[long-5] is never declared well under a code that pelvic therapists have for themselves: no long session is pelvic', () => {
    expect(['6472', '6473', '6474', '6476'].map((diagnosis) => alone({ performance: '1700', diagnosis }).codes)).toEqual(
      Array(4).fill(['0562']),
    );
  });

  it('[long-1] is 0613 elsewhere, and below eighteen for muscle disease and cystic fibrosis', () => {
    expect(basic('4021')).toMatchObject({ codes: ['0613'], reason: { rule: 'long-session' } });
    const young = { ...long, ageYears: 12, deductibleAge: false };
    expect(['9378', '9365', '9373'].map((diagnosis) => alone({ ...young, diagnosis }).reason.rule)).toEqual([
      'long-session',
      'long-session',
      'no-threshold-under-18',
    ]);
  });

  it('[long-2] is accepted and listed while the date that it hangs on is not stated', () => {
    for (const diagnosis of ['9372', '9374']) expect(basic(diagnosis)?.flags).toContain('date-to-confirm');
    const diagnosed = (diagnosedOn: string): Parameters<typeof statement>[] => [['ClinicalFactsStated.v1', { diagnosedOn }]];
    // within twelve months of a stroke; from five years after the diagnosis of Parkinson
    expect(basic('9372', {}, diagnosed('2022-09-05'))).toMatchObject({ split: { basic: 4000 }, flags: [] });
    expect(basic('9372', {}, diagnosed('2022-09-04'))?.reason.rule).toBe('long-session');
    expect(basic('9374', {}, diagnosed('2018-09-04'))).toMatchObject({ split: { basic: 4000 }, flags: [] });
    expect(basic('9374', {}, diagnosed('2018-09-05'))?.reason.rule).toBe('long-session');
  });

  it('[long-3] is one session, covered or not', () => {
    const lines = [
      session('a', '2024-01-08', { diagnosis: '4021', performance: '1700' }),
      ...course('s', '2024-01-15', 1, { diagnosis: '4021' }),
    ];
    expect(positions(decided([{ sessions: lines }]))).toEqual([1, 2]);
    expect(rules(decided([{ sessions: lines }]))[0]).toBe('within-threshold');
  });

  it('[long-4] is covered for multiple handicap and spina bifida where that is stated, under whatever code', () => {
    const stated = (longSession: 'multiple-handicap' | 'spina-bifida'): Parameters<typeof statement>[] => [
      ['ClinicalFactsStated.v1', { longSession, diagnosedOn: '2023-01-02' }],
    ];
    for (const what of ['multiple-handicap', 'spina-bifida'] as const)
      expect(basic('4021', {}, stated(what))?.split.basic).toBe(4000);
  });
});

describe('what a message brings', () => {
  it('[inputs-1] a side changes nothing', () => {
    const decision = alone({ diagnosis: '4021' });
    for (const side of ['left', 'right', 'both'] as const) expect(alone({ diagnosis: '4021', side })).toEqual(decision);
  });

  it('[inputs-2] a referral date changes nothing', () => {
    expect(alone({ referralDate: '2020-01-01' })).toEqual(alone());
  });

  it('[inputs-3] COPD without one of 013 to 019 is 3102 without an indication code, 8058 with that of Annex 1', () => {
    expect(alone({ diagnosis: '2554', csi: '' }).codes).toEqual(['3102']);
    expect(alone({ diagnosis: '2554', csi: '008' }).codes).toEqual(['8058']);
  });

  it('[inputs-4] nobody is a pelvic therapist but by the performance', () => {
    expect(alone({ diagnosis: '6486', csi: '010', therapist: '04000099' }).codes).toEqual(['0562']);
  });

  it('[inputs-5] severe limitation and study are told by the performances 10039 to 10042 alone', () => {
    expect(codesWith('9390', '001', ['1000', '10039', '10041'], {})).toEqual([['8058'], ['0582'], ['0582']]);
    expect(alone({ diagnosis: '9390', csi: '001', performance: '10039' }, '2025-03-03').split.basic).toBe(4000);
    expect(alone({ diagnosis: '9390', csi: '001' }, '2025-03-03').codes).toEqual(['8058']);
  });

  it('[outside-1] no tariff is too high or too low, no purpose is asked of 012, and outpatient codes are unknown', () => {
    for (const cents of [1, 99_999]) {
      const amounts = { tariffCents: cents, calculatedCents: cents, declaredCents: cents };
      expect(alone({ ...amounts, diagnosis: '7023', csi: '012' })).toMatchObject({ split: { basic: cents }, codes: [] });
    }
    expect(alone({ performance: '193001' }).codes).toEqual(['0582']);
    expect(
      weekly('k', '2024-01-08', 1, { diagnosis: '6223', csi: '012' }).map((line) => decided([{ sessions: [line] }])[0]?.status),
    ).toEqual(['decided']);
  });
});
