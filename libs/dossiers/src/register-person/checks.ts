import type { InsurancePeriod, PackagePeriod } from '#libs/trajectory';
import { isDate, overlap } from '../calendar';
import type { Refusal } from '../refusal';

const checkPeriod = (period: { insurer: string; from: string; through: string | null }, field: string): Refusal[] => {
  const refusals: Refusal[] = [];
  if (!/^\d{4}$/.test(period.insurer))
    refusals.push({ code: 'insurer-invalid', field: `${field}.insurer`, problem: 'an insurer is a UZOVI number of four digits' });
  if (!isDate(period.from))
    refusals.push({ code: 'date-invalid', field: `${field}.from`, problem: 'give a date that exists, as YYYY-MM-DD' });
  if (period.through !== null && !isDate(period.through))
    refusals.push({
      code: 'date-invalid',
      field: `${field}.through`,
      problem: 'give a date that exists, as YYYY-MM-DD, or leave it out',
    });
  if (period.through !== null && period.through < period.from)
    refusals.push({ code: 'period-reversed', field: `${field}.through`, problem: 'the period ends before it begins' });
  return refusals;
};

/** Basic insurance: one insurer on a date, so overlapping periods are refused. */
export function checkInsurance(periods: readonly InsurancePeriod[], diedOn: string | null, field = 'insurance'): Refusal[] {
  const refusals = periods.flatMap((period, i) => checkPeriod(period, `${field}[${i}]`));
  if (diedOn !== null && !isDate(diedOn))
    refusals.push({ code: 'date-invalid', field: 'diedOn', problem: 'give a date that exists, as YYYY-MM-DD' });
  const sorted = [...periods].sort((a, b) => (a.from < b.from ? -1 : 1));
  sorted.forEach((period, i) => {
    const next = sorted[i + 1];
    if (next !== undefined && overlap(period, next))
      refusals.push({
        code: 'periods-overlap',
        field: `${field}[${periods.indexOf(next)}]`,
        problem: `it begins on ${next.from}, while the period from ${period.from} still runs; end that one the day before`,
      });
  });
  return refusals;
}

/** Supplementary packages: at one insurer one package on a date. */
export function checkPackages(packages: readonly PackagePeriod[]): Refusal[] {
  const refusals = packages.flatMap((period, i) => [
    ...checkPeriod(period, `packages[${i}]`),
    ...(period.package.trim() === ''
      ? [{ code: 'package-missing', field: `packages[${i}].package`, problem: 'name the package' }]
      : []),
  ]);
  packages.forEach((period, i) => {
    const earlier = packages.slice(0, i).find((each) => each.insurer === period.insurer && overlap(each, period));
    if (earlier !== undefined)
      refusals.push({
        code: 'periods-overlap',
        field: `packages[${i}]`,
        problem: `at one insurer one package holds on a date; it shares days with the package from ${earlier.from}`,
      });
  });
  return refusals;
}
