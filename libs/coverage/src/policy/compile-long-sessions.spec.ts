import { bookOf } from '../testing/policy';
import type { LongSessions } from './book';
import type { LongSessionRule } from './document';

const since = { from: '2006-01-01', source: 'test' };
const rules: readonly LongSessionRule[] = [
  { ...since, diagnoses: ['xx72'], date: { of: 'diagnosis', withinMonths: 12 } },
  { ...since, diagnoses: ['3x76'] },
  { ...since, diagnoses: ['9365', '9378'], minimumAge: 18 },
  { ...since, diagnoses: ['9374', '6474'], date: { of: 'diagnosis', fromMonths: 60 } },
  { ...since, diagnoses: ['xxxx'], confirmed: 'multiple-handicap' },
  { from: '2020-01-01', through: '2021-12-31', diagnoses: ['2551'], source: 'test' },
];

type Asked = Parameters<LongSessions['covered']>[3];
const covered = true;
const not = false;

describe('a long session', () => {
  it.each<[string, boolean | 'to confirm', string, number, string, Asked]>([
    ['within twelve months of the diagnosis', covered, '9372', 50, '2025-01-14', { diagnosedOn: '2024-01-15' }],
    ['twelve months after the diagnosis', not, '9372', 50, '2025-01-15', { diagnosedOn: '2024-01-15' }],
    ['while the date of the diagnosis is not stated', 'to confirm', '9372', 50, '2025-01-15', {}],
    ['five years after the diagnosis', covered, '6474', 50, '2024-03-01', { diagnosedOn: '2019-03-01' }],
    ['before five years after the diagnosis', not, '6474', 50, '2024-02-29', { diagnosedOn: '2019-03-01' }],
    ['five years after a diagnosis that is not stated', 'to confirm', '9374', 50, '2024-03-01', {}],
    ['at whatever time where no date is asked for', covered, '3176', 50, '2024-01-01', { diagnosedOn: '2001-01-01' }],
    ['under any digit in the place of an x', covered, '3976', 50, '2024-01-01', {}],
    ['under another code', not, '9376', 50, '2024-01-01', {}],
    ['from the age of eighteen', covered, '9378', 18, '2024-01-01', {}],
    ['under the age of eighteen', not, '9365', 17, '2024-01-01', {}],
    ['at whatever age where none is asked for', covered, '3176', 3, '2024-01-01', {}],
    [
      'under any code with a multiple handicap that was stated',
      covered,
      '9376',
      50,
      '2024-01-01',
      { longSession: 'multiple-handicap' },
    ],
    ['with another statement', not, '9376', 50, '2024-01-01', { longSession: 'spina-bifida' }],
    ['where nothing needs to be stated, whatever was', covered, '3176', 50, '2024-01-01', { longSession: 'spina-bifida' }],
    [
      'after the first year with a multiple handicap',
      covered,
      '9372',
      50,
      '2025-01-15',
      { diagnosedOn: '2024-01-15', longSession: 'multiple-handicap' },
    ],
    ['before the rule', not, '2551', 50, '2019-12-31', {}],
    ['from its first day', covered, '2551', 50, '2020-01-01', {}],
    ['through its last day', covered, '2551', 50, '2021-12-31', {}],
    ['after the rule', not, '2551', 50, '2022-01-01', {}],
  ])('%s: %s', (_when, expected, diagnosis, ageYears, date, clinical) => {
    const answer = bookOf({ longSessions: rules }).longSessions.covered(diagnosis, ageYears, date, clinical);
    expect(answer).toEqual(expected === not ? null : { dateToConfirm: expected === 'to confirm' });
  });
});
