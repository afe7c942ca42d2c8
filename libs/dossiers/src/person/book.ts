import { decide, ENGINE_VERSION, type PolicyBook } from '#libs/coverage';
import { settle } from '#libs/settlement';
import {
  dossierStream,
  isHeld,
  type CommandId,
  type DecisionCause,
  type DossierEvent,
  type InsurerSwitched,
  type LineDecision,
  type LineKey,
  type OverrideEnded,
  type PersonDecided,
  type PersonFold,
  type SessionMovedIn,
  type SessionMovedOut,
  type TrajectoryEvent,
} from '#libs/trajectory';
import type { RecordedEvent } from '#libs/event-store';
import type { Warrant } from './command';
import { closingIds, eventId, lastFact } from './event-ids';
import type { LoadedPerson } from './load';

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
    .filter((each) => {
      const before = fold.decisions.get(each.line);
      return before !== undefined && isHeld(before) && !isHeld(each);
    })
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
  readonly warrant: Warrant;
  /** It closes the command. false: the command was stopped between its streams, and this books the part that it had written. */
  readonly isWhole: boolean;
}

type NameOf<Type> = Type extends `${infer Name}.v${number}` ? Name : never;
/** Every fact but those that are part of several commands. */
type FactName = Exclude<
  NameOf<(DossierEvent | TrajectoryEvent)['type']>,
  'TrajectoryLinked' | 'TrajectoryStarted' | 'InsurerSwitched' | 'PersonDecided' | 'PersonErased'
>;

/** Which command writes an event type: the cause's type of facts that were written by a process that then stopped. */
const COMMAND_OF: Readonly<Record<FactName, string>> = {
  SessionDeclared: 'DeclareClaimLines',
  SessionWithdrawn: 'DeclareClaimLines',
  SessionMovedIn: 'MoveSession',
  SessionMovedOut: 'MoveSession',
  HistoryImported: 'ImportHistory',
  HistoryVerified: 'VerifyHistory',
  HistoryRetracted: 'RetractHistory',
  DiagnosisRemapped: 'RemapDiagnosis',
  TrajectoryAbsorbed: 'RemapDiagnosis',
  RemapReverted: 'RevertRemap',
  AbsorptionReverted: 'RevertRemap',
  DecisionOverridden: 'OverrideDecision',
  OverrideEnded: 'EndOverride',
  ClinicalFactsStated: 'StateClinicalFacts',
  ConditionConfirmed: 'ConfirmCondition',
  NewEpisodeConfirmed: 'ConfirmNewEpisode',
  CareClassChanged: 'ChangeCareClass',
  TermExtended: 'ExtendTerm',
  AuthorisationGranted: 'GrantAuthorisation',
  StatementRetracted: 'RetractStatement',
  PersonRegistered: 'RegisterPerson',
  SwitchReported: 'RegisterPerson',
  InsuranceStated: 'StateInsurance',
  PackagesStated: 'StatePackages',
};

function nameOf({ type, data }: RecordedEvent): string | undefined {
  const name = (COMMAND_OF as Readonly<Record<string, string | undefined>>)[type.replace(/\.v\d+$/, '')];
  if (name === 'EndOverride') return (data as OverrideEnded['data']).because === 'lapsed' ? 'EndLapsedOverrides' : name;
  if (name !== 'MoveSession') return name;
  const { to, from } = data as Partial<SessionMovedOut['data'] & SessionMovedIn['data']>;
  return 'person' in (to ?? from ?? {}) ? 'MoveSessionToPerson' : name;
}

/**
 * A switch or a new trajectory may be part of several commands, so the other facts are asked first. A remap is taken back with its absorption before it;
 * an absorption is the whole of its command where it is taken back alone.
 * @param events those that no decision has seen, `facts` all of the command
 */
