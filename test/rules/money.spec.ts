/** Purses, money flow, the package, the deductible, insurance, and the return codes of what is not covered. */
import type { LineDecision } from '#libs/trajectory';
import { packageOf, session, weekly } from '../../libs/coverage/src/testing/facts';
import { purses } from './purses';
import { alone, course, decided, INSURED_AT_7095 } from './scene';

const sum = ({ split }: LineDecision): number =>
  split.basic + split.supplementary + split.insured + split.refused + split.undecided;
const KNEE = { diagnosis: '7023', csi: '012' };
const ELBOW = { diagnosis: '4026', csi: '009' };
const startfit = [packageOf('Startfit', '2017-01-01')];
const at3311 = [{ insurer: '3311', from: '2000-01-01', through: null }];

describe('the cents of a line', () => {
  const lines = [
    ...course('a', '2024-01-08', 21),
    session('x', '2024-01-09', { diagnosis: '0000', csi: '008' }),
    session('t', '2024-01-10', { diagnosis: '9372', receivedOn: '2026-01-05' }),
  ];
  const held = { sessions: weekly('h', '2024-01-08', 1, { diagnosis: '4021' }), switches: ['2024-01-01'] };

  it('[money-1] lie in purses, refused or undecided, and add up to what was declared', () => {
    for (const insurer of ['3343', '7095', '3311']) {
      const decisions = decided([{ sessions: lines }, held], { insurance: [{ insurer, from: '2000-01-01', through: null }] });
      expect(decisions.map(sum)).toEqual(decisions.map(() => 4000));
    }
  });

  it('[money-2] are refused whole where the line is invalid or too late, undecided whole where it is held', () => {
    const decisions = decided([{ sessions: lines }, held], { insurance: INSURED_AT_7095 });
    const of = (reference: string) => decisions.find((each) => each.line.endsWith(`/${reference}`));
    const nothing = { basic: 0, supplementary: 0, insured: 0, refused: 0, undecided: 0 };
    for (const reference of ['x', 't'])
      expect(of(reference)).toMatchObject({ split: { ...nothing, refused: 4000 }, paidToProvider: 0, claimFromInsured: 0 });
    expect(of('h01')).toMatchObject({ split: { ...nothing, undecided: 4000 }, paidToProvider: 0, claimFromInsured: 0 });
  });

  it('[money-3] flow to the provider from basic and package; where the insurer bears the risk the part of the insured too, who is charged', () => {
    const flow = ({ paidToProvider, claimFromInsured }: LineDecision) => [paidToProvider, claimFromInsured];
    expect(
      [alone(), alone({}, '2024-03-04', { insurance: INSURED_AT_7095 }), alone({}, '2024-03-04', { insurance: at3311 })].map(
        flow,
      ),
    ).toEqual([
      [4000, 4000],
      [0, 0],
      [0, 0],
    ]);
    expect(flow(alone(KNEE))).toEqual([4000, 0]);
    expect(flow(alone({}, '2024-03-04', { packages: startfit }))).toEqual([4000, 0]);
  });
});

describe('beyond threshold, cap or term', () => {
  it('[beyond-1] a line falls through to the package as long as that has sessions left, then to the insured', () => {
    const knee = weekly('k', '2024-01-08', 22, KNEE);
    expect(purses(decided([{ sessions: knee }], { packages: startfit }))).toBe('b'.repeat(12) + 's'.repeat(9) + 'i');
    const shoulder = [
      ...course('s', '2023-01-09', 21, { diagnosis: '4021' }),
      session('z', '2024-01-09', { diagnosis: '4021', csi: '001' }),
    ];
    expect(decided([{ sessions: shoulder }], { packages: startfit }).at(-1)).toMatchObject({
      reason: { rule: 'past-term' },
      split: { supplementary: 4000 },
    });
  });

  it('[beyond-2] of COPD at 3343 only a 009 line reaches the package; elsewhere the line itself does', () => {
    const copd = weekly('c', '2024-01-08', 6, { diagnosis: '2554', csi: '013' });
    expect(purses(decided([{ sessions: copd }], { packages: startfit }))).toBe('bbbbbi');
    const switched = session('n', '2024-06-03', { diagnosis: '2554', csi: '009' });
    expect(purses(decided([{ sessions: copd.slice(0, 5) }, { sessions: [switched] }], { packages: startfit }))).toBe('bbbbbs');
    expect(
      purses(
        decided([{ sessions: copd }], { insurance: at3311, packages: [packageOf('AV Budget', '2018-01-01', null, '3311')] }),
      ),
    ).toBe('bbbbbs');
  });

  it('[beyond-3] 009 is honoured as no basic entitlement: no cap, no position, and listed while the code has an entitlement left', () => {
    const knee = weekly('k', '2024-01-08', 11, KNEE);
    const none = session('n', '2024-06-03', { diagnosis: '7023', csi: '009' });
    const [open] = decided([{ sessions: knee }, { sessions: [none] }], {}).slice(-1);
    expect(open).toMatchObject({
      condition: 'none',
      units: [{ position: null, purse: 'insured' }],
      flags: ['entitlement-unspent'],
    });
    const [spent] = decided([{ sessions: weekly('k', '2024-01-08', 12, KNEE) }, { sessions: [none] }], {}).slice(-1);
    expect(spent?.flags).toEqual([]);
    const twelfth = session('z', '2024-06-10', KNEE);
    expect(purses(decided([{ sessions: [...knee, twelfth] }, { sessions: [none] }])).at(-1)).toBe('b');
  });
});

