import type { LineDecision, SessionFact } from '#libs/trajectory';
import { decide } from '../index';
import { history, person, session, weekly, type TrajectorySpec } from '../testing/facts';
import { bookOf, document } from '../testing/policy';

const book = bookOf();
const run = (spec: TrajectorySpec, insurance = [{ insurer: '3343', from: '2000-01-01', through: null as string | null }]) =>
  decide(person({ insurance, trajectories: [spec] }), book);
const positions = (decisions: readonly LineDecision[]) => decisions.flatMap((each) => each.units.map((unit) => unit.position));

describe('order of sessions', () => {
  it('is by date, start time, practice, reference in byte order', () => {
    const lines = [
      session('b', '2025-01-06'),
      session('B', '2025-01-06'),
      session('a', '2025-01-06', { startTime: '09:00' }),
      session('c', '2025-01-06', { startTime: '08:30' }),
      session('z', '2025-01-06', { practice: '04000000' }),
      session('x', '2025-01-05'),
    ];
    expect(run({ sessions: lines }).map((each) => each.line.split('/')[1])).toEqual(['x', 'z', 'B', 'b', 'c', 'a']);
  });

  it('a line key that two streams hold is decided once', () => {
    const line = session('a', '2025-01-06');
    const decisions = decide(person({ trajectories: [{ sessions: [line] }, { sessions: [line] }] }), book);
    expect(decisions).toHaveLength(1);
  });

  it('two streams of one regime and code, begun by two writers, are counted together', () => {
    const decisions = decide(
      person({ trajectories: [{ sessions: weekly('a', '2025-01-06', 2) }, { sessions: weekly('b', '2025-01-07', 2) }] }),
      book,
    );
    expect(positions(decisions)).toEqual([1, 2, 3, 4]);
  });

  it('[trajectory-1] another code of the same item is another trajectory, and is listed', () => {
    const other = weekly('b', '2025-01-07', 2).map((each) => ({ ...each, diagnosis: '9474' }));
    const first = weekly('a', '2025-01-06', 2).map((each) => ({ ...each, diagnosis: '9374' }));
    const decisions = decide(person({ trajectories: [{ sessions: first }, { sessions: other }] }), book);
    expect(positions(decisions)).toEqual([1, 1, 2, 2]);
    expect(decisions.map((each) => each.flags)).toEqual([[], ['same-item-other-code'], [], []]);
  });

  it('[R1] [R3] [R5] positions run on over years and pauses', () => {
    const lines = [...weekly('a', '2018-03-05', 10), ...weekly('b', '2025-03-03', 12)];
    expect(positions(run({ sessions: lines }))[21]).toBe(22);
  });

  it('[R7] physiotherapy and exercise therapy, at any practice, count together', () => {
    const lines = [session('a', '2025-01-06'), session('b', '2025-01-07', { performance: '2000', practice: '04000009' })];
    expect(positions(run({ sessions: lines }))).toEqual([1, 2]);
  });

  it('an absorption in a cycle still decides every line', () => {
    const decisions = decide(
      person({
        trajectories: [
          { id: 'a', sessions: weekly('a', '2025-01-06', 1), absorbedInto: 'b' },
          { id: 'b', sessions: weekly('b', '2025-01-07', 1), absorbedInto: 'a' },
        ],
      }),
      book,
    );
    expect(decisions.map((each) => each.trajectory)).toEqual(['a', 'a']);
  });

  it('a chain of absorptions leads to its last survivor', () => {
    const decisions = decide(
      person({
        trajectories: [
          { id: 'a', sessions: weekly('a', '2025-01-06', 1), absorbedInto: 'b' },
          { id: 'b', sessions: [{ ...session('b', '2025-01-07'), diagnosis: '3176' }], absorbedInto: 'c' },
          { id: 'c', sessions: [{ ...session('c', '2025-01-08'), diagnosis: '3276' }] },
        ],
      }),
      book,
    );
    expect(decisions.map((each) => each.trajectory)).toEqual(['c', 'c', 'c']);
    expect(positions(decisions)).toEqual([1, 2, 3]);
  });
});

