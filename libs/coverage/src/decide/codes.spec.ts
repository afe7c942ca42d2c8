import type { SessionFact, StatementFact } from '#libs/trajectory';
import { decide } from '../index';
import { history, person, session, statement, type TrajectorySpec } from '../testing/facts';
import { bookOf, conditions, document } from '../testing/policy';
import { codeOn } from './validity';

const book = bookOf();
const judged = (changes: Partial<SessionFact>, date = '2024-05-06', more: TrajectorySpec = {}, policy = book) => {
  const [decision] = decide(person({ trajectories: [{ ...more, sessions: [session('r', date, changes)] }] }), policy);
  if (decision === undefined) throw new Error('one line');
  return decision;
};
const codes = (changes: Partial<SessionFact>, date?: string, policy = book) => judged(changes, date, {}, policy).codes;

describe('a code list is asked on the date of the session', () => {
  const dates = { from: '2024-02-01', through: '2024-03-31' };
  const limited = bookOf({ performanceLists: document.performanceLists.map((list) => ({ ...list, ...dates })) });
  const performances = bookOf({ performances: document.performances.map((each) => ({ ...each, ...dates })) });
  const indications = bookOf({
    indications: document.indications.map((each) => (each.code === '008' ? { ...each, ...dates } : each)),
  });

  it.each([
    ['2024-01-31', ['0581'], ['0582'], ['3102']],
    ['2024-02-01', [], [], []],
    ['2024-03-31', [], [], []],
    ['2024-04-01', ['0581'], ['0582'], ['3102']],
  ])('%s: list %j, performance %j, indication %j', (date, list, performance, indication) => {
    expect(codes({}, date, limited)).toEqual(list);
    expect(codes({}, date, performances)).toEqual(performance);
    expect(codes({}, date, indications)).toEqual(indication);
  });
});

describe('an invalid line', () => {
  it('names at most three codes, ascending, and what they are about', () => {
    const three = bookOf({
      interpretations: document.interpretations.map((each) =>
        each.name === 'amountMismatchCode' ? { ...each, values: [{ from: '2006-01-01', value: '0100' }] } : each,
      ),
    });
    expect(codes({ performance: '9999', quantity: 9, declaredCents: 1 }, '2024-05-06', three)).toEqual(['0100', '0582', '0638']);
    expect(codes({ tariffCents: -100 })).toEqual(['8059']);
  });

  it.each<[string, string, Partial<SessionFact>, object]>([
    ['closed-code', '2024-07-01', { diagnosis: '9376' }, { code: '9376', csi: '008', through: '2024-06-30' }],
    ['unknown-code', '2024-07-01', { diagnosis: '0000' }, { code: '0000', csi: '008' }],
    ['age-limit', '2024-07-01', { diagnosis: '6210', ageYears: 22 }, { code: '6210', csi: '008', age: 22 }],
    ['provider', '2024-07-01', { diagnosis: '6483' }, { code: '6483', csi: '008', performance: '1000' }],
    ['performance-required', '2024-07-01', { diagnosis: '9390' }, { code: '9390', csi: '008', performance: '1000' }],
    ['combination', '2024-07-01', { diagnosis: '9373', csi: '009' }, { code: '9373', csi: '009' }],
  ])('by %s keeps the numbers that the rule used', (rule, date, changes, values) => {
    expect(judged(changes, date).reason).toEqual({ rule, values });
  });

  it('has no word on the combination where the code is not accepted', () => {
    expect(codes({ diagnosis: '9376', csi: '012' }, '2024-07-01')).toEqual(['8009']);
    expect(codes({ diagnosis: '9376', csi: '010' }, '2024-05-06')).toEqual(['0562', '8058']);
  });

  it('is not booked against the deductible, nor is one that is too late or held', () => {
    expect(judged({ csi: '999' })).toMatchObject({ deductible: false, paidToProvider: 0, claimFromInsured: 0 });
    expect(judged({ csi: '001' })).toMatchObject({ status: 'held', deductible: false });
  });
});

describe('adulthood and the indication 008', () => {
  it('begins on the day of the age itself, also under a closed and under a former code', () => {
    expect([codes({ ageYears: 17 }), codes({ ageYears: 18 })]).toEqual([['8058'], []]);
    const closed = (ageYears: number, csi: string) => codes({ diagnosis: '9376', ageYears, csi });
    expect([closed(17, '008'), closed(18, '008')]).toEqual([['8058'], []]);
    expect(closed(17, '001')).toEqual([]);
    const former = (ageYears: number, csi: string) => codes({ diagnosis: '2554', ageYears, csi }, '2018-12-31');
    expect([former(17, '008'), former(18, '008'), former(17, '001')]).toEqual([['8058'], [], []]);
    expect(codes({ diagnosis: '2554', csi: '009' }, '2018-12-31')).toEqual([]);
  });
});

