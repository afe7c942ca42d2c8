import type { RemapFact, StatementFact, TrajectoryId } from '#libs/trajectory';
import { careClassesOf, conditionOn, countedTogether, itemsOf } from '../index';
import { person, statement } from '../testing/facts';
import { bookOf } from '../testing/policy';

const book = bookOf();
const remaps: readonly RemapFact[] = [{ from: '9376', to: '3038', effectiveDate: '2024-07-01', reason: 'closed' }];

describe('the items of a trajectory', () => {
  it.each([
    ['annex', ['6236'], ['1.d.5', '1.b.18']],
    ['annex', ['9376', '3176'], ['annex-unspecified', '1.a.2']],
    ['annex', ['2554'], ['1.d.1']],
    ['copd', ['2554'], ['2.6-6']],
    ['annex', ['0000'], []],
    ['none', ['4021'], []],
    ['none', ['9376'], []],
  ] as const)('%s %j: %j', (regime, codes, items) => {
    expect([...itemsOf(book, regime, codes)]).toEqual(items);
  });
});

describe('its condition on a date', () => {
  const on = (diagnosis: string, date: string, statements: readonly StatementFact[] = []): string | undefined =>
    conditionOn(book, { regime: 'annex', diagnosis, remaps, statements }, date)?.id;

  it('is that of the code in force', () => {
    expect([on('9376', '2024-06-30'), on('9376', '2024-07-01'), on('3038', '2024-01-01')]).toEqual([
      'annex-unspecified',
      '1.b.16',
      '1.b.16',
    ]);
  });

  it('is the one with the longest term until another item of the code is confirmed', () => {
    expect(on('6236', '2024-01-01')).toBe('1.d.5');
    expect(on('6236', '2024-01-01', [statement('ConditionConfirmed.v1', { item: '1.b.18' })])).toBe('1.b.18');
    expect(on('6236', '2024-01-01', [statement('ConditionConfirmed.v1', { item: '1.a.2' })])).toBe('1.d.5');
  });

  it('is what the code admitted formerly, while it did; none where the code is unknown', () => {
    expect([on('2554', '2018-12-31'), on('2554', '2019-01-01'), on('0000', '2024-01-01')]).toEqual([
      '1.d.1',
      undefined,
      undefined,
    ]);
  });

  it('has the classes of that date, if any', () => {
    const classes = (id: string) => {
      const condition = book.conditions.get(id);
      return condition === undefined ? null : careClassesOf(book, condition, '2024-01-01');
    };
    expect([classes('2.6-6'), classes('1.b.16')]).toEqual([['A', 'B1'], []]);
  });
});

describe('what counts together with a trajectory', () => {
  const facts = person({
    trajectories: [
      { id: 'whole', diagnosis: '9376' },
      { id: 'absorbed', diagnosis: '3176', absorbedInto: 'whole' },
      { id: 'annex', diagnosis: '2554' },
      { id: 'copd', diagnosis: '2554', regime: 'copd' },
      { id: 'hip', diagnosis: '6223', regime: 'osteoarthritis' },
      { id: 'knee', diagnosis: '7023', regime: 'osteoarthritis' },
    ],
  });

  it.each([
    ['absorbed', ['whole', 'absorbed']],
    ['annex', ['annex', 'copd']],
    ['knee', ['hip', 'knee']],
  ])('%s: %j', (id, together) => {
    expect(countedTogether(facts, id as TrajectoryId, book).map((each) => each.id)).toEqual(together);
  });

  it('is asked of a trajectory that is there', () => {
    expect(() => countedTogether(facts, 'other' as TrajectoryId, book)).toThrow('no trajectory other');
  });
});
