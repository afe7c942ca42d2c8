/** What a line counts for: several sessions in one, intakes and reports, ages, the cap of children, the classes of COPD. */
import { history, packageOf, session, statement, weekly } from '../../libs/coverage/src/testing/facts';
import { purses } from './purses';
import { alone, conditions, course, decided, INSURED_AT_7095, positions, rules, statuses } from './scene';

const child = { ageYears: 9, deductibleAge: false };
const ankle = { ...child, diagnosis: '7231' };
const COPD = { diagnosis: '2554' };

describe('a line of several sessions', () => {
  it('[quantity-1] takes as many consecutive positions, each decided alone: one line may be paid from three purses', () => {
    const elbow = weekly('n', '2024-01-09', 2, { diagnosis: '4026', csi: '009' });
    const several = session('q', '2024-06-03', { diagnosis: '9372', quantity: 3 });
    const line = decided([{ sessions: [...course('a', '2023-01-09', 18), several] }, { sessions: elbow }], {
      packages: [packageOf('Start', '2024-01-01')],
    }).at(-1);
    expect(line?.units.map(({ position, purse }) => [position, purse])).toEqual([
      [19, 'supplementary'],
      [20, 'insured'],
      [21, 'basic'],
    ]);
    expect(line?.split).toEqual({ basic: 4000, supplementary: 4000, insured: 4000, refused: 0, undecided: 0 });
  });

  it('[quantity-3] is invalid with more than four, 0638', () => {
    expect([alone({ quantity: 4 }).codes, alone({ quantity: 5 }).codes]).toEqual([[], ['0638']]);
  });
});

describe('intakes and what is no session', () => {
  it.each(['1864', '1870', '1871', '1872'])('[intake-1] %s is a session and starts the clock', (performance) => {
    const lines = [
      session('i', '2024-01-02', { diagnosis: '4021', performance }),
      ...course('s', '2024-01-08', 20, { diagnosis: '4021' }),
    ];
    const last = decided([{ sessions: lines }]).at(-1);
    expect(last).toMatchObject({ units: [{ position: 21 }], reason: { values: { start: '2024-01-02', end: '2025-01-02' } } });
  });

  it('[intake-2] what does not count takes the regime of its trajectory, no position and no package', () => {
    const report = session('r', '2024-01-15', { diagnosis: '9372', performance: '1900' });
    const decisions = decided([{ sessions: [...course('a', '2024-01-08', 1), report, ...course('b', '2024-01-22', 1)] }], {
      packages: [packageOf('Start', '2023-01-01')],
    });
    expect(positions(decisions)).toEqual([1, null, 2]);
    expect(conditions(decisions)).toEqual(['1.a.1', '1.a.1', '1.a.1']);
    expect(purses(decisions)).toBe('sis');
    expect(decisions[2]?.reason.values).toMatchObject({ unit: 2 });
  });

  it('[intake-3] is judged as the next session: insured within the threshold or beyond the cap, basic otherwise', () => {
    const report = (date: string, changes = {}) => session('r', date, { diagnosis: '9372', performance: '1900', ...changes });
    expect(purses(decided([{ sessions: [...course('a', '2024-01-08', 19), report('2024-06-03')] }])).at(-1)).toBe('i');
    expect(purses(decided([{ sessions: [...course('a', '2024-01-08', 20), report('2024-06-03')] }])).at(-1)).toBe('b');
    const knee = { diagnosis: '7023', csi: '012' };
    const after = (count: number) =>
      purses(
        decided([{ sessions: [...weekly('k', '2024-01-08', count, knee), report('2024-06-03', knee)] }], {
          packages: [packageOf('Benfit', '2017-01-01')],
        }),
      );
    expect([after(11).at(-1), after(12).at(-1)]).toEqual(['b', 'i']);
  });
});