describe('the package', () => {
  it('[package-1] is that in force on the date of the session, by its calendar year, over all trajectories in session order', () => {
    const chronic = weekly('a', '2023-12-04', 6, { diagnosis: '9372' });
    const elbow = weekly('b', '2023-12-05', 6, ELBOW);
    const packages = [packageOf('Start', '2023-01-01', '2024-01-02'), packageOf('Extra', '2024-01-03')];
    // the policy knows both from 2024 on: four sessions of 2024, the first two of them under Start
    expect(purses(decided([{ sessions: chronic }, { sessions: elbow }], { packages }))).toBe('i'.repeat(8) + 'ssss');
    const year = [...weekly('a', '2024-01-08', 3, { diagnosis: '9372' }), session('z', '2025-01-06', { diagnosis: '9372' })];
    const other = weekly('b', '2024-01-09', 2, ELBOW);
    expect(purses(decided([{ sessions: year }, { sessions: other }], { packages: [packageOf('Start', '2024-01-01')] }))).toBe(
      'sssiis',
    );
  });

  it('[package-2] gives a unit only to a session with cents of it; a credited one frees it and the later ones move up', () => {
    const packages = [packageOf('Start', '2024-01-01')];
    const lines = weekly('a', '2024-01-08', 5, { diagnosis: '9372' });
    expect(purses(decided([{ sessions: lines }], { packages }))).toBe('sssii');
    expect(purses(decided([{ sessions: lines.slice(1) }], { packages }))).toBe('sssi');
    const free = session('f', '2024-01-02', { diagnosis: '9372', tariffCents: 0 });
    expect(purses(decided([{ sessions: [free, ...lines] }], { packages })).slice(1)).toBe('sssii');
    const basic = weekly('k', '2024-01-02', 3, KNEE);
    expect(
      purses(decided([{ sessions: basic }, { sessions: lines }], { packages }).filter((each) => each.condition === '1.a.1')),
    ).toBe('sssii');
  });

  it("[package-3] changed at one insurer keeps the year's use", () => {
    const packages = [packageOf('Start', '2024-01-01', '2024-01-31'), packageOf('Extra', '2024-02-01')];
    expect(purses(decided([{ sessions: weekly('a', '2024-01-08', 10, { diagnosis: '9372' }) }], { packages }))).toBe(
      'sss' + 'i' + 'sss' + 'iii',
    );
  });

  it('[package-4] at another insurer begins at none, and whole', () => {
    const insurance = [
      { insurer: '3343', from: '2000-01-01', through: '2024-11-30' },
      { insurer: '3311', from: '2024-12-01', through: null },
    ];
    const packages = [packageOf('Startfit', '2017-01-01', '2024-11-30'), packageOf('AV Budget', '2024-12-01', null, '3311')];
    const daily = Array.from({ length: 10 }, (_, i) => session(`d${i}`, `2024-12-${String(10 + i)}`, ELBOW));
    const before = weekly('b', '2024-01-08', 9, ELBOW);
    expect(purses(decided([{ sessions: [...before, ...daily] }], { insurance, packages }))).toBe('s'.repeat(18) + 'i');
  });

  it('[package-5] that is held at another insurer pays nothing here: the insured does, and the decision names that insurer', () => {
    expect(alone({}, '2024-03-04', { packages: [packageOf('Startfit', '2017-01-01', null, '7095')] })).toMatchObject({
      split: { insured: 4000 },
      flags: ['package-elsewhere'],
      reason: { values: { packageAt: '7095' } },
    });
  });

  it('[package-6] manual therapy takes of its part and of the whole; where either is used up the insured pays and neither is used', () => {
    const manual = (prefix: string, from: string, count: number) =>
      weekly(prefix, from, count, { ...ELBOW, performance: '1200' });
    const standaard = { insurance: at3311, packages: [packageOf('AV Standaard', '2018-01-01', null, '3311')] };
    // nine manual of twelve, then three more of another kind
    const decisions = decided(
      [{ sessions: [...manual('m', '2024-01-08', 10), ...weekly('o', '2024-06-03', 4, ELBOW)] }],
      standaard,
    );
    expect(purses(decisions)).toBe('s'.repeat(9) + 'i' + 'sss' + 'i');
    const whole = decided([{ sessions: [...weekly('o', '2024-01-08', 12, ELBOW), ...manual('m', '2024-06-03', 1)] }], standaard);
    expect(whole.at(-1)).toMatchObject({ split: { insured: 4000 }, reason: { values: { limit: 12 } } });
  });
});

