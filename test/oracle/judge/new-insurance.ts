/** What was given before our insurance began, and nobody told us of. */
import { countsAsSession } from '../rules/performances';
import { isStartConditionUnmet, thresholdFor } from './entitlement';
import type { Line } from './history';
import { ourInsuranceBegan, type Counted } from './positions';
import { isAdult, isAnnexCsi } from './validity';

/** So many months after our insurance began nobody is asked any more. */
export const MONTHS_TO_ASK = 12;

/** First day of the line's insurance, where sessions before it matter to the line and no history tells of them; else null. */
export function insuranceOfUnknownPast(counted: Counted, { session }: Line): string | null {
  const { course, facts, slots } = counted;
  if (!isAdult(session) || !isAnnexCsi(session.csi) || !countsAsSession(session.performance)) return null;
  if (isStartConditionUnmet(counted, session) || thresholdFor(counted, session) === 0) return null;
  const began = ourInsuranceBegan(facts, session.date);
  if (began === null || (course.episode !== null && course.episode >= began)) return null;
  const isTold = course.imports.some(({ throughDate }) => {
    const between = (date: string): boolean => throughDate < date && date < began;
    return (
      throughDate >= began ||
      ![...slots, ...course.switches.map(({ switchDate: date }) => ({ date }))].some((each) => between(each.date))
    );
  });
  return isTold ? null : began;
}
