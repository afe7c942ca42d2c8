import type { Refusal } from '#libs/dossiers';
import type { PersonRegistration } from './schema';

interface Period {
  readonly from: string;
  readonly through: string | null;
}

const overlap = (a: Period, b: Period): boolean =>
  (a.through === null || b.from <= a.through) && (b.through === null || a.from <= b.through);

/**
 * Refusals that must come before the identity is put into the vault, so that a refused registration leaves nothing behind. The
 * command checks periods again when it is carried out.
 */
export function checkRegistration(person: PersonRegistration, today: string): Refusal[] {
  const refusals: Refusal[] = [];
  if (person.birthDate > today)
    refusals.push({ code: 'date-in-future', field: 'birthDate', problem: 'The date is yet to come; correct it.' });
  if (person.diedOn !== null && person.diedOn < person.birthDate)
    refusals.push({
      code: 'period-reversed',
      field: 'diedOn',
      problem: 'It lies before the date of birth; correct the one or the other.',
    });
  return [
    ...refusals,
    ...checkPeriods('insurance', person.insurance, () => true),
    ...checkPeriods('packages', person.packages, (a, b) => a.insurer === b.insurer),
  ];
}

function checkPeriods<P extends Period>(field: string, periods: readonly P[], compete: (a: P, b: P) => boolean): Refusal[] {
  return periods.flatMap((period, i) => {
    if (period.through !== null && period.through < period.from)
      return [
        { code: 'period-reversed', field: `${field}[${i}].through`, problem: 'The period ends before it begins; correct it.' },
      ];
    const earlier = periods.slice(0, i).findIndex((each) => compete(each, period) && overlap(each, period));
    if (earlier < 0) return [];
    const problem = `It shares days with period ${earlier}; end the one the day before the other begins.`;
    return [{ code: 'periods-overlap', field: `${field}[${i}]`, problem }];
  });
}
