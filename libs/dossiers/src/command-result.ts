import type { PolicyBook } from '#libs/coverage';
import type { LogPosition } from '#libs/event-store';
import type { CausedPaymentChanges, CommandId, LineKey, PersonDecided, PersonId, PersonState } from '#libs/trajectory';
import type { DossierContext } from './context';
import type { Told } from './payment-specification/told';
import { executePersonCommands } from './person/execute';
import { lookAhead } from './person/look-ahead';
import type { PersonCommand, PlannedFacts, Review, Warrant } from './person/command';
import type { Refusal } from './refusal';

/** The person who receives what leaves the first. */
export interface ReceivingPerson {
  readonly personId: PersonId;
  readonly released: readonly LineKey[];
  readonly decided: PersonDecided['data'] | null;
  readonly standing: readonly CausedPaymentChanges[];
  readonly state: PersonState;
}

/** What a command of one person answers; some are about a second one too. */
export type CommandResult =
  | {
      readonly outcome: 'done';
      /** false when there was nothing to add: the command had been carried out before. */
      readonly changed: boolean;
      readonly commandId: CommandId;
      /** Lines that were held and are decided now. */
      readonly released: readonly LineKey[];
      readonly decided: PersonDecided['data'] | null;
      /** Grants that moved before it and that no command has told of, by cause: it tells of them too. */
      readonly standing: readonly CausedPaymentChanges[];
      readonly state: PersonState;
      /** Queries that are at least as fresh as this position see the command's effect. */
      readonly position: LogPosition | null;
      /** What it did with a second person, where it is about two. */
      readonly receiving?: ReceivingPerson;
    }
  | {
      readonly outcome: 'refused';
      readonly refusals: readonly Refusal[];
      /** What it had moved before it was refused, and what took that back; only of a move between persons whose line went back. */
      readonly undone?: readonly ToldPart[];
    };

/** A part of what a command did, as far as the practices are told of it, and under which command. */
export interface ToldPart {
  readonly commandId: CommandId;
  readonly told: Told;
}

/** What every command of one person carries. */
export interface CommandBase {
  readonly personId: PersonId;
  readonly commandId: CommandId;
  /** Who gives it: a user or a process; never a person's data. */
  readonly actor: string;
  readonly warrant?: Warrant;
  /** Asked before anything is written, see `Review`. */
  readonly review?: Review;
  /** Only the review is wanted: whatever it says, nothing is written, and the outcome is a refusal. */
  readonly isPreview?: boolean;
}

/** Carries out a command of one person: `plan` says what is still to be added under the policy in effect, or why it is refused. */
export async function executeForPerson(
  context: DossierContext,
  command: CommandBase,
  type: string,
  plan: (state: PersonState, book: PolicyBook) => { readonly refusals: readonly Refusal[] } | PlannedFacts,
): Promise<CommandResult> {
  const person: PersonCommand = {
    personId: command.personId,
    commandId: command.commandId,
    type,
    actor: command.actor,
    ...(command.review === undefined ? {} : { review: command.review }),
    ...(command.warrant === undefined ? {} : { warrant: command.warrant }),
    plan: (state, book, carriedOut) => {
      // A command that was decided is done; what it stated may have been superseded since.
      if (carriedOut) return { facts: { dossier: [], trajectories: new Map() }, result: undefined };
      const planned = plan(state, book);
      return 'refusals' in planned ? planned : { facts: planned, result: undefined };
    },
  };
  if (command.isPreview === true) return lookAhead(context, person);
  const [outcome] = await executePersonCommands(context, [person]);
  if (outcome === undefined) throw new Error('no outcome for the only command');
  if (outcome.outcome !== 'done') return outcome;
  const { changed, released, decided, standing, state, position } = outcome;
  return { outcome: 'done', changed, commandId: command.commandId, released, decided, standing, state, position };
}

/** Refuses a person who was never registered. */
export const unknownPerson = (state: PersonState): Refusal[] =>
  state.registered ? [] : [{ code: 'person-unknown', field: 'personId', problem: 'no such person; import the member first' }];