describe('ages', () => {
  it('[age-1] [age-2] a person is grown up by the age on the date of the session; sessions before keep their decision and count', () => {
    const young = course('c', '2024-01-08', 5, { csi: '001', ageYears: 17, deductibleAge: false });
    const decisions = decided([{ sessions: [...young, ...course('d', '2024-03-04', 16, { csi: '008', ageYears: 18 })] }]);
    expect(purses(decisions)).toBe('b'.repeat(5) + 'i'.repeat(15) + 'b');
    expect(positions(decisions)).toEqual(decisions.map((_, i) => i + 1));
  });

  it('[age-3] 008 under eighteen is 8058', () => {
    expect([alone({ csi: '008', ageYears: 17 }).codes, alone({ csi: '001', ageYears: 17 }).codes]).toEqual([['8058'], []]);
  });

  it('[age-4] [age-6] past the age limit of every item 001 and 008 are 8058: not counted, and not read as 003', () => {
    const lines = [
      session('a', '2024-01-08', { diagnosis: '9379', csi: '001', ageYears: 16, deductibleAge: false }),
      session('b', '2024-01-15', { diagnosis: '9379', csi: '001', ageYears: 17, deductibleAge: false }),
    ];
    const [before, after] = decided([{ sessions: lines }]);
    expect(before).toMatchObject({ condition: '1.a.6', split: { basic: 4000 } });
    expect(after).toMatchObject({ status: 'invalid', codes: ['8058'], condition: null, units: [] });
    expect(['001', '008'].map((csi) => alone({ diagnosis: '6210', csi, ageYears: 22 }).reason.rule)).toEqual([
      'age-limit',
      'age-limit',
    ]);
  });

  it('[age-5] [age-6] past a term a line falls through to package or insured, of a child as well: it is not read as 003', () => {
    const lines = [
      session('a', '2024-01-08', { ...child, diagnosis: '3038', csi: '001' }),
      session('b', '2024-04-08', { ...child, diagnosis: '3038', csi: '001' }),
    ];
    expect(decided([{ sessions: lines }])[1]).toMatchObject({
      status: 'decided',
      condition: '1.b.16',
      units: [{ position: 2, purse: 'insured', rule: 'past-term' }],
    });
    expect(purses(decided([{ sessions: lines }], { packages: [packageOf('Start', '2023-01-01')] }))).toBe('bs');
  });
});

describe('a child with a condition outside the list', () => {
  it('[child-1] has eighteen for a trajectory in a calendar year, of which lines of 001 take none', () => {
    const lines = weekly('a', '2025-01-06', 19, { ...ankle, csi: '003' });
    const listed = weekly('l', '2025-01-07', 5, { ...ankle, csi: '001', diagnosis: '7201' });
    expect(purses(decided([{ sessions: lines }]))).toBe('b'.repeat(18) + 'i');
    expect(purses(decided([{ sessions: lines }, { sessions: listed }]).filter((each) => each.condition === '2.6-8'))).toBe(
      'b'.repeat(18) + 'i',
    );
    const sameCode = weekly('x', '2025-01-07', 5, { ...child, csi: '001', diagnosis: '7236' });
    const outside = weekly('y', '2025-01-06', 19, { ...child, csi: '003', diagnosis: '7236' });
    expect(purses(decided([{ sessions: sameCode }, { sessions: outside }]).filter((each) => each.condition === '2.6-8'))).toBe(
      'b'.repeat(18) + 'i',
    );
  });

  it('[child-2] 004 and 005 for physiotherapy, 006 and 007 for exercise therapy are allowed where 003 is, until the end of 2024', () => {
    const codes = (csi: string, performance: string, date = '2024-12-31') => alone({ ...ankle, csi, performance }, date).codes;
    for (const csi of ['004', '005']) expect([csi, codes(csi, '1000'), codes(csi, '2000')]).toEqual([csi, [], ['8058']]);
    for (const csi of ['006', '007']) expect([csi, codes(csi, '2000'), codes(csi, '1000')]).toEqual([csi, [], ['8058']]);
    for (const csi of ['004', '005', '006', '007']) expect([csi, codes(csi, '1000', '2025-01-01')]).toEqual([csi, ['3102']]);
    expect(alone({ ...child, diagnosis: '9374', csi: '004' }).codes).toEqual(['8058']);
  });

  it('[child-3] 003 to 007 share one cap', () => {
    const lines = ['004', '005', '003'].flatMap((csi, i) => weekly(`p${i}`, `2024-0${1 + 2 * i}-01`, 6, { ...ankle, csi }));
    const exercise = weekly('x', '2024-08-05', 1, { ...ankle, csi: '006', performance: '2000' });
    expect(purses(decided([{ sessions: [...lines, ...exercise] }]))).toBe('b'.repeat(18) + 'i');
  });
});

