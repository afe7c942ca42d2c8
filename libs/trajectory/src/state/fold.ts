/**
 * Folds the events of one person's streams into `PersonState`. `evolve` is total: an event type it does not know stops the fold,
 * for a fold that skips what it does not know would decide on less than the facts.
 */
import type { Booking, LineDecision, SettlementEntry } from '../decision';
import type { DossierEvent, InsurancePeriod, PackagePeriod, PersonDecided, SwitchReported, TrajectoryEvent } from '../events';
import { lineKey, trajectoryStream, dossierStream } from '../ids';
import type { CommandId, HistoryImportId, LineKey, PersonId, StatementId, TrajectoryId } from '../ids';
import type { Regime } from '../regime';
import type { DecisionRows } from './decision-table';
import { BookedLines, RecordedDecisions } from './recorded';
import { currentEvent } from './upcast';
import { isSameRemap } from './lineage';
import type {
  Departure,
  HistoryFact,
  OverrideFact,
  PersonFacts,
  PersonState,
  RemapFact,
  SessionFact,
  StatementFact,
  SwitchFact,
  TrajectoryFacts,
  Withdrawal,
} from './facts';

/** A stored event as the fold reads it. */
export interface StoredEvent {
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly data: unknown;
  /** Who recorded it; left out where nobody asks. */
  readonly metadata?: { readonly actor: string };
}

/** The streams disagree with each other or with what the fold has seen: a broken store, never bad input. */
export class BrokenStreamError extends Error {
  override readonly name = 'BrokenStreamError';
}

/** The fold of one trajectory; part of `PersonFold`. */
export class TrajectoryFold implements TrajectoryFacts {
  readonly sessions = new Map<LineKey, SessionFact>();
  readonly withdrawn = new Map<LineKey, Withdrawal>();
  readonly departed = new Map<LineKey, Departure>();
  readonly switches: SwitchFact[] = [];
  readonly remaps: RemapFact[] = [];
  readonly overrides = new Map<LineKey, OverrideFact>();
  readonly #imports = new Map<HistoryImportId, HistoryFact>();
  readonly #ended = new Set<HistoryImportId>();
  #histories: HistoryFact[] | null = [];
  readonly #statements = new Map<StatementId, StatementFact>();
  readonly #retracted = new Set<StatementId>();
  #inEffect: readonly StatementFact[] = [];
  absorbedInto: TrajectoryId | null = null;

  constructor(
    readonly id: TrajectoryId,
    readonly regime: Regime,
    readonly diagnosis: string,
  ) {}

