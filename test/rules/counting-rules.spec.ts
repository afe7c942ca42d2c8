/** The counting rules R1 to R24 as far as no other test names them, decided by the bundled policy. */
import { history, packageOf, session, statement, weekly } from '../../libs/coverage/src/testing/facts';
import { purses } from './purses';
import { alone, bookReading, course, decided, INSURED_AT_7095, policy, positions, rules } from './scene';

const child = { ageYears: 9, deductibleAge: false };

describe('the first twenty', () => {
  it('[R1] are borne once for each condition, and the year may end in between', () => {
    expect(purses(decided([{ sessions: course('a', '2023-10-02', 22) }]))).toBe('i'.repeat(20) + 'bb');
  });

  it('[R2] go on after 1 January, and at another insurer that knows of the sessions before', () => {
    const lines = course('a', '2023-11-06', 22);
    const insurance = [
      { insurer: '3343', from: '2020-01-01', through: '2023-12-31' },
      { insurer: '7095', from: '2024-01-01', through: null },
    ];
    const decisions = decided([{ sessions: lines }], { insurance });
    expect(positions(decisions)).toEqual(lines.map((_, i) => i + 1));
    expect(purses(decisions)).toBe('i'.repeat(20) + 'bb');
    const arrived = { sessions: lines.slice(8), histories: [history(8, '2023-12-31', { startedOn: '2023-11-06' })] };
    expect(positions(decided([arrived], { insurance: insurance.slice(1) }))).toEqual(lines.slice(8).map((_, i) => i + 9));
  });

  it('[R3] of a lifelong condition are behind the patient for good', () => {
    const lines = [...course('a', '2013-01-07', 20), session('z', '2026-03-02', { diagnosis: '9372', csi: '001' })];
    expect(decided([{ sessions: lines }])[20]).toMatchObject({ units: [{ position: 21, purse: 'basic' }] });
  });

  it('[R4] begin anew with another condition, and with a confirmed episode that has its side and day', () => {
    const stroke = course('a', '2024-01-08', 21);
    const myasthenia = weekly('b', '2024-06-05', 1, { diagnosis: '9373' });
    expect(positions(decided([{ sessions: stroke }, { sessions: myasthenia }]).slice(-1))).toEqual([1]);
    const shoulder = course('s', '2024-01-08', 25, { diagnosis: '4021' });
    const otherSide = statement('NewEpisodeConfirmed.v1', { from: '2024-06-10', event: 'other-side', side: 'left' });
    expect(positions(decided([{ sessions: shoulder }])).at(-1)).toBe(25);
    expect(positions(decided([{ sessions: shoulder, statements: [otherSide] }])).slice(-3)).toEqual([1, 2, 3]);
  });

  it('[R5] do not begin anew after a pause, however long', () => {
    const lines = [...course('a', '2014-01-06', 12), ...course('b', '2024-01-08', 9)];
    expect(positions(decided([{ sessions: lines }]))).toEqual(lines.map((_, i) => i + 1));
    expect(policy.interpretations.find((each) => each.name === 'pauseRestartsCountAfterMonths')?.values).toEqual([
      { from: '2006-01-01', value: null },
    ]);
  });

  it('[R6] are counted for the one condition that the session was claimed for', () => {
    const stroke = weekly('a', '2024-01-08', 3, { diagnosis: '9372' });
    const shoulder = weekly('b', '2024-01-10', 2, { diagnosis: '4021' });
    expect(positions(decided([{ sessions: stroke }, { sessions: shoulder }]))).toEqual([1, 1, 2, 2, 3]);
  });

  it('[R7] hold physiotherapy and exercise therapy of every practice', () => {
    const lines = course('a', '2024-01-08', 21).map((line, i) =>
      i % 2 === 0 ? line : { ...line, performance: '2000', list: '012' },
    );
    const elsewhere = course('c', '2024-01-10', 1, { practice: '04099999', csi: '008' });
    expect(positions(decided([{ sessions: [...lines, ...elsewhere] }])).at(-1)).toBe(22);
  });

  it('[R8] hold what nobody paid: by the package, by the insured, refused as too late', () => {
    const packages = [packageOf('Start', '2023-01-01')];
    expect(purses(decided([{ sessions: course('a', '2024-01-08', 21) }], { packages }))).toBe('sss' + 'i'.repeat(17) + 'b');
    const late = course('a', '2024-01-08', 21).map((line, i) => (i < 2 ? { ...line, receivedOn: '2025-06-02' } : line));
    const decisions = decided([{ sessions: late }], { insurance: INSURED_AT_7095 });
    expect(decisions.slice(0, 3).map((each) => each.codes)).toEqual([['0586'], ['0586'], ['0613']]);
    expect(decisions[20]?.units).toMatchObject([{ position: 21, purse: 'basic' }]);
  });
});

