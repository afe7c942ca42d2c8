/** Where a line is to count, and under which code, or why it cannot. */
import { admits, type PolicyBook } from '#libs/coverage';
import {
  absorbedBy,
  lineageCodes,
  regimeOf,
  routeOf,
  survivorOf,
  type PersonState,
  type Regime,
  type SessionFact,
  type TrajectoryId,
} from '#libs/trajectory';
import type { Refusal } from '../refusal';

export interface Target {
  readonly regime: Regime;
  /** The trajectory that nothing absorbed; null = the first line under this code begins one. */
  readonly trajectory: TrajectoryId | null;
  /** Code that the line counts under. */
  readonly under: string;
}

type Found = Target | { readonly refusal: Refusal };

const refused = (code: string, field: string, problem: string): Found => ({ refusal: { code, field, problem } });

/** What the line was declared with decides its regime, and a move does not change that: the target must be of it. */
export const regimeOfLine = ({ csi, list }: SessionFact): Regime => regimeOf(csi, list);

/** A trajectory that is named by its id. The line counts under its own code where that is of the lineage, else under the first. */
export function targetTrajectory(state: PersonState, book: PolicyBook, session: SessionFact, id: TrajectoryId): Found {
  const named = state.facts.trajectories.get(id);
  if (named === undefined)
    return refused('trajectory-unknown', 'trajectory', 'the person has no such trajectory; take one that `show` tells');
  const regime = regimeOfLine(session);
  if (named.regime !== regime)
    return refused(
      'regime-differs',
      'trajectory',
      `indication ${session.csi} belongs to regime ${regime}, that trajectory is of ${named.regime}; have the line credited and declared with the right indication`,
    );
  const survivor = survivorOf(state.facts, id);
  const codes = absorbedBy(state.facts, survivor).flatMap(lineageCodes);
  const under = codes.includes(session.diagnosis) ? session.diagnosis : named.diagnosis;
  return checked(book, session, { regime, trajectory: survivor, under }, 'trajectory');
}

/** The trajectory of that code, in the line's regime; it begins where there is none. */
export function targetCode(state: PersonState, book: PolicyBook, session: SessionFact, code: string): Found {
  const regime = regimeOfLine(session);
  return checked(book, session, { regime, trajectory: routeOf(state.facts, regime, code), under: code }, 'diagnosis');
}

/** Under its own code a line may always count; another one must be known, and admit what the line was declared with. */
function checked(book: PolicyBook, session: SessionFact, target: Target, field: string): Found {
  const { under } = target;
  if (under === session.diagnosis) return target;
  const answer = admits(book, under, session.csi, session.date);
  if (answer === 'unknown-code')
    return refused('diagnosis-unknown', field, `the policy in effect knows no code ${under} on ${session.date}; check the code`);
  if (answer === 'not-admitted')
    return refused(
      'code-not-admitted',
      field,
      `${under} does not admit indication ${session.csi} on ${session.date}: no session under it is decided so. Have the line credited and declared anew`,
    );
  return target;
}
