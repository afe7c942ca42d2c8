/** Dates of a course of treatment: a rhythm, and here and there one of the days on which a rule turns. */
import { addDays, dateOf, lastDayWithin, termEnd, yearOf } from '../rules/calendar';
import type { Random } from './random';

/** The years around which rules changed come more often. */
export function startDate(random: Random): string {
  const era = random.between(1, 100);
  const year =
    era <= 10
      ? random.between(2010, 2012)
      : era <= 25
        ? random.between(2016, 2018)
        : era <= 50
          ? random.between(2019, 2022)
          : era <= 85
            ? random.between(2023, 2024)
            : random.between(2025, 2026);
  if (random.oneIn(8)) return random.pick(['2024-02-29', '2020-02-29', '2023-08-31', '2023-11-30', '2024-06-28', '2024-07-01']);
  return dateOf(year, random.between(1, 12), random.between(1, 28));
}

/** Counts at and around the positions on which something ends. */
export function howMany(random: Random, most: number): number {
  const wanted = random.pick([1, 2, 4, 6, 9, 10, 12, 13, 14, 18, 19, 20, 20, 21, 22, 23, 24, 27, 30, 37, 38, 40]);
  return Math.max(1, Math.min(most, wanted));
}

function turningDays(start: string, birth: string): string[] {
  const months = [3, 6, 9, 12, 24, 36].flatMap((count) => [termEnd(start, count), addDays(termEnd(start, count), -1)]);
  const year = yearOf(start);
  const ends = [year, year + 1].flatMap((each) => [dateOf(each, 12, 31), dateOf(each + 1, 1, 1)]);
  const birthdays = [17, 18, 22].map((age) => termEnd(birth, age * 12)).flatMap((date) => [date, addDays(date, -1)]);
  const law = ['2010-12-31', '2011-01-01', '2011-12-31', '2012-01-01', '2018-12-31', '2019-01-01', '2019-12-31', '2020-01-01']
    .concat(['2024-06-30', '2024-07-01', '2024-12-31', '2025-01-01', '2025-12-31', '2026-01-01', '2024-02-28', '2024-02-29'])
    .filter((date) => date >= start && date <= termEnd(start, 24));
  return [...months, ...ends, ...law, ...birthdays.filter((date) => date >= start && date <= termEnd(start, 36))];
}

/** So many dates from the start on, in order. */
export function sessionDates(random: Random, start: string, count: number, birth: string): string[] {
  const pace = random.pick([1, 3, 4, 7, 7, 14, 20]);
  const dates: string[] = [];
  let date = start;
  for (let i = 0; i < count; i += 1) {
    dates.push(date);
    date = addDays(date, random.oneIn(10) ? 0 : random.between(1, pace * 2 - 1));
    if (random.oneIn(30)) date = addDays(date, random.between(60, 420));
  }
  const turning = turningDays(start, birth);
  return dates.map((each, index) => (index > 0 && random.oneIn(7) ? random.pick(turning) : each)).sort();
}

/** A day of an event that the start must follow within three months: around the last allowed day. */
export function eventBefore(random: Random, start: string): string {
  const aim = termEnd(start, -3);
  const days = [-2, -1, 0, 1, 2].map((shift) => addDays(aim, shift));
  return random.oneIn(4) ? addDays(start, random.between(-30, 60)) : random.pick([...days, lastDayWithin(start, -3)]);
}