  /** All imports and the ids of those that no longer stand; for snapshots of the fold alone. */
  get importsAndEnded(): { readonly imports: readonly HistoryFact[]; readonly ended: readonly HistoryImportId[] } {
    return { imports: [...this.#imports.values()], ended: [...this.#ended] };
  }
  set importsAndEnded({
    imports,
    ended,
  }: {
    readonly imports: readonly HistoryFact[];
    readonly ended: readonly HistoryImportId[];
  }) {
    for (const history of imports) this.#imports.set(history.importId, history);
    for (const id of ended) this.#ended.add(id);
    this.#histories = null;
  }

  get histories(): readonly HistoryFact[] {
    this.#histories ??= [...this.#imports.values()].filter((history) => !this.#ended.has(history.importId));
    return this.#histories;
  }

  /** All statements and the ids of those that were retracted; for snapshots of the fold alone. */
  get statementsAndRetracted(): { readonly statements: readonly StatementFact[]; readonly retracted: readonly StatementId[] } {
    return { statements: [...this.#statements.values()], retracted: [...this.#retracted] };
  }
  set statementsAndRetracted({
    statements,
    retracted,
  }: {
    readonly statements: readonly StatementFact[];
    readonly retracted: readonly StatementId[];
  }) {
    for (const statement of statements) this.#statements.set(statement.data.statementId, statement);
    for (const id of retracted) this.#retracted.add(id);
    this.#findInEffect();
  }

  get statements(): readonly StatementFact[] {
    return this.#inEffect;
  }

  #findInEffect(): void {
    this.#inEffect = [...this.#statements.values()].filter(({ data }) => !this.#retracted.has(data.statementId));
  }

  evolve(event: Exclude<TrajectoryEvent, { type: 'TrajectoryStarted.v1' }>): void {
    switch (event.type) {
      case 'SessionDeclared.v1': {
        const line = lineKey(event.data.practice, event.data.reference);
        this.sessions.set(line, { ...event.data, line });
        return;
      }
      case 'SessionWithdrawn.v1': {
        const line = lineKey(event.data.practice, event.data.reference);
        const session = this.sessions.get(line);
        if (session === undefined)
          throw new BrokenStreamError(`trajectory ${this.id}: a line was withdrawn that was never declared`);
        this.sessions.delete(line);
        this.overrides.delete(line);
        this.withdrawn.set(line, { session, creditReference: event.data.creditReference, source: event.data.source });
        return;
      }
      case 'SessionMovedIn.v1': {
        const { session, move, under } = event.data;
        const line = lineKey(session.practice, session.reference);
        this.sessions.set(line, { ...session, line, moved: { move, under } });
        this.departed.delete(line);
        return;
      }
      case 'SessionMovedOut.v1': {
        const { practice, reference, move, under, to } = event.data;
        const line = lineKey(practice, reference);
        const session = this.sessions.get(line);
        if (session === undefined) throw new BrokenStreamError(`trajectory ${this.id}: a line was moved that is not there`);
        this.sessions.delete(line);
        this.overrides.delete(line);
        if ('person' in to) this.departed.set(line, { session, move, under, person: to.person });
        return;
      }
      case 'InsurerSwitched.v1':
        this.switches.push(event.data);
        return;
      case 'HistoryImported.v2':
        this.#imports.set(event.data.importId, event.data);
        if (event.data.supersedes !== undefined) this.#ended.add(event.data.supersedes);
        this.#histories = null;
        return;
      case 'HistoryVerified.v1': {
        const history = this.#imports.get(event.data.importId);
        if (history === undefined)
          throw new BrokenStreamError(`trajectory ${this.id}: a history was verified that was never imported`);
        this.#imports.set(history.importId, { ...history, status: 'verified' });
        this.#histories = null;
        return;
      }
      case 'HistoryRetracted.v1':
        this.#ended.add(event.data.importId);
        this.#histories = null;
        return;
      case 'DiagnosisRemapped.v1':
        this.remaps.push(event.data);
        return;
      case 'RemapReverted.v1': {
        const at = this.remaps.findLastIndex((remap) => isSameRemap(remap, event.data));
        if (at < 0) throw new BrokenStreamError(`trajectory ${this.id}: a remap was taken back that was never made`);
        this.remaps.splice(at, 1);
        return;
      }
      case 'TrajectoryAbsorbed.v1':
        this.absorbedInto = event.data.into;
        return;
      case 'AbsorptionReverted.v1':
        this.absorbedInto = null;
        return;
      case 'ClinicalFactsStated.v1':
      case 'ConditionConfirmed.v1':
      case 'NewEpisodeConfirmed.v1':
      case 'CareClassChanged.v1':
      case 'TermExtended.v1':
      case 'AuthorisationGranted.v1':
        this.#statements.set(event.data.statementId, event);
        this.#findInEffect();
        return;
      case 'StatementRetracted.v1':
        this.#retracted.add(event.data.statementId);
        this.#findInEffect();
        return;
      case 'DecisionOverridden.v1': {
        const line = lineKey(event.data.practice, event.data.reference);
        if (!this.sessions.has(line))
          throw new BrokenStreamError(`trajectory ${this.id}: a line was overridden that does not stand in it`);
        this.overrides.set(line, event.data);
        return;
      }
      case 'OverrideEnded.v1': {
        const line = lineKey(event.data.practice, event.data.reference);
        if (this.overrides.get(line)?.overrideId === event.data.overrideId) this.overrides.delete(line);
        return;
      }
      default: {
        const unknown: never = event;
        throw new BrokenStreamError(
          `trajectory ${this.id}: unknown event ${JSON.stringify((unknown as { type: unknown }).type)}`,
        );
      }
    }
  }
}

const NOTHING_BOOKED: Booking = { basic: 0, supplementary: 0, insured: 0, paidToProvider: 0, claimFromInsured: 0 };

const addEntry = (booked: Booking, entry: SettlementEntry): Booking => ({
  basic: booked.basic + (entry.basic ?? 0),
  supplementary: booked.supplementary + (entry.supplementary ?? 0),
  insured: booked.insured + (entry.insured ?? 0),
  paidToProvider: booked.paidToProvider + (entry.paidToProvider ?? 0),
  claimFromInsured: booked.claimFromInsured + (entry.claimFromInsured ?? 0),
});

/**
 * The fold of one person. It is an accumulator: apply events of each stream in revision order (streams may interleave, a
 * trajectory's events may come before its link in the dossier). Reading it as `PersonState` at any moment is safe until the next
 * `apply`.
 */
export class PersonFold implements PersonState, PersonFacts {
  insurance: readonly InsurancePeriod[] = [];
  diedOn: string | null = null;
  packages: readonly PackagePeriod[] = [];
  registered = false;
  erasedAt: string | null = null;
  lastDecided: PersonDecided['data'] | null = null;
  readonly trajectories = new Map<TrajectoryId, TrajectoryFold>();
  readonly decisions: RecordedDecisions;
  readonly booked: BookedLines;
  readonly decidedCommands = new Map<CommandId, PersonDecided['data']>();
  readonly reportedSwitches: SwitchReported['data'][] = [];
  readonly importedBy = new Map<HistoryImportId, string>();
  readonly revisions = new Map<string, number>();

  /** @param rows decisions of a snapshot, booked as they say */
  constructor(
    readonly personId: PersonId,
    rows?: DecisionRows,
  ) {
    this.decisions = new RecordedDecisions(rows);
    this.booked = new BookedLines(rows);
    this.revisions.set(dossierStream(personId), -1);
  }

  get facts(): PersonFacts {
    return this;
  }

  stands(decision: LineDecision): boolean {
    return this.decisions.isKept(decision) && this.booked.isKept(decision.line);
  }

  /** Applies the next event of one of the person's streams. Throws BrokenStreamError when it is not the next one. */
  apply(stored: StoredEvent): void {
    const known = this.revisions.get(stored.stream) ?? -1;
    if (stored.revision !== known + 1)
      throw new BrokenStreamError(`${stored.stream}: revision ${stored.revision} follows ${known}; the stream is not continuous`);
    this.revisions.set(stored.stream, stored.revision);
    const event = currentEvent(stored.type, stored.data);
    this.evolve(stored.stream, event);
    if (event.type === 'HistoryImported.v2' && stored.metadata !== undefined)
      this.importedBy.set(event.data.importId, stored.metadata.actor);
  }

  private evolve(stream: string, event: TrajectoryEvent | DossierEvent): void {
    switch (event.type) {
      case 'PersonRegistered.v1':
        this.registered = true;
        return;
      case 'InsuranceStated.v1':
        this.insurance = event.data.periods;
        this.diedOn = event.data.diedOn;
        return;
      case 'PackagesStated.v1':
        this.packages = event.data.packages;
        return;
      case 'SwitchReported.v1':
        this.reportedSwitches.push(event.data);
        return;
      case 'TrajectoryLinked.v1':
      case 'TrajectoryStarted.v1':
        // The link may be ahead of the trajectory's own stream: on a store without transactions it is written first.
        this.openTrajectory(event.data.trajectoryId, event.data.regime, event.data.diagnosis);
        return;
      case 'PersonDecided.v1':
        this.evolveDecided(event.data);
        return;
      case 'PersonErased.v1':
        this.erasedAt = event.data.erasedAt;
        return;
      default: {
        const trajectory = this.trajectories.get(stream.slice('trajectory-'.length) as TrajectoryId);
        if (trajectory === undefined) throw new BrokenStreamError(`${stream}: ${event.type} comes before TrajectoryStarted`);
        trajectory.evolve(event);
      }
    }
  }

  private openTrajectory(id: TrajectoryId, regime: Regime, diagnosis: string): void {
    if (!this.trajectories.has(id)) this.trajectories.set(id, new TrajectoryFold(id, regime, diagnosis));
    const stream = trajectoryStream(id);
    if (!this.revisions.has(stream)) this.revisions.set(stream, -1);
  }

  private evolveDecided(decided: PersonDecided['data']): void {
    for (const decision of decided.decisions) this.decisions.set(decision.line, decision);
    for (const line of decided.withdrawn) this.decisions.delete(line);
    for (const entry of decided.entries)
      this.booked.set(entry.line, addEntry(this.booked.get(entry.line) ?? NOTHING_BOOKED, entry));
    this.decidedCommands.set(decided.cause.command, decided);
    this.lastDecided = decided;
  }
}

/** Folds whole streams of one person; the dossier's events first, then each trajectory's, in revision order. */
export function foldPerson(personId: PersonId, events: Iterable<StoredEvent>): PersonFold {
  const fold = new PersonFold(personId);
  for (const event of events) fold.apply(event);
  return fold;
}