describe('COPD', () => {
  const of = (prefix: string, from: string, count: number, csi: string) => weekly(prefix, from, count, { ...COPD, csi });

  it('[copd-1] a session is judged by the class of its date against all sessions of the treatment year so far', () => {
    const lines = [...of('a', '2024-01-08', 5, '013'), ...of('b', '2024-03-04', 23, '014')];
    expect(purses(decided([{ sessions: lines }]))).toBe('b'.repeat(5) + 'b'.repeat(22) + 'i');
  });

  it('[copd-2] a lower class does not decide earlier sessions anew', () => {
    const lines = [...of('a', '2024-01-08', 10, '014'), ...of('b', '2024-04-01', 1, '013')];
    expect(purses(decided([{ sessions: lines }]))).toBe('b'.repeat(10) + 'i');
  });

  it('[copd-3] first or following year is derived; the code of the other year is shown and changes nothing', () => {
    const [first, second] = [of('a', '2024-01-08', 1, '016'), of('b', '2025-01-08', 4, '014')];
    const decisions = decided([{ sessions: [...first, ...second] }]);
    expect(decisions.map((each) => each.flags.includes('csi-differs'))).toEqual([true, true, true, true, true]);
    expect(purses(decisions)).toBe('bbbbi');
  });

  it('[copd-4] class A has nothing from the second year on', () => {
    expect(purses(decided([{ sessions: [...of('a', '2024-01-08', 5, '013'), ...of('b', '2025-01-08', 1, '013')] }]))).toBe(
      'bbbbbi',
    );
  });

  it('[copd-5] before 2019 it has the threshold of Annex 1 and an open term, and counts in the same treatment year', () => {
    const before = course('o', '2018-06-04', 22, COPD);
    const decisions = decided([{ sessions: before }, { sessions: of('n', '2019-01-07', 6, '014') }]);
    expect(conditions(decisions)).toEqual([...Array<string>(22).fill('1.d.1'), ...Array<string>(6).fill('2.6-6')]);
    expect(purses(decisions)).toBe('i'.repeat(20) + 'bb' + 'b'.repeat(5) + 'i');
    expect(positions(decisions).at(-1)).toBe(28);
  });

  it('[copd-6] a class that was set beats the one that lines assert, and it is shown', () => {
    const set = statement('CareClassChanged.v1', { from: '2024-02-12', class: 'B1' });
    const decisions = decided([{ sessions: of('a', '2024-01-08', 8, '013'), statements: [set] }]);
    expect(purses(decisions)).toBe('b'.repeat(8));
    expect(decisions.map((each) => each.flags.includes('class-differs'))).toEqual([
      ...Array<boolean>(5).fill(false),
      true,
      true,
      true,
    ]);
  });

  it('[copd-7] an imported count falls in the treatment year that holds its date', () => {
    const insured = { insurance: [{ insurer: '3343', from: '2025-03-01', through: null }] };
    const line = (throughDate: string) =>
      decided(
        [{ sessions: of('a', '2025-03-03', 1, '016'), histories: [history(3, throughDate, { startedOn: '2024-01-15' })] }],
        insured,
      );
    expect([rules(line('2025-01-14')), rules(line('2025-01-15'))]).toEqual([['within-cap'], ['past-cap']]);
  });
});

describe('severe rheumatoid arthritis and axial spondyloarthritis', () => {
  const consent = statement('AuthorisationGranted.v1', { number: 'M-1', from: '2019-01-01', through: null, maximum: null });

  it.each([
    ['9390', 'ra-severe', ['10039', '10040'], ['10041', '10042']],
    ['3993', 'axspa-severe', ['10041', '10042'], ['10039', '10040']],
  ])('[ra-1] [ra-2] %s with 001 or 008 is %s, from July 2024 only with %j', (diagnosis, condition, own, others) => {
    for (const performance of own)
      for (const csi of ['001', '008'])
        expect(
          decided(
            [{ sessions: [session('a', '2024-07-01', { diagnosis, csi, performance })], histories: [history(25, '2024-06-03')] }],
            { insurance: INSURED_AT_7095 },
          )[0],
        ).toMatchObject({ condition, status: 'decided' });
    for (const performance of [...others, '1000'])
      expect([performance, alone({ diagnosis, performance }, '2024-07-01').codes]).toEqual([performance, ['8058']]);
    expect(statuses(decided([{ sessions: [session('a', '2024-07-01', { diagnosis })], statements: [consent] }]))).toEqual([
      'invalid',
    ]);
  });

  it.each(['9390', '3993'])('[ra-3] %s before July 2024 needs a recorded authorisation, with any performance', (diagnosis) => {
    const line = (performance: string) => [session('a', '2024-06-30', { diagnosis, performance })];
    expect(decided([{ sessions: line('1000') }])[0]?.codes).toEqual(['8058']);
    for (const performance of ['1000', '1200', '2000', '1870'])
      expect(statuses(decided([{ sessions: line(performance), statements: [consent] }]))).toEqual(['decided']);
  });

  it.each([
    ['9390', '10039', '2025-01-01', '2024-12-31'],
    ['3993', '10041', '2026-01-01', '2025-12-31'],
  ])(
    '[ra-4] %s under %s is covered from the first session from %s on; sessions up to %s are not decided anew',
    (diagnosis, performance, since, before) => {
      const lines = [session('a', before, { diagnosis, performance }), session('b', since, { diagnosis, performance })];
      expect(rules(decided([{ sessions: lines }]))).toEqual(['within-threshold', 'no-threshold']);
    },
  );
});
