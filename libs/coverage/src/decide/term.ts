/** Steps 7 and 10: when a condition's term began and ends in a counting unit, and whether its treatment began in time. */
import { monthsAfter, sameDayMonthsAfter } from '../calendar';
import type { ConditionTerms } from '../policy/book';
import { clinicalDates, type ClinicalDates } from './statements';
import type { Group, Invoked, TermState } from './work';

/** The term of the condition in this unit, under terms that are in force on a session's date. */
export function termOf(group: Group, { condition, terms }: Invoked): TermState {
  let state = group.terms.get(terms);
  if (state === undefined) {
    state = findTerm(group, terms, clinicalDates(group.stated, condition.id));
    group.terms.set(terms, state);
  }
  return state;
}

function findTerm(group: Group, terms: ConditionTerms, dates: ClinicalDates): TermState {
  const [anchor, isStated] = anchorOf(group, terms, dates);
  let end = '';
  if (terms.termMonths !== null && anchor !== '') {
    const { extension } = group.stated;
    const extended = extension === null ? 0 : Math.min(extension.months ?? terms.extensionMonths, terms.extensionMonths);
    end = monthsAfter(anchor, terms.termMonths + extended);
  }
  if (terms.endsOn !== null && (end === '' || terms.endsOn < end)) end = terms.endsOn;
  const start = startOf(terms, dates);
  return { anchor, end, start: start ?? null, dateToConfirm: !isStated || start === undefined };
}

/** When the treatment must have begun; null = whenever, undefined = the event's date was not stated. */
function startOf({ start }: ConditionTerms, dates: ClinicalDates): TermState['start'] | undefined {
  if (start === null) return null;
  const event = start.of === 'diagnosis' ? dates.diagnosedOn : dates.dischargedOn;
  if (event === undefined) return undefined;
  return { event, months: start.withinMonths, by: sameDayMonthsAfter(event, start.withinMonths) };
}

/** The day from which the term runs; where the event's date is not stated, the unit's first session stands in for it. */
function anchorOf(group: Group, terms: ConditionTerms, dates: ClinicalDates): readonly [string, isStated: boolean] {
  switch (terms.anchor) {
    case null:
    case 'first-session':
      return [group.start, true];
    case 'discharge':
      return [dates.dischargedOn ?? group.start, dates.dischargedOn !== undefined];
    case 'first-session-after-discharge':
      if (dates.dischargedOn === undefined) return [group.start, false];
      return [firstFrom(group, dates.dischargedOn) || group.start, true];
    case 'end-of-conservative-treatment':
      return [dates.conservativeTreatmentEndedOn ?? group.start, dates.conservativeTreatmentEndedOn !== undefined];
    case 'last-radiation':
      return [dates.lastRadiationOn ?? group.start, dates.lastRadiationOn !== undefined];
  }
}

/** The earliest counting session or stated start on or after the date; '' = none. */
function firstFrom(group: Group, date: string): string {
  const starts = group.histories.map(({ startedOn }) => startedOn);
  const own = group.works.find((work) => work.units > 0 && work.session.date >= date);
  if (own !== undefined) starts.push(own.session.date);
  return starts.filter((each) => each >= date).sort()[0] ?? '';
}