describe('imported sessions take positions', () => {
  const lines = weekly('a', '2024-01-08', 4);

  it('[imports-2] elsewhere through a date in our own period: before all own sessions of that period', () => {
    const insurance = [{ insurer: '3343', from: '2024-01-01', through: null }];
    const decisions = run({ sessions: lines, histories: [history(5, '2024-01-16')] }, insurance);
    expect(positions(decisions)).toEqual([6, 7, 8, 9]);
  });

  it('[switch-3] adjoining periods of labels of one insurer are one period', () => {
    const insurance = [
      { insurer: '3365', from: '2024-01-10', through: null },
      { insurer: '3343', from: '2024-01-01', through: '2024-01-09' },
    ];
    expect(positions(run({ sessions: lines, histories: [history(5, '2024-01-16')] }, insurance))).toEqual([6, 7, 8, 9]);
  });

  it('[imports-1] through a date in a gap of our insurance: after own sessions up to it, before later ones', () => {
    const insurance = [
      { insurer: '3343', from: '2020-01-01', through: '2022-12-31' },
      { insurer: '3343', from: '2024-01-01', through: null },
    ];
    const own = [...weekly('o', '2022-11-07', 3), ...lines];
    expect(positions(run({ sessions: own, histories: [history(10, '2023-12-31')] }, insurance))).toEqual([
      1, 2, 3, 14, 15, 16, 17,
    ]);
  });

  it('[imports-3] several elsewhere add up', () => {
    const histories = [history(3, '2023-06-30'), history(4, '2023-12-31')];
    expect(positions(run({ sessions: lines, histories }, [{ insurer: '3343', from: '2024-01-01', through: null }]))).toEqual([
      8, 9, 10, 11,
    ]);
  });

  it('[imports-4] everything: the count is the whole up to its date, own sessions inside it, late ones too', () => {
    const insurance = [{ insurer: '3343', from: '2024-01-01', through: null }];
    const whole = history(10, '2024-01-20', { scope: 'everything' });
    expect(positions(run({ sessions: lines, histories: [whole] }, insurance))).toEqual([9, 10, 11, 12]);
    const withLate = [...lines, session('late', '2024-01-03')];
    expect(positions(run({ sessions: withLate, histories: [whole] }, insurance))).toEqual([8, 9, 10, 11, 12]);
  });

  it('[imports-5] everything that states fewer than ours: the i-th own session has position min(i, N), the next N + 1, and it is shown', () => {
    const whole = history(2, '2024-01-24', { scope: 'everything', startedOn: '2024-01-08' });
    const decisions = run({ sessions: lines, histories: [whole] });
    expect(positions(decisions)).toEqual([1, 2, 2, 3]);
    expect(decisions[0]?.flags).toContain('history-below-own');
  });

  it('[absorption-4] two imports on one document, on streams that were joined, count once', () => {
    const document = { reference: 'form', digest: 'abc' };
    const facts = person({
      insurance: [{ insurer: '3343', from: '2024-01-01', through: null }],
      trajectories: [
        { id: 'a', sessions: lines, histories: [history(5, '2023-12-31', { document })] },
        {
          id: 'b',
          diagnosis: '3176',
          histories: [history(5, '2023-12-31', { document, importId: 'other' as never })],
          absorbedInto: 'a',
        },
      ],
    });
    expect(positions(decide(facts, book))).toEqual([6, 7, 8, 9]);
  });

  it('everything includes what was imported for earlier dates: it takes the positions that those and ours leave', () => {
    const insurance = [{ insurer: '3343', from: '2024-01-01', through: null }];
    const histories = [history(10, '2024-01-20', { scope: 'everything' }), history(3, '2023-12-31')];
    expect(positions(run({ sessions: lines, histories }, insurance))).toEqual([9, 10, 11, 12]);
    const oneDate = [history(10, '2023-12-31', { scope: 'everything', importId: 'a' as never }), history(3, '2023-12-31')];
    expect(positions(run({ sessions: lines, histories: oneDate }, insurance))).toEqual([11, 12, 13, 14]);
  });

  it('[anchor-1] neither a report nor an invalid line starts the clock', () => {
    const shoulder = { diagnosis: '4021' };
    const before = [
      session('report', '2024-01-02', { ...shoulder, performance: '1900' }),
      session('invalid', '2024-01-03', { ...shoulder, quantity: 9 }),
    ];
    const decisions = run({
      sessions: [
        ...before,
        session('a', '2024-02-05', shoulder),
        ...weekly('w', '2024-02-06', 20, shoulder),
        session('z', '2025-02-04', shoulder),
      ],
    });
    expect(decisions.find((each) => each.line.endsWith('/z'))?.reason).toMatchObject({
      rule: 'above-threshold',
      values: { end: '2025-02-05' },
    });
  });

  it('[imports-6] the stated start is the anchor of the term unless an own session is earlier', () => {
    const shoulder = weekly('a', '2024-01-08', 2, { diagnosis: '4021', csi: '001' });
    const spec = { sessions: shoulder, histories: [history(30, '2023-12-31', { startedOn: '2023-01-15' })] };
    const decisions = run(spec, [{ insurer: '3343', from: '2024-01-01', through: null }]);
    expect(decisions.map((each) => each.reason.rule)).toEqual(['above-threshold', 'past-term']);
    expect(decisions[1]?.reason.values).toMatchObject({ end: '2024-01-15' });
  });
});

