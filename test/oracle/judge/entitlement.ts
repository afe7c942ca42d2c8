/** What the basic insurance says to one session of a line: pays, or closed by what. Knows nothing of holds and packages. */
import { regimeOf, type SessionFact } from '#libs/trajectory';
import { lastDayWithin, termEnd } from '../rules/calendar';
import * as law from '../rules/entitlements';
import { CONDITION_OF, COPD_CAPS, COPD_CLASS_OF } from '../rules/indications';
import { isLongSession } from '../rules/performances';
import * as positions from './positions';
import type { Counted } from './positions';
import { classSetOn, clinicalFact, confirmedItem, extension } from './statements';
import { annexItems, isAdult, isAnnexCsi } from './validity';

export type Closed = 'none' | 'start-condition' | 'long-session' | 'threshold' | 'cap' | 'term';

export function conditionOf(counted: Counted, session: SessionFact): string {
  if (!isAnnexCsi(session.csi)) return CONDITION_OF[regimeOf(session.csi)] ?? 'none';
  const items = annexItems(counted.course, session);
  const confirmed = confirmedItem(counted.course);
  if (confirmed !== undefined && items.includes(confirmed)) return confirmed;
  return law.defaultItem(items) ?? 'annex-unspecified';
}

const unitStart = (counted: Counted, session: SessionFact): string => positions.startOf(counted) ?? session.date;

/** Whether treatment began in time after the stated diagnosis or discharge; a date that nobody stated counts as in time. */
function startConditionMet(counted: Counted, condition: string, start: string): boolean {
  const field = law.startConditionOf(condition);
  const event = field === null ? undefined : clinicalFact(counted.course, condition, field);
  return event === undefined || start <= lastDayWithin(event, 3);
}

/** The day from which the term of the item runs. */
function termAnchor(counted: Counted, condition: string, start: string): string {
  if (condition === '1.d.5') {
    const discharge = clinicalFact(counted.course, condition, 'dischargedOn');
    const treated = [...counted.slots.map((slot) => slot.date), ...counted.course.imports.map((each) => each.startedOn)].sort();
    return (discharge === undefined ? undefined : treated.find((date) => date >= discharge)) ?? start;
  }
  if (condition === '1.b.18') return clinicalFact(counted.course, condition, 'conservativeTreatmentEndedOn') ?? start;
  if (condition === '1.d.7') return clinicalFact(counted.course, condition, 'lastRadiationOn') ?? start;
  return start;
}

function termPassed(counted: Counted, condition: string, start: string, date: string): boolean {
  const months = law.termOf(condition);
  if (months === null) return false;
  // recovery care: a term that may not begin is one that nothing is within
  if (condition.startsWith('covid') && (start >= law.COVID_NO_START_FROM || date >= law.COVID_ENDS)) return true;
  const most = law.EXTENDABLE[condition];
  const extra = most === undefined ? 0 : extension(counted.course, most);
  return date >= termEnd(termAnchor(counted, condition, start), months + extra);
}

/** Sessions an adult bears first; none for children and for what is insured from the first session. */
export function thresholdFor(counted: Counted, session: SessionFact): number {
  if (!isAnnexCsi(session.csi) || !isAdult(session)) return 0;
  const from = law.FROM_FIRST_SESSION[conditionOf(counted, session)];
  if (from !== undefined && session.date >= from) return 0;
  return law.annexThreshold(unitStart(counted, session), (n, date) => positions.fellBefore(counted, n, date));
}

function overCap(counted: Counted, session: SessionFact, condition: string, n: number, position: number): boolean {
  if (condition === '2.6-8') return positions.ordinalInYear(counted, n, session.date) > law.CHILD_CAP_PER_YEAR;
  if (condition === '2.6-6') {
    const start = unitStart(counted, session);
    const klass = classSetOn(counted.course, session.date) ?? COPD_CLASS_OF[session.csi] ?? '';
    const [first, following] = COPD_CAPS[klass] ?? [0, 0];
    const cap = positions.treatmentYear(start, session.date) === 1 ? first : following;
    return positions.ordinalInTreatmentYear(counted, start, n, session.date) > cap;
  }
  const cap = law.CAP[condition];
  return cap !== undefined && position > cap;
}

/** Long sessions are for few conditions, told by the declared code, or by a statement. */
function longSessionAllowed(counted: Counted, session: SessionFact, condition: string): boolean {
  const reason = clinicalFact(counted.course, condition, 'longSession');
  if (reason === 'multiple-handicap' || (reason === 'spina-bifida' && isAdult(session))) return true;
  const code = session.diagnosis;
  const diagnosed = clinicalFact(counted.course, condition, 'diagnosedOn');
  if (code.endsWith('72')) return diagnosed === undefined || session.date < termEnd(diagnosed, 12);
  if (code === '9374' || code === '6474') return diagnosed === undefined || session.date >= termEnd(diagnosed, 60);
  if (code === '9365' || code === '9378') return isAdult(session);
  return code.endsWith('73') || code === '2551' || (code.startsWith('3') && code.endsWith('76'));
}

/**
 * What closes the basic insurance for the n-th own session of the course, or null when it pays.
 * @param position its position with imported sessions
 */
export function closedBy(counted: Counted, session: SessionFact, n: number, position: number): Closed | null {
  const condition = conditionOf(counted, session);
  if (condition === 'none') return 'none';
  const start = unitStart(counted, session);
  if (!startConditionMet(counted, condition, start)) return 'start-condition';
  const threshold = thresholdFor(counted, session);
  if (threshold > 0 && position <= threshold) return 'threshold';
  if (overCap(counted, session, condition, n, position)) return 'cap';
  if (termPassed(counted, condition, start, session.date)) return 'term';
  if (isLongSession(session.performance) && !longSessionAllowed(counted, session, condition)) return 'long-session';
  return null;
}

export const isStartConditionUnmet = (counted: Counted, session: SessionFact): boolean =>
  !startConditionMet(counted, conditionOf(counted, session), unitStart(counted, session));
