/** Step 9: the insurer's consent, where its policy asks for one. */
import type { Condition } from '../policy/book';
import { covers } from './statements';
import type { Group, ValidWork } from './work';

/**
 * The return code of a line whose condition needs a consent that it does not have; null = it has one or needs none. A number in the line must
 * be that of a consent (0550) for this item (0554), begun (0553), not lapsed (0552); without a number any that covers the line will do,
 * none at all is 0551. Beyond the maximum of sessions: 0584.
 */
export function missingAuthorisation(work: ValidWork): '0550' | '0551' | '0552' | '0553' | '0554' | '0584' | null {
  const { condition, session, group } = work;
  if (condition === null || !work.terms.authorisationFor.has(condition.id)) return null;
  const given = session.authorisation?.trim() ?? '';
  const { authorisations } = group.stated;
  const candidates = given === '' ? authorisations : authorisations.filter((each) => each.number === given);
  const ofItem = candidates.filter((each) => each.item === undefined || each.item === condition.id);
  if (ofItem.length === 0) return given === '' ? '0551' : candidates.length === 0 ? '0550' : '0554';
  const covering = ofItem.filter((each) => covers(each, condition.id, session.date));
  if (covering.length === 0) return ofItem.some((each) => each.from <= session.date) ? '0552' : '0553';
  const hasRoom = covering.some((each) => each.maximum === null || (group.authorised.get(each.statementId) ?? 0) < each.maximum);
  return hasRoom ? null : '0584';
}

/** Counts one session against every consent in whose period and item it lies. */
export function countAuthorised(group: Group, condition: Condition, date: string): void {
  for (const each of group.stated.authorisations) {
    if (!covers(each, condition.id, date)) continue;
    group.authorised.set(each.statementId, (group.authorised.get(each.statementId) ?? 0) + 1);
  }
}