function commandTypeOf(events: readonly RecordedEvent[], facts: readonly RecordedEvent[]): string {
  if (facts.every(({ type }) => type.startsWith('AbsorptionReverted.')) && areWhole(facts)) return 'RevertAbsorption';
  const switched = events.find((event) => event.type.startsWith('InsurerSwitched.'));
  const recordedBy = (switched?.data as InsurerSwitched['data'] | undefined)?.recordedBy;
  if (recordedBy === 'member-administration') return 'RegisterPerson';
  const types = new Set(events.flatMap((event) => nameOf(event) ?? []));
  const [only = switched === undefined ? 'Unknown' : 'RecordSwitch', ...more] = types;
  return more.length === 0 ? only : types.has('DeclareClaimLines') ? 'DeclareClaimLines' : 'RegisterPerson';
}

/** A command as the process knows it that gives it, once some of its facts are written. */
export interface BegunCommand {
  readonly command: CommandId;
  readonly type: string;
  readonly actor: string;
  /** It has nothing more to write. */
  readonly isWhole: boolean;
}

/** What the command's events say of their warrant. */
const warrantOf = ({ reason, note, approvedBy, campaign }: Warrant): Warrant => ({
  ...(reason === undefined ? {} : { reason }),
  ...(note === undefined ? {} : { note }),
  ...(approvedBy === undefined ? {} : { approvedBy }),
  ...(campaign === undefined ? {} : { campaign }),
});

/** Facts of a command that were read, decided or not. */
export const factsOf = ({ events }: LoadedPerson, command: CommandId): RecordedEvent[] =>
  events.filter((event) => event.metadata.commandId === command && !event.type.startsWith('PersonDecided.'));

/** Whether these are all facts of their command: the last one written tells by its id how many they are. */
export const areWhole = (facts: readonly RecordedEvent[]): boolean =>
  facts.some(({ id, stream, metadata }) => id === eventId(metadata.commandId as CommandId, stream, lastFact(facts.length)));

/** Whether the decision that closes a command is among what was read. */
export function isClosed({ fold, events }: LoadedPerson, command: CommandId): boolean {
  const closing = closingIds(command, dossierStream(fold.personId));
  return events.some((event) => closing.includes(event.id));
}

/**
 * Books the facts that no decision has seen, command by command, each under the cause of its own command: they were written by a
 * process that was killed, or that is about to book them itself. Every command gets its decision, also when nothing is left to be
 * booked for it. `begun` tells of the command that this process gives itself; when it has nothing more to write, it is closed.
 *
 * In every stream the facts that no decision has seen are of one command (`finish.ts`), so each decision takes in those of its own
 * command and no others. The dossier's precede any decision that is yet to be appended to it: their command comes first. (Should
 * facts interleave all the same, the earlier decision takes in what precedes its own, for it has seen a prefix of every stream.)
 */
export function bookUnseen(loaded: LoadedPerson, book: PolicyBook, begun?: BegunCommand): Booking[] {
  const { fold, unseen } = loaded;
  const dossier = dossierStream(fold.personId);
  const ofDossier = (event: RecordedEvent): boolean => event.stream === dossier;
  const byCommand = new Map<CommandId, RecordedEvent[]>();
  for (const event of [...unseen.filter(ofDossier), ...unseen.filter((each) => !ofDossier(each))]) {
    const command = event.metadata.commandId as CommandId;
    const own = byCommand.get(command);
    if (own === undefined) byCommand.set(command, [event]);
    else own.push(event);
  }
  if (begun?.isWhole === true && !byCommand.has(begun.command)) byCommand.set(begun.command, []);
  return [...byCommand].map(([command, own]): Booking => {
    const cut = new Map(own.map((event) => [event.stream, event.revision]));
    for (const event of unseen)
      if (event.revision <= (cut.get(event.stream) ?? -1) && event.revision > (fold.revisions.get(event.stream) ?? -1))
        fold.apply(event);
    const given = begun?.command === command ? begun : null;
    const facts = factsOf(loaded, command);
    return {
      command,
      actor: given?.actor ?? (own[0] as RecordedEvent).metadata.actor,
      warrant: warrantOf(facts[0]?.metadata ?? {}),
      isWhole: !isClosed(loaded, command) && (given?.isWhole === true || areWhole(facts)),
      ...bookPerson(fold, book, { command, type: given?.type ?? commandTypeOf(own, facts) }),
    };
  });
}
