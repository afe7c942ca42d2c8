/**
 * Money that stands booked before a command's own decision and that nobody has told of: moved by an activated policy, by a member
 * import, or by a command that was stopped and that another one booked. The next command that tells what it moved tells this too.
 *
 * It is read off the recorded decisions and their ids, never off what this process happened to book: so it is told though the
 * process that booked it was killed, and told again in the same words when the command is given again.
 */
import type { RecordedEvent } from '#libs/event-store';
import {
  dossierStream,
  lineKey,
  paymentCause,
  type CausedPaymentChanges,
  type CommandId,
  type DecisionCause,
  type LineKey,
  type PersonDecided,
  type PersonState,
  type SessionDeclared,
  type SessionWithdrawn,
} from '#libs/trajectory';
import { paymentChanges } from '../payment-specification/payment-changes';
import type { Booking } from './book';
import { DECIDED, eventId } from './event-ids';

/** Nobody is answered what these move: an activation is no command of the person, and a member file has no payment specification. */
const SILENT: ReadonlySet<string> = new Set(['ActivatePolicy', 'RegisterPerson']);

/** Whether a command of this type tells what it moved, and with it what stands untold before. */
export const tellsPayments = (type: string): boolean => !SILENT.has(type);

interface KnownDecision {
  readonly command: CommandId;
  readonly decided: PersonDecided['data'];
  /** Booked whole by its own command, which tells what it moved. */
  readonly tells: () => boolean;
}

/**
 * What this command tells beside its own: what is untold before its decision or, when it has none yet, at the end of the dossier.
 * `events` are the person's as they were read, `bookings` those made a moment ago and not among them.
 */
export function untoldBefore(
  state: PersonState,
  events: readonly RecordedEvent[],
  bookings: readonly Booking[],
  { command, type }: DecisionCause,
): CausedPaymentChanges[] {
  if (!tellsPayments(type)) return [];
  const known = knownDecisions(dossierStream(state.facts.personId), events, bookings, command);
  const own = known.findLastIndex((each) => each.command === command && each.tells());
  // Booked by another command that found it: that one tells what was untold until then.
  if (own < 0 && known.some((each) => each.command === command)) return [];
  const before = known.slice(0, own < 0 ? known.length : own);
  const untold = before.slice(before.findLastIndex((each) => each.tells()) + 1);
  return untold
    .filter((each) => each.command !== command && each.decided.entries.length > 0)
    .map(({ decided }) => causedBy(state, decided, events))
    .filter(({ changes }) => changes.length > 0);
}

function knownDecisions(
  stream: string,
  events: readonly RecordedEvent[],
  bookings: readonly Booking[],
  command: CommandId,
): KnownDecision[] {
  const recorded = events
    .filter((event) => event.stream === stream && event.type.startsWith('PersonDecided.'))
    .map((event): KnownDecision => {
      const decided = event.data as PersonDecided['data'];
      const by = decided.cause.command;
      return {
        command: by,
        decided,
        tells: () => tellsPayments(decided.cause.type) && event.id === eventId(by, stream, DECIDED),
      };
    });
  const booked = bookings.map((each): KnownDecision => ({
    command: each.command,
    decided: each.event.data,
    tells: () => each.command === command && each.isWhole,
  }));
  return [...recorded, ...booked];
}

/** Lines that the deciding command declared or took out itself are told in its own answer, when it is given again. */
function causedBy(state: PersonState, decided: PersonDecided['data'], events: readonly RecordedEvent[]): CausedPaymentChanges {
  const written = events.filter(({ metadata }) => metadata.commandId === decided.cause.command);
  const facts = written.filter(({ type }) => /^Session(Declared|Withdrawn)\./.test(type));
  const lines = facts.map((event) => event.data as SessionDeclared['data'] | SessionWithdrawn['data']);
  const own = new Set<LineKey>(lines.map(({ practice, reference }) => lineKey(practice, reference)));
  const changes = paymentChanges(state, decided).filter((each) => !own.has(lineKey(each.practice, each.reference)));
  const [first] = lines;
  const file = first !== undefined && 'file' in first.source ? first.source.file : undefined;
  return { cause: paymentCause(decided, { file, campaign: written[0]?.metadata.campaign }), changes };
}