describe('terms', () => {
  it('[R9] run in months from their anchor, and the first twenty lie within them', () => {
    const lines = [
      ...course('a', '2024-01-08', 21, { diagnosis: '4021' }),
      session('y', '2025-01-07', { diagnosis: '4021', csi: '001' }),
    ];
    const after = session('z', '2025-01-08', { diagnosis: '4021', csi: '001' });
    expect(rules(decided([{ sessions: [...lines, after] }])).slice(-3)).toEqual([
      'above-threshold',
      'above-threshold',
      'past-term',
    ]);
    const few = [session('a', '2024-01-08', { diagnosis: '4021' }), session('b', '2025-01-08', { diagnosis: '4021' })];
    // past the term the first twenty are asked first: they close the basic insurance before the term does
    expect(rules(decided([{ sessions: few }]))).toEqual(['within-threshold', 'within-threshold']);
  });

  it.each([
    ['1.a.10', 3, 'first-session', { withinMonths: 3, of: 'diagnosis' }],
    ['1.b.7', 12, 'first-session', { withinMonths: 3, of: 'diagnosis' }],
    ['1.b.16', 3, 'first-session', { withinMonths: 3, of: 'diagnosis' }],
    ['1.b.17', 3, 'first-session', { withinMonths: 3, of: 'diagnosis' }],
    ['1.b.18', 6, 'end-of-conservative-treatment', undefined],
    ['1.d.5', 12, 'first-session-after-discharge', { withinMonths: 3, of: 'discharge' }],
    ['1.d.6', 12, 'first-session', undefined],
    ['1.d.7', 24, 'last-radiation', { withinMonths: 3, of: 'discharge' }],
    ['2.6-4', 12, 'first-session', undefined],
    ['2.6-5', 12, 'first-session', undefined],
  ])('[R10] that of %s is %i months from the %s', (id, months, anchor, start) => {
    const [period, ...others] = policy.conditions.find((each) => each.id === id)?.periods ?? [];
    expect(others).toEqual([]);
    expect(period).toMatchObject({ term: { months, anchor } });
    expect(period?.start).toEqual(start);
  });

  it('[R10] after radiation of a soft tissue tumour runs from the last radiation', () => {
    const known = [history(25, '2023-12-31', { startedOn: '2023-01-09' })];
    const radiated = statement('ClinicalFactsStated.v1', { lastRadiationOn: '2023-03-10' });
    const on = (date: string) =>
      rules(
        decided([
          { sessions: [session('a', date, { diagnosis: '3969', csi: '001' })], histories: known, statements: [radiated] },
        ]),
      );
    expect([on('2025-03-09'), on('2025-03-10')]).toEqual([['above-threshold'], ['past-term']]);
  });

  it('[R11] that have ended leave the package or the insured, and a complaint that is on no list never had one', () => {
    const known = [history(25, '2024-06-03', { startedOn: '2023-07-03' })];
    const shoulder = { diagnosis: '4021', csi: '001' };
    const [last, past] = decided(
      [{ sessions: [session('a', '2024-07-02', shoulder), session('b', '2024-07-03', shoulder)], histories: known }],
      {
        insurance: [{ insurer: '7095', from: '2024-06-04', through: null }],
      },
    );
    expect(last).toMatchObject({ split: { basic: 4000 }, codes: [] });
    expect(past).toMatchObject({ split: { basic: 0, insured: 4000 }, codes: ['0584'] });
    expect(alone({ diagnosis: '4021', csi: '009' })).toMatchObject({ status: 'decided', condition: 'none' });
    expect(alone({ diagnosis: '4026', csi: '001' }).codes).toEqual(['8058']);
  });
});

