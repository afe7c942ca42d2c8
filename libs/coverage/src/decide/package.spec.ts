import type { PackagePeriod } from '#libs/trajectory';
import { decide, type InsurerTerms } from '../index';
import { packageOf, person, session } from '../testing/facts';
import { bookOf } from '../testing/policy';
import { reachesPackage } from './package';

const book = bookOf();

describe('of several packages', () => {
  const date = '2025-03-03';
  const named = (...packages: PackagePeriod[]) => {
    const line = session('a', date, { diagnosis: '4026', csi: '009' });
    const [decision] = decide(person({ packages, trajectories: [{ sessions: [line] }] }), book);
    return decision?.reason.values;
  };

  it.each<[string, PackagePeriod, PackagePeriod, object]>([
    ['one that has ended', packageOf('Ten'), packageOf('Nine', '2025-01-01', '2025-03-02'), { package: 'Ten' }],
    ['one that has not begun', packageOf('Ten'), packageOf('Nine', '2025-03-04'), { package: 'Ten' }],
    ['one that began earlier', packageOf('Ten', '2025-01-01'), packageOf('Nine', '2024-01-01'), { package: 'Ten' }],
    ['one with a later name', packageOf('Nine'), packageOf('Ten'), { package: 'Nine' }],
    [
      'one held elsewhere, however late it began',
      packageOf('Ten'),
      packageOf('Nine', '2025-03-01', null, '7095'),
      { package: 'Ten' },
    ],
    [
      'of two held elsewhere, the insurer with the higher number',
      packageOf('Nine', '2025-01-01', null, '7095'),
      packageOf('Nine', '2025-01-01', null, '9664'),
      { packageAt: '7095' },
    ],
  ])('does not count: %s', (_what, counts, other, expected) => {
    expect(named(counts, other)).toMatchObject(expected);
    expect(named(other, counts)).toMatchObject(expected);
  });

  it('the first and the last day are within', () => {
    expect(named(packageOf('Nine', date, date))).toEqual({ package: 'Nine', unit: 1 });
    expect(named(packageOf('Nine', '2025-03-04'))).toEqual({});
  });

  it('a package of a label of the insurer is one of its own; of an insurer that is not in the policy it is one elsewhere', () => {
    expect(named(packageOf('Nine', '2025-01-01', null, '3365'))).toEqual({ package: 'Nine', unit: 1 });
    expect(named(packageOf('Nine', '2025-01-01', null, '9664'))).toEqual({ packageAt: '9664' });
  });
});

describe('what the decision says of the package', () => {
  const none = { diagnosis: '4026', csi: '009' };
  const values = (name: string, kinds: readonly string[]) =>
    decide(
      person({
        packages: [packageOf(name)],
        trajectories: [
          { sessions: kinds.map((performance, i) => session(`m${i}`, `2025-01-0${i + 1}`, { ...none, performance })) },
        ],
      }),
      book,
    ).map((each) => each.reason.values);

  it('the unit, of manual therapy also that of the sub-limit, and the limit once it is reached', () => {
    expect(values('Manual', ['1000', '1200', '1000', '1200', '1200', '1000', '1000'])).toEqual([
      { package: 'Manual', unit: 1 },
      { package: 'Manual', unit: 2, manualUnit: 1 },
      { package: 'Manual', unit: 3 },
      { package: 'Manual', unit: 4, manualUnit: 2 },
      { package: 'Manual', manualLimit: 2 },
      { package: 'Manual', unit: 5 },
      { package: 'Manual', limit: 5 },
    ]);
  });

  it('nothing of a sub-limit where the package has none', () => {
    expect(values('Nine', ['1200'])).toEqual([{ package: 'Nine', unit: 1 }]);
  });

  it('an exhausted sub-limit is 0584 where the provider is not paid in full', () => {
    const lines = [0, 1, 2].map((i) => session(`m${i}`, `2025-01-0${i + 1}`, { ...none, performance: '1200' }));
    const decisions = decide(
      person({
        insurance: [{ insurer: '7095', from: '2000-01-01', through: null }],
        packages: [packageOf('Manual', '2000-01-01', null, '7095')],
        trajectories: [{ sessions: lines }],
      }),
      book,
    );
    expect(decisions.map((each) => each.codes)).toEqual([[], [], ['0584']]);
  });
});

describe('a session reaches the package', () => {
  const condition = (id: string) => book.conditions.get(id) ?? null;
  const date = '2025-03-03';
  const terms = (overCapUsesSupplementary: boolean, ...except: string[]): InsurerTerms => {
    const of = book.insurers.get('3343')?.terms.at(date);
    if (of === undefined) throw new Error('3343 is in the policy of the tests');
    return { ...of, overCapUsesSupplementary, overCapExcept: new Set(except) };
  };

  it.each(['past-cap', 'past-term', 'term-not-opened'])('beyond its entitlement where the insurer says so: %s', (rule) => {
    const reaches = (of: InsurerTerms | null, id = '2.6-5') => reachesPackage(rule, true, condition(id), date, of);
    expect([reaches(terms(true)), reaches(terms(false))]).toEqual([true, false]);
    expect([reaches(terms(true, '2.6-5')), reaches(terms(false, '2.6-5'))]).toEqual([false, true]);
    expect([reaches(terms(true, '2.6-6')), reaches(null)]).toEqual([true, true]);
    expect(reachesPackage(rule, true, null, date, terms(false))).toBe(true);
  });

  it('within the threshold whatever the insurer says of the sessions beyond', () => {
    expect(reachesPackage('within-threshold', true, condition('1.a.2'), date, terms(false))).toBe(true);
  });

  it('never when it does not count', () => {
    expect(reachesPackage('within-threshold', false, condition('1.a.2'), date, terms(true))).toBe(false);
  });
});
