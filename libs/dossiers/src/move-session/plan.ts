/** What moving a line to another trajectory of the same person adds, or why it is refused. */
import type { PolicyBook } from '#libs/coverage';
import { survivorOf, trajectoryStream, type PersonState, type SessionDeclared, type SessionFact } from '#libs/trajectory';
import type { PlannedFacts } from '../person/command';
import { FactsBuilder } from '../person/facts-builder';
import type { Refusal } from '../refusal';
import type { SessionMove } from './command';
import { findLine } from './line';
import { targetCode, targetTrajectory } from './target';

/** What was declared, without what follows of where it is stored. */
export function declaredOf({ line: _line, moved: _moved, ...declared }: SessionFact): SessionDeclared['data'] {
  return declared;
}

/**
 * The target takes the line in before the others let it go: without transactions over streams a process that stops in between leaves it in
 * two streams, where it counts once, and the same command finishes it.
 */
export function planMove(
  state: PersonState,
  book: PolicyBook,
  input: SessionMove,
): { readonly refusals: readonly Refusal[] } | PlannedFacts {
  const { trajectory, diagnosis } = input;
  const refused = (code: string, field: string, problem: string) => ({ refusals: [{ code, field, problem }] });
  if ((trajectory === undefined) === (diagnosis === undefined))
    return refused('target-missing', 'trajectory', 'say where it goes by trajectory or by diagnosis, not by both');
  const found = findLine(state, input);
  if ('refusal' in found) return { refusals: [found.refusal] };
  const { session, holders } = found;
  const target =
    trajectory !== undefined
      ? targetTrajectory(state, book, session, trajectory)
      : targetCode(state, book, session, diagnosis ?? '');
  if ('refusal' in target) return { refusals: [target.refusal] };
  const field = trajectory === undefined ? 'diagnosis' : 'trajectory';
  const sources = holders.filter((id) => survivorOf(state.facts, id) !== target.trajectory);
  if (sources.length === 0)
    return refused('same-trajectory', field, 'the line counts in that trajectory already; nothing is to be moved');
  const facts = new FactsBuilder(state);
  const into = target.trajectory ?? facts.trajectoryFor(target.regime, target.under);
  const isStarted = (state.revisions.get(trajectoryStream(into)) ?? -1) >= 0;
  if (target.trajectory !== null && !isStarted) facts.trajectoryFor(target.regime, target.under);
  const arrived = state.facts.trajectories.get(into)?.sessions.get(session.line);
  const move = arrived?.moved?.move ?? (session.moved?.move ?? 0) + 1;
  const { practice, reference } = session;
  const [from] = sources;
  if (arrived === undefined && from !== undefined)
    facts.trajectory(into, {
      type: 'SessionMovedIn.v1',
      data: { session: declaredOf(session), move, from: { trajectory: from }, under: target.under },
    });
  for (const id of sources)
    facts.trajectory(id, {
      type: 'SessionMovedOut.v1',
      data: { practice, reference, move, to: { trajectory: into }, under: target.under },
    });
  return facts.build();
}
