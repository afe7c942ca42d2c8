import fc from 'fast-check';
import { ageOn, deductibleAgeOn } from './ages';

describe('age', () => {
  test.each([
    ['1990-06-15', '2024-06-14', 33],
    ['1990-06-15', '2024-06-15', 34],
    ['1990-06-15', '1990-06-15', 0],
    ['1990-06-15', '1990-06-14', -1],
    ['2006-12-31', '2024-01-01', 17],
  ])('born %s is on %s %i years old', (birthDate, date, years) => {
    expect(ageOn(birthDate, date)).toBe(years);
  });

  test.each([
    ['2022-02-28', 17],
    ['2022-03-01', 18],
    ['2024-02-28', 19],
    ['2024-02-29', 20],
  ])('[terms-5] someone born on 29 February reaches an age on 1 March in common years: %s', (date, years) => {
    expect(ageOn('2004-02-29', date)).toBe(years);
  });

  test('grows by one each year and never falls', () => {
    const date = fc.date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    const iso = (value: Date): string => value.toISOString().slice(0, 10);
    fc.assert(
      fc.property(date, date, date, (birth, a, b) => {
        const [early, late] = iso(a) < iso(b) ? [a, b] : [b, a];
        expect(ageOn(iso(birth), iso(early))).toBeLessThanOrEqual(ageOn(iso(birth), iso(late)));
        expect(deductibleAgeOn(iso(birth), iso(late)) && ageOn(iso(birth), iso(late)) < 18).toBe(false);
      }),
    );
  });

  test('a refused birth date is not in the message', () => {
    expect(() => ageOn('19500203', '2024-01-01')).toThrow(/^the birth date is not a date YYYY-MM-DD$/);
  });
});

describe('deductible', () => {
  test.each([
    ['2006-05-10', '2024-05-09', false],
    ['2006-05-10', '2024-05-10', false],
    ['2006-05-10', '2024-05-31', false],
    ['2006-05-10', '2024-06-01', true],
    ['2006-05-01', '2024-05-31', false],
    ['2006-05-01', '2024-06-01', true],
    ['2006-05-31', '2024-06-01', true],
    ['2005-12-20', '2023-12-31', false],
    ['2005-12-20', '2024-01-01', true],
    ['2004-02-29', '2022-03-31', false],
    ['2004-02-29', '2022-04-01', true],
    ['1950-01-01', '2024-01-01', true],
    ['2020-01-01', '2024-01-01', false],
  ])(
    '[deductible-2] is due from the first day of the month after the 18th birthday: born %s, on %s: %s',
    (birthDate, date, due) => {
      expect(deductibleAgeOn(birthDate, date)).toBe(due);
    },
  );
});