describe('entitlements with a number of sessions', () => {
  it('[R12] osteoarthritis: twelve in twelve months, hip or knee, left or right, and no second twelve', () => {
    const knee = weekly('k', '2024-01-08', 7, { diagnosis: '7023', csi: '012', side: 'left' });
    const hip = weekly('h', '2024-03-05', 6, { diagnosis: '6223', csi: '012', side: 'right' });
    const nextYear = session('z', '2025-02-03', { diagnosis: '7023', csi: '012' });
    expect(purses(decided([{ sessions: [...knee, nextYear] }, { sessions: hip }]))).toBe('b'.repeat(12) + 'ii');
    expect(policy.conditions.find((each) => each.id === '2.6-5')?.periods[0]?.interpretations).toContain('secondCapPeriod');
  });

  it('[R13] peripheral arterial disease: 37 in twelve months, and others only after a confirmed episode', () => {
    const walking = { diagnosis: '9248', csi: '011' };
    const lines = [
      ...weekly('w', '2024-01-08', 38, walking),
      session('x', '2025-01-07', walking),
      session('z', '2025-03-03', walking),
    ];
    expect(rules(decided([{ sessions: lines }])).slice(36)).toEqual(['within-cap', 'past-cap', 'past-cap', 'past-cap']);
    const recurrence = statement('NewEpisodeConfirmed.v1', { from: '2025-03-03', event: 'recurrence' });
    expect(rules(decided([{ sessions: lines, statements: [recurrence] }])).slice(36)).toEqual([
      'within-cap',
      'past-cap',
      'past-cap',
      'within-cap',
    ]);
  });

  it.each([
    ['A', '013', 5, null, 0],
    ['B1', '014', 27, '016', 3],
    ['B2', '018', 70, '019', 52],
    ['C-D', '015', 70, '017', 52],
  ])(
    '[R14] COPD class %s: the first year %s opens %i sessions, a following one %s %i; nothing is carried over',
    (_class, first, many, following, fewer) => {
      const copd = { diagnosis: '2554' };
      const start = Array.from({ length: many + 1 }, (_, i) => session(`f${100 + i}`, '2023-01-09', { ...copd, csi: first }));
      const later = Array.from({ length: fewer + 1 }, (_, i) =>
        session(`n${100 + i}`, '2024-01-09', { ...copd, csi: following ?? first }),
      );
      expect(purses(decided([{ sessions: [...start, ...later] }]))).toBe('b'.repeat(many) + 'i' + 'b'.repeat(fewer) + 'i');
      // a year that was hardly used leaves the next one what it has
      expect(purses(decided([{ sessions: [...start.slice(0, 1), ...later] }]))).toBe(`b${'b'.repeat(fewer)}i`);
    },
  );

  it('[R15] pelvic physiotherapy: nine, once, in whatever years', () => {
    const pelvic = { diagnosis: '6486', csi: '010', performance: '1600' };
    const lines = [...weekly('a', '2020-01-06', 5, pelvic), ...weekly('b', '2024-01-08', 5, pelvic)];
    expect(purses(decided([{ sessions: lines }]))).toBe('b'.repeat(9) + 'i');
  });

  it('[R16] a child: eighteen of a condition in a calendar year, and a condition of the list from the first', () => {
    const ankle = weekly('a', '2025-01-06', 19, { ...child, diagnosis: '7231', csi: '003' });
    const next = session('z', '2026-01-05', { ...child, diagnosis: '7231', csi: '003' });
    expect(purses(decided([{ sessions: [...ankle, next] }]))).toBe('b'.repeat(18) + 'ib');
    expect(alone({ ...child, csi: '001' })).toMatchObject({ split: { basic: 4000 }, reason: { rule: 'no-threshold-under-18' } });
  });
});

