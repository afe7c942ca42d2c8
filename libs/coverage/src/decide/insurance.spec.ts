import type { InsurancePeriod } from '#libs/trajectory';
import { person } from '../testing/facts';
import { bookOf } from '../testing/policy';
import { spellOn, spellsOf } from './insurance';

const book = bookOf();
const spells = (...insurance: InsurancePeriod[]) =>
  spellsOf(person({ insurance, trajectories: [] }), book).map(({ from, through, insurer }) => [insurer.concern, from, through]);
const period = (insurer: string, from: string, through: string | null): InsurancePeriod => ({ insurer, from, through });

describe('a spell at an insurer', () => {
  it.each<[string, InsurancePeriod[], string[][]]>([
    ['nobody insures', [], []],
    ['an insurer outside the policy has none', [period('9664', '2020-01-01', null)], []],
    ['labels that adjoin', [period('3343', '2020-01-01', '2021-12-31'), period('3365', '2022-01-01', null)], [['3343', '2020-01-01', '9999-12-31']]],
    ['a day between', [period('3343', '2020-01-01', '2021-12-31'), period('3343', '2022-01-02', '2022-06-30')], [['3343', '2020-01-01', '2021-12-31'], ['3343', '2022-01-02', '2022-06-30']]],
    ['another concern', [period('3343', '2020-01-01', '2021-12-31'), period('7095', '2022-01-01', null)], [['3343', '2020-01-01', '2021-12-31'], ['7095', '2022-01-01', '9999-12-31']]],
    ['one inside another', [period('3343', '2020-01-01', '2022-12-31'), period('3365', '2021-01-01', '2021-12-31')], [['3343', '2020-01-01', '2022-12-31']]],
  ])('%s', (_what, insurance, expected) => {
    expect(spells(...insurance)).toEqual(expected);
    expect(spells(...[...insurance].reverse())).toEqual(expected);
  }); // prettier-ignore

  it('holds its first and its last day', () => {
    const found = spellsOf(person({ insurance: [period('3343', '2020-01-01', '2021-12-31')], trajectories: [] }), book);
    const on = ['2019-12-31', '2020-01-01', '2021-12-31', '2022-01-01'].map((date) => spellOn(found, date) !== null);
    expect(on).toEqual([false, true, true, false]);
  });
});
