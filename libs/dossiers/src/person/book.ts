import { decide, ENGINE_VERSION, type PolicyBook } from '#libs/coverage';
import { settle } from '#libs/settlement';
import {
  dossierStream,
  type CommandId,
  type DecisionCause,
  type LineDecision,
  type LineKey,
  type PersonDecided,
  type PersonFold,
} from '#libs/trajectory';
import type { RecordedEvent } from '#libs/event-store';

/** A decision over a person, and which lines it took up that were held until then. */
export interface Decided {
  readonly event: PersonDecided;
  readonly released: readonly LineKey[];
}

/** A `PersonDecided` over everything the fold holds; the fold is brought up to it. */
export function bookPerson(
  fold: PersonFold,
  book: PolicyBook,
  cause: DecisionCause,
  decisions: LineDecision[] = decide(fold, book),
): Decided {
  const { decisions: changed, withdrawn, entries } = settle(fold, decisions);
  const released = changed
    .filter((each) => each.status !== 'held' && fold.decisions.get(each.line)?.status === 'held')
    .map((each) => each.line);
  const event: PersonDecided = {
    type: 'PersonDecided.v1',
    data: {
      cause,
      seen: Object.fromEntries(fold.revisions),
      policy: { digest: book.digest, version: book.version },
      engine: ENGINE_VERSION,
      decisions: changed,
      withdrawn,
      entries,
    },
  };
  const stream = dossierStream(fold.personId);
  fold.apply({ stream, revision: (fold.revisions.get(stream) ?? -1) + 1, type: event.type, data: event.data });
  return { event, released };
}

/** A decision with the command it belongs to, ready to be written. */
export interface Booking extends Decided {
  readonly command: CommandId;
  readonly actor: string;
}

/** Which command writes an event type: the cause's type of facts that were written by a process that then stopped. */
const COMMAND_OF: Readonly<Record<string, string>> = {
  SessionDeclared: 'DeclareClaimLines',
  SessionWithdrawn: 'DeclareClaimLines',
  TrajectoryStarted: 'DeclareClaimLines',
  TrajectoryLinked: 'DeclareClaimLines',
  InsurerSwitched: 'RecordSwitch',
  HistoryImported: 'ImportHistory',
  HistoryRetracted: 'RetractHistory',
  DiagnosisRemapped: 'RemapDiagnosis',
  TrajectoryAbsorbed: 'RemapDiagnosis',
  AbsorptionReverted: 'RemapDiagnosis',
  PersonRegistered: 'RegisterPerson',
  InsuranceStated: 'StateInsurance',
  PackagesStated: 'StatePackages',
  SwitchReported: 'RegisterPerson',
};
const commandTypeOf = (events: readonly RecordedEvent[]): string =>
  COMMAND_OF[(events.at(-1)?.type ?? '').replace(/\.v\d+$/, '')] ?? 'Unknown';

/**
 * Books the facts that no decision has seen, command by command in log order, each under the cause of its own command: they
 * were written by a process that was killed, or that is about to book them itself.
 *
 * The dossier's own facts all precede any decision that is yet to be appended to it, so they are seen by the first. In the
 * trajectories a command's facts lie in one block per stream, and a decision's seen revisions are a prefix of every stream: where
 * the blocks of two commands interleave, the earlier decision takes in what precedes its own block. A command whose facts are
 * all seen by then needs no decision of its own any more.
 */
export function bookUnseen(fold: PersonFold, unseen: readonly RecordedEvent[], book: PolicyBook): Booking[] {
  if (unseen.length === 0) return [];
  const dossier = dossierStream(fold.personId);
  for (const event of unseen) if (event.stream === dossier) fold.apply(event);
  const bookings: Booking[] = [];
  let waiting = unseen.filter((event) => event.stream !== dossier);
  const bookNext = (own: readonly RecordedEvent[]): void => {
    const { commandId, actor } = (own[0] as RecordedEvent).metadata;
    const command = commandId as CommandId;
    bookings.push({ command, actor, ...bookPerson(fold, book, { command, type: commandTypeOf(own) }) });
  };
  if (waiting.length === 0) bookNext(unseen);
  while (waiting.length > 0) {
    const command = (waiting[0] as RecordedEvent).metadata.commandId;
    const own = waiting.filter((event) => event.metadata.commandId === command);
    const cut = new Map(own.map((event) => [event.stream, event.revision]));
    const isWithin = (event: RecordedEvent): boolean => event.revision <= (cut.get(event.stream) ?? -1);
    for (const event of waiting) if (isWithin(event)) fold.apply(event);
    waiting = waiting.filter((event) => !isWithin(event));
    bookNext(own);
  }
  return bookings;
}
