import { decide, ENGINE_VERSION, type PolicyBook } from '#libs/coverage';
import { settle } from '#libs/settlement';
import {
  dossierStream,
  type CommandId,
  type DecisionCause,
  type InsurerSwitched,
  type LineDecision,
  type LineKey,
  type PersonDecided,
  type PersonFold,
} from '#libs/trajectory';
import type { RecordedEvent } from '#libs/event-store';
import { eventId, LAST_FACT } from './event-ids';

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
  /** false: the command was stopped between its streams, and this books the part that it had written. */
  readonly isWhole: boolean;
}

/** Which command writes an event type: the cause's type of facts that were written by a process that then stopped. */
const COMMAND_OF: Readonly<Record<string, string>> = {
  SessionDeclared: 'DeclareClaimLines',
  SessionWithdrawn: 'DeclareClaimLines',
  HistoryImported: 'ImportHistory',
  HistoryRetracted: 'RetractHistory',
  DiagnosisRemapped: 'RemapDiagnosis',
  TrajectoryAbsorbed: 'RemapDiagnosis',
  AbsorptionReverted: 'RemapDiagnosis',
  PersonRegistered: 'RegisterPerson',
  SwitchReported: 'RegisterPerson',
  InsuranceStated: 'StateInsurance',
  PackagesStated: 'StatePackages',
};

/** A switch or a new trajectory may be part of several commands, so the other facts are asked first. */
function commandTypeOf(events: readonly RecordedEvent[]): string {
  const switched = events.find((event) => event.type.startsWith('InsurerSwitched.'));
  const recordedBy = (switched?.data as InsurerSwitched['data'] | undefined)?.recordedBy;
  if (recordedBy === 'member-administration') return 'RegisterPerson';
  const types = new Set(events.flatMap((event) => COMMAND_OF[event.type.replace(/\.v\d+$/, '')] ?? []));
  const [only = switched === undefined ? 'Unknown' : 'RecordSwitch', ...more] = types;
  return more.length === 0 ? only : types.has('DeclareClaimLines') ? 'DeclareClaimLines' : 'RegisterPerson';
}

/** What the process that gives a command knows of it. */
export interface OwnCommand {
  readonly type: string;
  /** It has nothing more to write. */
  readonly isWhole: boolean;
}

/** Whether these are all facts of their command: the last one written says so by its id. They are in log order. */
export function areWhole(own: readonly RecordedEvent[]): boolean {
  const last = own.at(-1);
  return last !== undefined && last.id === eventId(last.metadata.commandId as CommandId, last.stream, LAST_FACT);
}

/**
 * Books the facts that no decision has seen, command by command in log order, each under the cause of its own command: they
 * were written by a process that was killed, or that is about to book them itself. Every command gets its decision, also when
 * nothing is left to be booked for it. `known` tells of the commands that this process gives itself.
 *
 * The dossier's own facts all precede any decision that is yet to be appended to it, so they are seen by the first. In the
 * trajectories a command's facts lie in one block per stream, and a decision's seen revisions are a prefix of every stream: where
 * the blocks of two commands interleave, the earlier decision takes in what precedes its own block.
 */
export function bookUnseen(
  fold: PersonFold,
  unseen: readonly RecordedEvent[],
  book: PolicyBook,
  known: ReadonlyMap<CommandId, OwnCommand> = new Map(),
): Booking[] {
  const dossier = dossierStream(fold.personId);
  const apply = (event: RecordedEvent): void => {
    if (event.revision > (fold.revisions.get(event.stream) ?? -1)) fold.apply(event);
  };
  for (const event of unseen) if (event.stream === dossier) apply(event);
  const byCommand = new Map<CommandId, RecordedEvent[]>();
  for (const event of unseen) {
    const command = event.metadata.commandId as CommandId;
    const own = byCommand.get(command);
    if (own === undefined) byCommand.set(command, [event]);
    else own.push(event);
  }
  return [...byCommand].map(([command, own]): Booking => {
    const cut = new Map(own.map((event) => [event.stream, event.revision]));
    for (const event of unseen) if (event.revision <= (cut.get(event.stream) ?? -1)) apply(event);
    return {
      command,
      actor: (own[0] as RecordedEvent).metadata.actor,
      isWhole: known.get(command)?.isWhole === true || areWhole(own),
      ...bookPerson(fold, book, { command, type: known.get(command)?.type ?? commandTypeOf(own) }),
    };
  });
}
