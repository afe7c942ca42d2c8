/** A line on its way from one person to another: what it needs to arrive, also long after the process that sent it was killed. */
import type { EventStore, RecordedEvent } from '#libs/event-store';
import {
  departuresOf,
  hasArrived,
  lineKey,
  type CommandId,
  type LineKey,
  type PersonId,
  type SessionFact,
  type SessionMovedOut,
} from '#libs/trajectory';
import type { Warrant } from '../person/command';
import { loadPersons, type LoadedPerson } from '../person/load';

export interface Transit {
  /** As it was with the person that it left. */
  readonly session: SessionFact;
  readonly move: number;
  /** Code that it is to count under. */
  readonly under: string;
  readonly from: PersonId;
  readonly to: PersonId;
  /** The command that sent it, and by whom and on what it was given. */
  readonly commandId: CommandId;
  readonly actor: string;
  readonly warrant: Warrant;
}

/** Lines that have left the person for another one and have not come back; their departure is booked. */
export function sentBy({ fold, events }: LoadedPerson): readonly Transit[] {
  return departuresOf(fold).map(({ session, move, under, person }): Transit => {
    const sent = departureIn(events, session.line, move);
    if (sent === undefined) throw new Error(`a line left person ${fold.personId} by no event`);
    const { commandId, actor, reason, note, approvedBy } = sent.metadata;
    const warrant: Warrant = {
      ...(reason === undefined ? {} : { reason }),
      ...(note === undefined ? {} : { note }),
      ...(approvedBy === undefined ? {} : { approvedBy }),
    };
    return { session, move, under, from: fold.personId, to: person, commandId: commandId as CommandId, actor, warrant };
  });
}

/** The event by which a line left, among those of the person that it left. */
export const departureIn = (events: readonly RecordedEvent[], line: LineKey, move: number): RecordedEvent | undefined =>
  events.find(({ type, data }) => {
    if (!type.startsWith('SessionMovedOut.')) return false;
    const { practice, reference, ...out } = data as SessionMovedOut['data'];
    return out.move === move && lineKey(practice, reference) === line;
  });

/** Of the lines that were sent those that their receivers do not have, and somebody could still take. Reads the receivers in one go. */
export async function notArrived(store: EventStore, sent: readonly Transit[]): Promise<readonly Transit[]> {
  if (sent.length === 0) return [];
  const persons = await loadPersons(store, [...new Set(sent.flatMap(({ from, to }) => [from, to]))]);
  const isClosed = (person: PersonId): boolean => persons.get(person)?.fold.erasedAt !== null;
  return sent.filter(({ session, move, from, to }) => {
    const receiver = persons.get(to);
    return receiver !== undefined && !has(receiver, session.line, move) && !(isClosed(from) && isClosed(to));
  });
}

/** Whether the line has come by that move; also by a fact that no decision has seen: the next command books it. */
export function has({ fold, unseen }: LoadedPerson, line: LineKey, move: number): boolean {
  return (
    hasArrived(fold, line, move) ||
    unseen.some(({ type, data }) => {
      if (!type.startsWith('SessionMovedIn.')) return false;
      const { session, move: of } = data as { session: { practice: string; reference: string }; move: number };
      return of >= move && lineKey(session.practice, session.reference) === line;
    })
  );
}