describe('threshold', () => {
  const adultAfterChildhood = (): SessionFact[] => [
    ...weekly('c', '2024-01-08', 5, { csi: '001', ageYears: 17, deductibleAge: false }),
    ...weekly('d', '2024-03-04', 16, { csi: '008', ageYears: 18 }),
  ];

  it('[R17] [age-2] sessions given as a child keep their decision and their positions count', () => {
    const decisions = run({ sessions: adultAfterChildhood() });
    expect(decisions.slice(0, 5).every((each) => each.split.basic === 4000)).toBe(true);
    expect(decisions[19]?.units[0]).toMatchObject({ position: 20, purse: 'insured' });
    expect(decisions[20]?.units[0]).toMatchObject({ position: 21, purse: 'basic' });
  });

  it('[R17] the policy may leave sessions given as a child out of the twenty', () => {
    const other = bookOf({
      interpretations: document.interpretations.map((each) =>
        each.name === 'countSessionsBeforeAge18' ? { ...each, values: [{ from: '2006-01-01', value: false }] } : each,
      ),
    });
    const decisions = decide(person({ trajectories: [{ sessions: adultAfterChildhood() }] }), other);
    expect(decisions[20]).toMatchObject({ units: [{ position: 21, purse: 'insured' }], reason: { values: { asChild: 5 } } });
  });

  it.each([
    ['before 2011, the 9th in 2010', '2010-09-06', 9, 9],
    ['before 2011, the 9th in 2011', '2010-12-06', 9, 12],
    ['in 2011, the 12th in 2011', '2011-03-07', 12, 12],
    ['in 2011, the 12th in 2012', '2011-12-05', 12, 20],
    ['in 2012', '2012-01-02', 12, 20],
  ])('[thresholds-1] a start %s: n = %4$s', (_, from, __, threshold) => {
    const decisions = run({ sessions: weekly('a', from, 22) });
    expect(decisions.findIndex((each) => each.split.basic > 0)).toBe(threshold);
  });

  it('where only a report is known, its own date tells the threshold', () => {
    const report = (date: string) => run({ sessions: [session('r', date, { performance: '1900' })] })[0]?.reason.values.threshold;
    expect([report('2010-05-03'), report('2011-05-02'), report('2024-05-06')]).toEqual([12, 20, 20]);
  });

  it('[thresholds-2] with undated imported sessions before the boundary the higher number holds', () => {
    const sessions = weekly('a', '2010-03-01', 14);
    const decisions = run({
      sessions,
      histories: [history(0, '2009-12-31', { startedOn: '2009-12-01' }), history(1, '2010-01-31', { startedOn: '2010-01-04' })],
    });
    expect(decisions.findIndex((each) => each.split.basic > 0)).toBe(11);
  });
});

describe('remap', () => {
  it('sessions from its effective date get the new item, earlier ones keep theirs, the count runs through', () => {
    const lines = [
      session('a', '2024-05-06', { diagnosis: '4021' }),
      session('b', '2024-06-03', { diagnosis: '4021' }),
      session('c', '2024-06-10', { diagnosis: '3176' }),
    ];
    const decisions = run({ sessions: lines, remaps: [{ from: '4021', to: '3176', effectiveDate: '2024-06-01' }] });
    expect(decisions.map((each) => each.condition)).toEqual(['1.b.7', '1.a.2', '1.a.2']);
    expect(positions(decisions)).toEqual([1, 2, 3]);
  });

  it('a late line under the closed code before its closing stays valid and counts', () => {
    const lines = [session('n', '2024-07-08', { diagnosis: '3176' }), session('late', '2024-05-06', { diagnosis: '9376' })];
    const decisions = run({
      diagnosis: '9376',
      sessions: lines,
      remaps: [{ from: '9376', to: '3176', effectiveDate: '2024-07-01' }],
    });
    expect(decisions.map((each) => each.condition)).toEqual(['annex-unspecified', '1.a.2']);
    expect(positions(decisions)).toEqual([1, 2]);
  });
});

describe('conditions', () => {
  it('a code of several items has the one with the longest term, and is listed once to confirm', () => {
    const decisions = run({ sessions: weekly('a', '2025-01-06', 2, { diagnosis: '6236' }) });
    expect(decisions.map((each) => each.condition)).toEqual(['1.d.5', '1.d.5']);
    expect(decisions.map((each) => each.flags)).toEqual([['date-to-confirm', 'ambiguous-condition'], ['date-to-confirm']]);
  });

  it('ties go to the lowest item: 1.a.2 for a code of 1.a.2 and 1.a.3', () => {
    expect(run({ sessions: weekly('a', '2025-01-06', 1) })[0]?.condition).toBe('1.a.2');
  });

  it('items that do not count take no position and are judged as the next: insured within the threshold, basic after it', () => {
    const report = (reference: string, date: string) => session(reference, date, { performance: '1900', csi: '008' });
    const lines = [report('r1', '2025-01-01'), ...weekly('a', '2025-01-06', 20), report('r2', '2025-07-01')];
    const decisions = run({ sessions: lines });
    expect(decisions[0]).toMatchObject({ units: [{ position: null, purse: 'insured' }], reason: { values: { counts: false } } });
    expect(decisions[21]).toMatchObject({ units: [{ position: null, purse: 'basic' }] });
  });

  it('[R23] [intake-1] an intake counts and starts the clock', () => {
    const lines = [session('i', '2025-01-06', { performance: '1864' }), session('a', '2025-01-13')];
    expect(positions(run({ sessions: lines }))).toEqual([1, 2]);
  });
});
