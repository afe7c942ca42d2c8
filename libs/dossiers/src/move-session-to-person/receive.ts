/** What a line that comes from another person adds to the one who receives it, or why it cannot come. */
import type { PolicyBook } from '#libs/coverage';
import { ageOn, deductibleAgeOn } from '#libs/identity';
import { hasArrived, type IsoDate, type PersonState } from '#libs/trajectory';
import { sameSession } from '../declare-claim-lines/plan';
import { declaredOf } from '../move-session/plan';
import { regimeOfLine, targetCode, targetTrajectory } from '../move-session/target';
import type { PlannedFacts } from '../person/command';
import { FactsBuilder } from '../person/facts-builder';
import type { Refusal } from '../refusal';
import type { SessionMoveToPerson } from './command';
import type { Transit } from './transit';

export const NOT_REGISTERED: Refusal = {
  code: 'person-unknown',
  field: 'toPerson',
  problem: 'nobody is known by this id; import the member first',
};

type Arriving = Pick<Transit, 'session' | 'move' | 'from'>;

/** Asked before the line leaves: the code under which it would count, or every reason against it. */
export function codeThere(
  state: PersonState,
  book: PolicyBook,
  { session }: Arriving,
  { trajectory, diagnosis }: Pick<SessionMoveToPerson, 'trajectory' | 'diagnosis'>,
  birthDate: IsoDate,
): { readonly refusals: readonly Refusal[] } | { readonly under: string } {
  const refusals: Refusal[] = [];
  const refuse = (code: string, field: string, problem: string): void => void refusals.push({ code, field, problem });
  if (!state.registered) return { refusals: [NOT_REGISTERED] };
  if (session.date < birthDate)
    refuse('before-birth', 'toPerson', 'the session was given before this person was born; check whose it was');
  const trajectories = [...state.facts.trajectories.values()];
  if (trajectories.some(({ sessions, withdrawn }) => sessions.has(session.line) || withdrawn.has(session.line)))
    refuse('line-known-there', 'reference', 'that person has a line of this practice under this reference already');
  const again = trajectories
    .flatMap(({ sessions }) => [...sessions.values()])
    .find((each) => sameSession(session, each) && state.decisions.get(each.line)?.status !== 'invalid');
  if (again !== undefined)
    refuse(
      'session-known-there',
      'reference',
      `that person has this session already, declared under reference ${again.reference}; have one of the two credited`,
    );
  if (trajectory !== undefined && diagnosis !== undefined)
    refuse('target-ambiguous', 'trajectory', 'say where it goes by trajectory or by diagnosis, not by both');
  const target =
    trajectory !== undefined
      ? targetTrajectory(state, book, session, trajectory)
      : targetCode(state, book, session, diagnosis ?? session.diagnosis);
  if ('refusal' in target) refusals.push(target.refusal);
  return refusals.length > 0 || 'refusal' in target ? { refusals } : { under: target.under };
}

/** The line takes its place; nothing speaks against that once it has left. Its ages are those of this person on its date. */
export function planArrival(
  state: PersonState,
  { session, move, from, under }: Arriving & { readonly under: string },
  birthDate: IsoDate,
): PlannedFacts {
  const facts = new FactsBuilder(state);
  if (hasArrived(state.facts, session.line, move)) return facts.build();
  const ages = { ageYears: ageOn(birthDate, session.date), deductibleAge: deductibleAgeOn(birthDate, session.date) };
  facts.trajectory(facts.trajectoryFor(regimeOfLine(session), under), {
    type: 'SessionMovedIn.v1',
    data: { session: { ...declaredOf(session), ...ages }, move, from: { person: from }, under },
  });
  return facts.build();
}