describe('the deductible', () => {
  it('[deductible-1] is a flag on a basic part of who owes it by age, without an amount; none where the insurer exempts the condition', () => {
    expect(alone(KNEE)).toMatchObject({ deductible: true, split: { basic: 4000 } });
    expect(alone({ ...KNEE, deductibleAge: false }).deductible).toBe(false);
    expect(alone().deductible).toBe(false);
    const at7095 = (date: string) => alone(KNEE, date, { insurance: INSURED_AT_7095 }).deductible;
    expect([at7095('2025-12-31'), at7095('2026-01-01')]).toEqual([true, false]);
  });
});

describe('insurance', () => {
  const line = (date: string, more = {}) =>
    alone({}, date, { insurance: [{ insurer: '3343', from: '2024-01-01', through: '2024-12-31' }], ...more });

  it('[insurance-1] a line outside our periods is 0320', () => {
    expect(['2023-12-31', '2025-01-01'].map((date) => line(date).codes)).toEqual([['0320'], ['0320']]);
    expect(['2024-01-01', '2024-12-31'].map((date) => line(date).status)).toEqual(['decided', 'decided']);
  });

  it('[insurance-2] from the day after death it is 0328', () => {
    const on = (date: string) => line(date, { diedOn: '2024-03-04' }).codes;
    expect([on('2024-03-04'), on('2024-03-05')]).toEqual([[], ['0328']]);
  });

  it('[insurance-4] an end that is stated later decides what was covered anew', () => {
    const lines = weekly('a', '2024-01-08', 3, KNEE);
    const until = (through: string | null) =>
      decided([{ sessions: lines }], { insurance: [{ insurer: '3343', from: '2020-01-01', through }] });
    expect(purses(until(null))).toBe('bbb');
    expect(until('2024-01-14').map((each) => each.codes)).toEqual([[], ['0320'], ['0320']]);
  });
});

describe('return codes of what is not covered', () => {
  const at7095 = { insurance: INSURED_AT_7095 };
  const last = (decisions: readonly LineDecision[]) => decisions.at(-1)?.codes;
  const at3311Budget = { insurance: at3311, packages: [packageOf('AV Budget', '2018-01-01', null, '3311')] };

  it('[codes-1] 0613: within the threshold, a start condition that is not met, no package', () => {
    expect(alone({}, '2024-03-04', at7095).codes).toEqual(['0613']);
    expect(alone(ELBOW, '2024-03-04', at7095).codes).toEqual(['0613']);
  });

  it('[codes-2] 0584: a cap, a term or a package that is exhausted', () => {
    expect(last(decided([{ sessions: weekly('k', '2024-01-08', 13, KNEE) }], at7095))).toEqual(['0584']);
    const pain = [
      ...course('w', '2024-01-08', 1, { diagnosis: '9363', csi: '020' }),
      session('z', '2024-07-08', { diagnosis: '9363', csi: '020' }),
    ];
    expect(last(decided([{ sessions: pain }], at7095))).toEqual(['0584']);
    expect(last(decided([{ sessions: weekly('n', '2024-01-08', 10, ELBOW) }], at3311Budget))).toEqual(['0584']);
  });

  it('[codes-3] of several the one that closed the basic insurance first: an exhausted package within the threshold stays 0613', () => {
    expect(last(decided([{ sessions: course('a', '2024-01-08', 10) }], at3311Budget))).toEqual(['0613']);
  });

  it('[codes-4] none where the provider is paid what was declared', () => {
    expect(alone()).toMatchObject({ paidToProvider: 4000, split: { insured: 4000 }, codes: [] });
    expect(alone({}, '2024-03-04', at3311Budget).codes).toEqual([]);
  });

  it('[codes-5] a line that is paid in part has the amount and the code', () => {
    const line = decided(
      [{ sessions: [...course('a', '2023-01-09', 19), session('q', '2024-06-03', { diagnosis: '9372', quantity: 2 })] }],
      at7095,
    ).at(-1);
    expect(line).toMatchObject({ paidToProvider: 4000, split: { basic: 4000, insured: 4000 }, codes: ['0613'] });
  });

  it('[wire-1] a held line is granted nothing, with 0613 and 8072', () => {
    const line = decided([{ sessions: weekly('h', '2024-01-08', 1, { diagnosis: '9372' }), switches: ['2024-01-01'] }]).at(-1);
    expect(line).toMatchObject({ status: 'held', paidToProvider: 0, codes: ['0613', '8072'] });
  });
});
