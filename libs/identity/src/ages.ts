const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;

/** @throws RangeError without the value: a birth date is identity */
function partsOf(date: string, what: string): { year: number; monthAndDay: string; month: number } {
  const [, year, month, day] = DATE.exec(date) ?? [];
  if (year === undefined || month === undefined || day === undefined) throw new RangeError(`${what} is not a date YYYY-MM-DD`);
  return { year: Number(year), month: Number(month), monthAndDay: `${month}-${day}` };
}

/**
 * Age in whole years on a date; both YYYY-MM-DD. Negative before birth.
 * Someone born on 29 February reaches an age on 1 March in a year without that day.
 */
export function ageOn(birthDate: string, date: string): number {
  const birth = partsOf(birthDate, 'the birth date');
  const on = partsOf(date, 'the date');
  // as text 02-28 < 02-29 < 03-01, which is the rule for 29 February
  return on.year - birth.year - (on.monthAndDay < birth.monthAndDay ? 1 : 0);
}

/**
 * Whether the compulsory deductible is due at this age on a date (both YYYY-MM-DD): from the first day of the calendar
 * month after the one of the 18th birthday (Zorgverzekeringswet, article 19).
 */
export function deductibleAgeOn(birthDate: string, date: string): boolean {
  const birth = partsOf(birthDate, 'the birth date');
  const on = partsOf(date, 'the date');
  // 18 years after a leap year is never one: a person born on 29 February becomes 18 on 1 March
  const birthdayMonth = birth.monthAndDay === '02-29' ? 3 : birth.month;
  const monthsSince = (on.year - birth.year - 18) * 12 + (on.month - birthdayMonth);
  return monthsSince >= 1;
}
