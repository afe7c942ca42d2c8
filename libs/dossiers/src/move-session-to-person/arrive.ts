/** The second half of a move between persons: the line comes to the one whose it is, or goes back where nobody can take it any more. */
import { codeOf, departureOf, type CommandId, type PersonId, type PersonState } from '#libs/trajectory';
import type { DossierContext } from '../context';
import { declaredOf } from '../move-session/plan';
import type { PersonCommand, PersonOutcome, Plan, PlannedFacts } from '../person/command';
import { commandIdFrom } from '../person/event-ids';
import { executePersonCommands } from '../person/execute';
import { FactsBuilder } from '../person/facts-builder';
import { loadPersons } from '../person/load';
import type { Refusal } from '../refusal';
import { NOT_REGISTERED, planArrival } from './receive';
import { has, type Transit } from './transit';

export const MOVE_TYPE = 'MoveSessionToPerson';

type Done = Extract<PersonOutcome<void>, { outcome: 'done' }>;
export type Arrival =
  | { readonly outcome: 'arrived'; readonly done: Done }
  /** It could not be taken, and counts with the person that it had left as before; `done` null: who was erased as well. */
  | { readonly outcome: 'returned'; readonly refusals: readonly Refusal[]; readonly done: Done | null };

/** The command that takes back to the first person what the second could not take. */
export const moveBackId = (command: CommandId): CommandId => commandIdFrom('move-back', command);

/** Birth date of somebody who is registered and not erased, from the vault; otherwise why there is none. */
export async function birthDateOf(
  { vault }: Pick<DossierContext, 'vault'>,
  person: PersonId,
): Promise<{ readonly birthDate: string } | { readonly refusals: readonly Refusal[] }> {
  const known = await vault.identityOf([person]);
  const identity = known.get(person);
  if (identity !== undefined) return { birthDate: identity.birthDate };
  return { refusals: [known.erased.has(person) ? ERASED : NOT_REGISTERED] };
}

const ERASED: Refusal = {
  code: 'person-erased',
  field: 'toPerson',
  problem: 'this person was erased and the dossier is closed; someone with the same number is registered as a new person',
};

/** Safe to repeat, and safe while another process does the same. */
export async function arrive(context: DossierContext, transit: Transit): Promise<Arrival> {
  const born = await birthDateOf(context, transit.to);
  if ('refusals' in born) return notTaken(context, transit, born.refusals);
  // the note is sealed under the key of the person whom it was given for: with the other it would lead to nothing
  const { note: _sealed, ...warrant } = transit.warrant;
  const command: PersonCommand = {
    ...{ type: MOVE_TYPE, actor: transit.actor, warrant },
    personId: transit.to,
    commandId: transit.commandId,
    plan: (state, _book, carriedOut) => planned(carriedOut, () => planArrival(state, transit, born.birthDate)),
  };
  const outcome = await execute(context, command);
  if (outcome.outcome === 'refused') return notTaken(context, transit, outcome.refusals);
  return arrived(context, transit, outcome);
}

async function arrived(context: DossierContext, transit: Transit, done: Done): Promise<Arrival> {
  await context.lineKeys.follow(transit.session.line, transit.from, transit.to);
  return { outcome: 'arrived', done };
}

/**
 * The receiver takes nothing any more: it goes back, unless it had come to them before that. Read after the refusal: to a dossier that is closed
 * by then nothing can come behind this look.
 */
async function notTaken(context: DossierContext, transit: Transit, refusals: readonly Refusal[]): Promise<Arrival> {
  const receiver = (await loadPersons(context.store, [transit.to])).get(transit.to);
  if (receiver === undefined || !has(receiver, transit.session.line, transit.move)) return sendBack(context, transit, refusals);
  const { fold } = receiver;
  return arrived(context, transit, {
    ...{ outcome: 'done', changed: false, result: undefined, released: [], standing: [] },
    ...{ decided: fold.decidedCommands.get(transit.commandId) ?? null, state: fold, position: null },
  });
}

async function sendBack(context: DossierContext, transit: Transit, refusals: readonly Refusal[]): Promise<Arrival> {
  const command: PersonCommand = {
    ...{ type: MOVE_TYPE, actor: transit.actor, warrant: transit.warrant },
    personId: transit.from,
    commandId: moveBackId(transit.commandId),
    plan: (state, _book, carriedOut) => planned(carriedOut, () => planReturn(state, transit)),
  };
  const done = await execute(context, command);
  return { outcome: 'returned', refusals, done: done.outcome === 'done' ? done : null };
}

/** To where it was, as if it had not been moved. */
function planReturn(state: PersonState, { session, move, to }: Transit): PlannedFacts {
  const facts = new FactsBuilder(state);
  if (departureOf(state.facts, session.line)?.move !== move) return facts.build();
  const held = [...state.facts.trajectories.values()].find(({ departed }) => departed.get(session.line)?.move === move);
  if (held === undefined) throw new Error('a line that has left was nowhere');
  facts.trajectory(held.id, {
    type: 'SessionMovedIn.v1',
    data: { session: declaredOf(session), move: move + 1, from: { person: to }, under: codeOf(session) },
  });
  return facts.build();
}

const NOTHING: PlannedFacts = { dossier: [], trajectories: new Map() };
const planned = (carriedOut: boolean, plan: () => PlannedFacts): Plan<void> => ({
  facts: carriedOut ? NOTHING : plan(),
  result: undefined,
});

async function execute(context: DossierContext, command: PersonCommand): Promise<PersonOutcome<void>> {
  const [outcome] = await executePersonCommands(context, [command]);
  if (outcome === undefined) throw new Error('no outcome for the only command');
  return outcome;
}