describe('a code that is open to some providers', () => {
  it('accepts any of them', () => {
    const two = bookOf({
      diagnoses: document.diagnoses.map((release) => ({
        ...release,
        availabilities: release.availabilities.map((each) =>
          each.id === 'pelvic' ? { id: 'pelvic', anyOf: [{ kind: 'child' }, { therapy: 'exercise' as const }] } : each,
        ),
      })),
    });
    const by = (performance: string) => codes({ diagnosis: '6483', performance }, '2024-05-06', two);
    expect([by('1100'), by('2000'), by('1600')]).toEqual([[], [], ['0562']]);
  });
});

describe('what an item requires', () => {
  const consent = statement('AuthorisationGranted.v1', { number: 'M', from: '2024-01-01', through: null, maximum: null });
  const arthritis = (date: string, performance: string, statements: StatementFact[]) =>
    judged({ diagnosis: '9390', csi: '001', performance }, date, { statements, histories: [history(30, '2023-12-31')] }).codes;

  it.each([
    ['2024-06-30', '1000', [], ['8058']],
    ['2024-06-30', '1000', [consent], []],
    ['2024-06-30', '10039', [], ['8058']],
    ['2024-07-01', '1000', [consent], ['8058']],
    ['2024-07-01', '10039', [], []],
  ])('is what its requirements of the date say: %s by %s', (date, performance, statements, expected) => {
    expect(arthritis(date, performance, statements)).toEqual(expected);
  });
});

describe('the age limit of a code of several items', () => {
  it('is that of the item that lasts longest', () => {
    const one = bookOf({
      conditions: conditions.map((each) =>
        each.id === '1.a.3' ? { ...each, periods: each.periods.map((period) => ({ ...period, ageBelow: 22 })) } : each,
      ),
    });
    expect(judged({ ageYears: 30 }, '2024-05-06', {}, one)).toMatchObject({ status: 'decided', condition: '1.a.2' });
  });
});

describe('the code in force of a lineage', () => {
  const remap = (from: string, to: string, effectiveDate: string) => ({ from, to, effectiveDate, reason: 'test' });
  const chain = [remap('c', 'd', '2024-03-01'), remap('a', 'b', '2024-01-01'), remap('b', 'c', '2024-02-01')];

  it.each([
    ['a', '2023-12-31', 'a'],
    ['a', '2024-01-01', 'b'],
    ['a', '2024-02-15', 'c'],
    ['a', '2024-03-01', 'd'],
    ['b', '2024-03-01', 'd'],
    ['x', '2024-03-01', 'x'],
  ])('declared as %s, on %s: %s', (declared, date, expected) => {
    expect(codeOn(chain, declared, date)).toBe(expected);
  });

  it('is by the latest remap of one code; of two from one day the later recorded', () => {
    const twice = [remap('a', 'c', '2024-02-01'), remap('a', 'b', '2024-01-01')];
    expect([codeOn(twice, 'a', '2024-01-15'), codeOn(twice, 'a', '2024-02-01')]).toEqual(['b', 'c']);
    expect(codeOn([remap('a', 'b', '2024-01-01'), remap('a', 'c', '2024-01-01')], 'a', '2024-02-01')).toBe('c');
  });

  it('ends in a cycle after as many steps as there are remaps', () => {
    expect(codeOn([remap('a', 'b', '2024-01-01'), remap('b', 'a', '2024-01-01')], 'a', '2024-02-01')).toBe('a');
    expect(
      codeOn([remap('a', 'b', '2024-01-01'), remap('b', 'a', '2024-01-01'), remap('x', 'y', '2024-01-01')], 'a', '2024-02-01'),
    ).toBe('b');
  });

  it('gives its item to what was declared under another code, where it has one', () => {
    const under = (to: string, date: string, item?: string) =>
      judged({ diagnosis: '4021' }, date, {
        remaps: [remap('4021', to, '2024-01-01')],
        statements: item === undefined ? [] : [statement('ConditionConfirmed.v1', { item })],
      }).condition;
    expect([under('6236', '2024-05-06'), under('6236', '2024-05-06', '1.b.18')]).toEqual(['1.d.5', '1.b.18']);
    expect([under('0000', '2024-05-06'), under('4026', '2024-05-06')]).toEqual(['1.b.7', '1.b.7']);
    const closed = judged({ diagnosis: '9376' }, '2024-05-06', { remaps: [remap('9376', '3176', '2024-05-01')] });
    expect(closed.condition).toBe('1.a.2');
    const none = judged({ diagnosis: '9376', csi: '009' }, '2024-05-06', { remaps: [remap('9376', '3176', '2024-05-01')] });
    expect(none.condition).toBe('none');
  });
});