describe('ages and dates', () => {
  it('[R17] sessions given as a child are among the twenty, unless the policy reads it otherwise', () => {
    const young = course('c', '2024-01-08', 5, { csi: '001', ageYears: 17, deductibleAge: false });
    const grown = course('d', '2024-03-04', 16, { ageYears: 18, csi: '008' });
    expect(purses(decided([{ sessions: [...young, ...grown] }]))).toBe('b'.repeat(5) + 'i'.repeat(15) + 'b');
    const other = bookReading('countSessionsBeforeAge18', false);
    expect(purses(decided([{ sessions: [...young, ...grown] }], {}, other))).toBe('b'.repeat(5) + 'i'.repeat(16));
  });

  it('[R18] motor retardation ends on the 17th birthday, juvenile osteochondrosis on the 22nd, by the date of the session', () => {
    const at = (diagnosis: string, ageYears: number) => alone({ diagnosis, csi: '001', ageYears, deductibleAge: ageYears > 18 });
    expect([at('9379', 16).condition, at('9379', 17).codes]).toEqual(['1.a.6', ['8058']]);
    expect([at('6210', 21).condition, at('6210', 22).codes]).toEqual(['1.b.3', ['8058']]);
  });

  it('[R19] the rule on the date of the session holds: COPD changed for all in 2019, recovery care ended by when it began', () => {
    const copd = (date: string, csi: string) => alone({ diagnosis: '2554', csi }, date);
    expect([copd('2018-12-31', '008').condition, copd('2019-01-01', '008').codes, copd('2019-01-01', '014').condition]).toEqual([
      '1.d.1',
      ['8058'],
      '2.6-6',
    ]);
    const recovery = (reference: string, date: string) => session(reference, date, { diagnosis: '9363', csi: '020' });
    expect(purses(decided([{ sessions: [recovery('a', '2024-06-30'), recovery('b', '2024-12-29')] }]))).toBe('bb');
    expect(purses(decided([{ sessions: [recovery('b', '2024-12-29')] }]))).toBe('i');
  });

  it.each([
    ['2010-09-06', 9],
    ['2010-12-06', 12],
    ['2011-03-07', 12],
    ['2011-12-05', 20],
    ['2012-01-02', 20],
  ])('[R19] a course begun on %s, weekly, bears %i', (from, threshold) => {
    expect(purses(decided([{ sessions: weekly('a', from, 22, { diagnosis: '9372' }) }])).indexOf('b')).toBe(threshold);
  });
});

describe('money and days', () => {
  it('[R20] what the basic insurance pays the package does not, and a session of both counters moves both', () => {
    const packages = [packageOf('Benfit', '2017-01-01')];
    const decisions = decided([{ sessions: course('a', '2024-01-08', 21) }], { packages });
    expect(purses(decisions)).toBe('s'.repeat(12) + 'i'.repeat(8) + 'b');
    expect(decisions[11]?.reason.values).toMatchObject({ position: 12, unit: 12 });
    expect(purses(decided([{ sessions: weekly('k', '2024-01-08', 1, { diagnosis: '7023', csi: '012' }) }], { packages }))).toBe(
      'b',
    );
  });

  it('[R21] the deductible is asked from the 21st session on, of no other purse', () => {
    const decisions = decided([{ sessions: course('a', '2024-01-08', 22) }], { packages: [packageOf('Benfit', '2017-01-01')] });
    expect(decisions.map((each) => each.deductible)).toEqual([...Array<boolean>(20).fill(false), true, true]);
  });

  it('[R22] two sessions on one day are two sessions: a limit a day is known of one insurer, which is not one of ours', () => {
    const day = [
      session('a', '2024-03-04', { diagnosis: '9372' }),
      session('b', '2024-03-04', { diagnosis: '9372', practice: '04000002' }),
    ];
    expect(positions(decided([{ sessions: day }]))).toEqual([1, 2]);
    expect(policy.interpretations.find((each) => each.name === 'maxSessionsPerDay')?.values[0]?.value).toBeNull();
  });

  it('[R23] an intake with examination is one of the twelve or the twenty, a report or a screening is none', () => {
    const knee = { diagnosis: '7023', csi: '012' };
    const intake = session('a', '2024-01-02', { ...knee, performance: '1870' });
    expect(purses(decided([{ sessions: [intake, ...weekly('k', '2024-01-08', 12, knee)] }]))).toBe('b'.repeat(12) + 'i');
    const none = ['1850', '1860', '1400', '1105', '1900', '1902', '1950', '2510'];
    expect(none.map((performance) => alone({ performance }).units[0]?.position)).toEqual(none.map(() => null));
  });

  it('[R24] a code that changes within the condition carries its count over', () => {
    const old = course('a', '2023-06-05', 21, { diagnosis: '9376' });
    const fresh = session('z', '2024-07-08', { diagnosis: '3176', csi: '001' });
    const remaps = [{ from: '9376', to: '3176', effectiveDate: '2024-07-01' }];
    const joined = decided([{ sessions: [...old, fresh], remaps }]).at(-1);
    expect(joined).toMatchObject({ condition: '1.a.2', units: [{ position: 22, purse: 'basic' }] });
  });
});
