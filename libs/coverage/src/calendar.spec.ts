import { dayAfter, dayBefore, isIsoDate, monthsAfter, sameDayMonthsAfter } from './calendar';

describe('month arithmetic', () => {
  it.each([
    ['2024-02-01', 3, '2024-05-01'],
    ['2024-01-31', 1, '2024-03-01'],
    ['2023-11-30', 3, '2024-03-01'],
    ['2024-02-29', 12, '2025-03-01'],
    ['2024-08-31', 6, '2025-03-01'],
    ['2024-12-31', 12, '2025-12-31'],
    ['2024-12-31', 2, '2025-03-01'],
    ['2020-02-29', 48, '2024-02-29'],
  ])('[terms-3] a term from %s of %i months ends before %s: a missing day is the 1st of the next month', (date, months, end) => {
    expect(monthsAfter(date, months)).toBe(end);
  });

  it('[terms-2] a term is computed from the original date: chaining two terms over a short month would differ', () => {
    expect(monthsAfter('2024-01-31', 2)).toBe('2024-03-31');
    expect(monthsAfter(monthsAfter('2024-01-31', 1), 1)).toBe('2024-04-01');
  });

  it.each([
    ['2024-01-31', 1, '2024-02-29'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2024-05-10', 3, '2024-08-10'],
  ])('[terms-4] within months of %s, %i, includes %s: the same-numbered day, or the last of that month', (date, months, last) => {
    expect(sameDayMonthsAfter(date, months)).toBe(last);
  });

  it('knows the days around a month, a year and a leap day', () => {
    expect([dayAfter('2024-02-28'), dayAfter('2023-02-28'), dayAfter('2023-12-31'), dayAfter('2000-02-28')]).toEqual([
      '2024-02-29',
      '2023-03-01',
      '2024-01-01',
      '2000-02-29',
    ]);
    expect([dayBefore('2024-03-01'), dayBefore('2024-01-01'), dayBefore('1900-03-01')]).toEqual([
      '2024-02-29',
      '2023-12-31',
      '1900-02-28',
    ]);
  });

  it.each(['2024-02-30', '2023-02-29', '2024-13-01', '2024-00-10', '2024-1-1', '20240101', '2024-01-01T00:00'])(
    '%s is no date',
    (text) => expect(isIsoDate(text)).toBe(false),
  );
});
