import type { LineDecision } from '#libs/trajectory';
import { decide } from '../index';
import { history, packageOf, person, plusDays, session, weekly } from '../testing/facts';
import { bookOf } from '../testing/policy';

const book = bookOf();
const positions = (decisions: readonly LineDecision[]) => decisions.flatMap((each) => each.units.map((unit) => unit.position));
const purses = (decisions: readonly LineDecision[]) => decisions.flatMap((each) => each.units.map((unit) => unit.purse));
const refOf = (decision: LineDecision) => decision.line.split('/')[1];

describe('Switch on 1 January 2024 with 14 sessions elsewhere', () => {
  const lines = [...weekly('a', '2024-01-08', 6, { csi: '008' }), ...weekly('b', '2024-02-19', 4, { csi: '001' })];
  const insurance = [{ insurer: '3343', from: '2024-01-01', through: null }];

  it('without the switch recorded, 008 lines are charged and from the first 001 on everything is held', () => {
    const decisions = decide(person({ insurance, trajectories: [{ sessions: lines }] }), book);
    expect(decisions.slice(0, 6).every((each) => each.status === 'decided' && each.split.insured === 4000)).toBe(true);
    expect(decisions.slice(6).map((each) => each.status)).toEqual(['held', 'held', 'held', 'held']);
  });

  it('with the switch recorded every line from it on is held: granted nothing, 0613 and 8072, wholly undecided', () => {
    const decisions = decide(person({ insurance, trajectories: [{ sessions: lines, switches: ['2024-01-01'] }] }), book);
    expect(positions(decisions)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (const each of decisions) {
      expect(each).toMatchObject({ status: 'held', codes: ['0613', '8072'], paidToProvider: 0, claimFromInsured: 0 });
      expect(each.split).toEqual({ basic: 0, supplementary: 0, insured: 0, refused: 0, undecided: 4000 });
    }
  });

  it('after the history of 14 is imported, 15 to 20 go to the package or the insured and from 21 on to basic', () => {
    const facts = person({
      insurance,
      packages: [packageOf('Nine', '2024-01-01')],
      trajectories: [{ sessions: lines, switches: ['2024-01-01'], histories: [history(14, '2023-12-31')] }],
    });
    const decisions = decide(facts, book);
    expect(positions(decisions)).toEqual([15, 16, 17, 18, 19, 20, 21, 22, 23, 24]);
    expect(purses(decisions)).toEqual([...Array<string>(6).fill('supplementary'), ...Array<string>(4).fill('basic')]);
    const without = decide({ ...facts, packages: [] }, book);
    expect(purses(without)).toEqual([...Array<string>(6).fill('insured'), ...Array<string>(4).fill('basic')]);
    expect(without.every((each) => each.paidToProvider === 4000 && each.codes.length === 0)).toBe(true);
  });
});

describe('Closed code 9376 with 57 sessions, closed on 1 July 2024', () => {
  const old = Array.from({ length: 57 }, (_, i) =>
    session(`o${String(i + 1).padStart(2, '0')}`, plusDays('2023-05-01', 7 * i), {
      diagnosis: '9376',
      csi: i < 20 ? '008' : '001',
    }),
  );
  const late = session('closed', '2024-07-02', { diagnosis: '9376', csi: '001' });
  const fresh = [
    session('n1', '2024-07-08', { diagnosis: '3176', csi: '008' }),
    session('n2', '2024-07-15', { diagnosis: '3176', csi: '008' }),
    session('n3', '2024-07-22', { diagnosis: '3176', csi: '001' }),
  ];

  it('before the remap: 57 under annex-unspecified, a line from the closing date is 8009, two are charged at 1 and 2, the third is held', () => {
    const decisions = decide(person({ trajectories: [{ sessions: [...old, late] }, { sessions: fresh }] }), book);
    const before = decisions.slice(0, 57);
    expect(before.every((each) => each.condition === 'annex-unspecified')).toBe(true);
    expect(purses(before)).toEqual([...Array<string>(20).fill('insured'), ...Array<string>(37).fill('basic')]);
    expect(decisions[57]).toMatchObject({ status: 'invalid', codes: ['8009'], split: { refused: 4000 }, units: [] });
    expect(positions(decisions.slice(58))).toEqual([1, 2, 3]);
    expect(purses(decisions.slice(58))).toEqual(['insured', 'insured', null]);
    expect(decisions[60]).toMatchObject({ status: 'held', codes: ['0613', '8072'] });
  });

  it('after remap and absorption they are 58, 59 and 60 of one trajectory, all basic, and the 8009 line stays 8009', () => {
    const facts = person({
      trajectories: [
        { id: 'old', sessions: [...old, late], remaps: [{ from: '9376', to: '3176', effectiveDate: '2024-07-01' }] },
        { id: 'new', sessions: fresh, absorbedInto: 'old' },
      ],
    });
    const decisions = decide(facts, book);
    const joined = decisions.slice(58);
    expect(positions(joined)).toEqual([58, 59, 60]);
    expect(purses(joined)).toEqual(['basic', 'basic', 'basic']);
    expect(joined.every((each) => each.trajectory === 'old' && each.condition === '1.a.2')).toBe(true);
    expect(joined[0]?.flags).toContain('csi-differs');
    expect(decisions[57]).toMatchObject({ status: 'invalid', codes: ['8009'] });
    expect(decisions[56]?.condition).toBe('annex-unspecified');
  });
});

describe('Late line and credit', () => {
  it('a session dated before the others that arrives last gives the same decisions as in order', () => {
    const lines = weekly('s', '2025-02-03', 25);
    const late = [...lines.slice(1), ...lines.slice(0, 1)];
    expect(decide(person({ trajectories: [{ sessions: late }] }), book)).toEqual(
      decide(person({ trajectories: [{ sessions: lines }] }), book),
    );
  });

  it('T19: without session 12 of 25 the former 21st is the 20th and goes from basic to the insured', () => {
    const lines = weekly('s', '2025-02-03', 25);
    const before = decide(person({ trajectories: [{ sessions: lines }] }), book);
    const after = decide(person({ trajectories: [{ sessions: lines.filter((each) => each.reference !== 's12') }] }), book);
    expect(before.find((each) => refOf(each) === 's21')?.units[0]).toMatchObject({ position: 21, purse: 'basic' });
    expect(after.find((each) => refOf(each) === 's21')?.units[0]).toMatchObject({ position: 20, purse: 'insured' });
    expect(after).toHaveLength(24);
  });
});

describe('Package of nine a year, fifteen sessions in 2023 and ten in 2024 over two trajectories', () => {
  it("uses each year's nine once, in session order over both trajectories", () => {
    const all = [...weekly('a', '2023-08-01', 15), ...weekly('b', '2024-01-09', 10)];
    const first = all.filter((_, i) => i % 2 === 0);
    const second = all.filter((_, i) => i % 2 === 1).map((each) => ({ ...each, diagnosis: '9374' }));
    const decisions = decide(
      person({ packages: [packageOf('Nine')], trajectories: [{ sessions: second }, { sessions: first }] }),
      book,
    );
    expect(purses(decisions)).toEqual([
      ...Array<string>(9).fill('supplementary'),
      ...Array<string>(6).fill('insured'),
      ...Array<string>(9).fill('supplementary'),
      'insured',
    ]);
  });
});

describe('Worked examples', () => {
  it('T1: frozen shoulder with a package of 18: 18 from it, two by the insured, basic with deductible until twelve months after the start', () => {
    const lines = weekly('f', '2024-01-02', 54, { diagnosis: '4021', csi: '001' }).map((each, i) =>
      i < 20 ? { ...each, csi: '008' } : each,
    );
    const decisions = decide(
      person({ packages: [packageOf('Eighteen', '2024-01-01', '2024-12-31')], trajectories: [{ sessions: lines }] }),
      book,
    );
    expect(purses(decisions)).toEqual([
      ...Array<string>(18).fill('supplementary'),
      'insured',
      'insured',
      ...Array<string>(33).fill('basic'),
      'insured',
    ]);
    expect(decisions[0]?.reason.values).toEqual({
      ...{ position: 1, threshold: 20, start: '2024-01-02', end: '2025-01-02', package: 'Eighteen', unit: 1 },
    });
    expect(decisions[19]?.deductible).toBe(false);
    expect(decisions[20]).toMatchObject({ deductible: true, reason: { rule: 'above-threshold' } });
    // the session of 2024-12-31 is in, the one of 2025-01-07 is past [2024-01-02, 2025-01-02)
    expect(decisions[53]).toMatchObject({ reason: { rule: 'past-term', values: { end: '2025-01-02' } }, codes: [] });
    expect(decisions[53]?.flags).toContain('possible-new-episode');
  });

  it('T2: chronic indication with a package of 10: ten from it, ten by the insured, then basic', () => {
    const lines = weekly('c', '2024-01-02', 22).map((each, i) => (i < 20 ? each : { ...each, csi: '001' }));
    const decisions = decide(person({ packages: [packageOf('Ten')], trajectories: [{ sessions: lines }] }), book);
    expect(purses(decisions)).toEqual([
      ...Array<string>(10).fill('supplementary'),
      ...Array<string>(10).fill('insured'),
      'basic',
      'basic',
    ]);
  });

  it('T8: whiplash from 1 February 2024: covered until 1 May, that day excluded', () => {
    const lines = [
      ...Array.from({ length: 20 }, (_, i) => session(`w${i + 10}`, plusDays('2024-02-01', i), { diagnosis: '3038' })),
      session('x1', '2024-04-30', { diagnosis: '3038', csi: '001' }),
      session('x2', '2024-05-01', { diagnosis: '3038', csi: '001' }),
    ];
    const decisions = decide(person({ trajectories: [{ sessions: lines }] }), book);
    expect(purses(decisions.slice(20))).toEqual(['basic', 'insured']);
    expect(decisions[21]?.reason).toEqual({
      rule: 'past-term',
      values: { position: 22, threshold: 20, start: '2024-02-01', end: '2024-05-01' },
    });
  });

  it('T6: twelve for hip and knee together within twelve months of the first', () => {
    const hip = weekly('h', '2018-04-01', 8, { diagnosis: '6223', csi: '012' });
    const knee = weekly('k', '2018-09-01', 5, { diagnosis: '7023', csi: '012' });
    const decisions = decide(person({ trajectories: [{ sessions: knee }, { sessions: hip }] }), book);
    expect(purses(decisions)).toEqual([...Array<string>(12).fill('basic'), 'insured']);
    expect(decisions[11]?.reason.values).toEqual({ position: 12, used: 12, start: '2018-04-01', end: '2019-04-01' });
    expect(decisions[12]?.reason).toMatchObject({ rule: 'past-cap', values: { used: 12 } });
    const late = session('k9', '2019-04-01', { diagnosis: '7023', csi: '012' });
    const outside = decide(person({ trajectories: [{ sessions: hip }, { sessions: [late] }] }), book);
    expect(outside[8]?.reason).toMatchObject({ rule: 'past-term', values: { end: '2019-04-01' } });
  });

  it('T10: recovery care: no term starts from 1 July 2024; one begun before ends at six months', () => {
    const covid = (reference: string, date: string) => session(reference, date, { diagnosis: '9363', csi: '020' });
    const begun = decide(
      person({ trajectories: [{ sessions: [covid('1', '2024-06-28'), covid('2', '2024-12-27'), covid('3', '2024-12-28')] }] }),
      book,
    );
    expect(purses(begun)).toEqual(['basic', 'basic', 'insured']);
    const late = decide(person({ trajectories: [{ sessions: [covid('1', '2024-07-01')] }] }), book);
    expect(late[0]?.reason.rule).toBe('term-not-opened');
  });

  it('T16: a child has eighteen per condition and calendar year, a new year gives new ones', () => {
    const child = { diagnosis: '7326', csi: '003', ageYears: 9, deductibleAge: false };
    const lines = [...weekly('a', '2025-10-01', 12, child), ...weekly('b', '2026-01-05', 10, child)];
    const decisions = decide(person({ trajectories: [{ sessions: lines }] }), book);
    expect(purses(decisions)).toEqual(Array<string>(22).fill('basic'));
    expect(decisions.every((each) => !each.deductible)).toBe(true);
    const many = decide(person({ trajectories: [{ sessions: weekly('m', '2025-01-01', 19, child) }] }), book);
    expect(many[18]?.reason).toMatchObject({ rule: 'past-cap', values: { used: 18 } });
  });
});
