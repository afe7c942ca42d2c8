/** Codes of Annex 1, what they may be remapped to, and how providers fill in their lines. */
import { ageOn } from '../rules/calendar';
import type { PersonBuilder } from './builder';

export const ANNEX_CODES = [
  '9372',
  '9373',
  '9374',
  '9474',
  '4021',
  '3038',
  '3138',
  '6948',
  '6236',
  '4036',
  '7001',
  '6201',
  '4000',
  '1039',
]
  .concat([
    '3070',
    '3970',
    '9378',
    '1969',
    '4969',
    '9380',
    '2551',
    '2556',
    '6089',
    '6489',
    '3075',
    '9379',
    '6210',
    '9413',
    '9365',
  ])
  .concat(['6436', '1978', '3077', '3076', '9376', '9093', '2054', '4090', '1323']);
export const TURNING_CODES = [
  '4021',
  '3038',
  '3138',
  '6089',
  '3075',
  '7001',
  '6201',
  '4036',
  '6236',
  '4969',
  '9380',
  '1969',
  '9374',
  '9372',
];
export const AGE_LIMIT: Readonly<Record<string, number>> = { '9379': 17, '6210': 22, '9413': 22 };
export const CLOSED_ANNEX = ['9376', '9093', '2054', '4090', '1323', '6023'];
export const SUCCESSORS: Readonly<Record<string, readonly string[]>> = {
  '9376': ['3076', '3176'],
  '9093': ['3993'],
  '4090': ['9390'],
  '2054': ['2554', '2556'],
  '9374': ['9474'],
  '6236': ['6201', '7936'],
  '4021': ['4001', '9394'],
  '3038': ['3138', '3031'],
  '1323': ['3023', '3038'],
  '9372': ['9072', '9374'],
};

/** Codes with long sessions in a certain time after the diagnosis have them more often. */
export const annexPerformance = (builder: PersonBuilder, code: string): string =>
  builder.random.oneIn(['9372', '9374'].includes(code) ? 3 : 1e9)
    ? '1700'
    : builder.random.oneIn(4)
      ? builder.random.pick([
          '1200',
          '1201',
          '1700',
          '1701',
          '1864',
          '1870',
          '1400',
          '1900',
          '1100',
          '1600',
          '2000',
          '2008',
          '2300',
        ])
      : builder.random.pick(['1000', '1000', '1002', '1775', '1200']);

/** How this provider fills in the indication code of a chronic condition. */
export function annexHabit(builder: PersonBuilder): (index: number, date: string) => string {
  const { random } = builder;
  const adultFrom = random.pick([18, 19, 20, 20, 20, 20, 21, 12, 9]);
  const habit = random.pick(['count', 'count', 'count', 'always-008', 'always-001', 'random', 'with-009']);
  return (index, date) => {
    if (ageOn(builder.birth, date) < 18) return random.oneIn(15) ? random.pick(['008', '003']) : '001';
    if (habit === 'always-008') return '008';
    if (habit === 'always-001') return '001';
    if (habit === 'random') return random.pick(['001', '008']);
    if (habit === 'with-009' && random.oneIn(6)) return '009';
    return index < adultFrom ? '008' : '001';
  };
}
