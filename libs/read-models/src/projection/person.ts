/** Folds the events of one person into rows. Pure: no clock, no database; it sees facts and recorded decisions only. */
import type { RecordedEvent } from '#libs/event-store';
import {
  currentEvent,
  dossierStream,
  lineKey,
  trajectoryStream,
  type InsurerSwitched,
  type LineKey,
  type DossierEvent,
  type PersonErased,
  type SessionMovedIn,
  type SwitchReported,
  type TrajectoryEvent,
  type UnitDecision,
} from '#libs/trajectory';
import type { HistoryEntry } from '../entities';
import type { BookingRow, DossierRow, PaymentChangeRow, SessionRow, TrajectoryRow, WorkItemRow } from '../rows';
import { blankDossier, blankTrajectory } from './blank-rows';
import { bookingsOf } from './booking-rows';
import { contributionOf, SplitDifferences, type Contribution } from './contribution';
import { historyToAsk } from './history-to-ask';
import { appendTo, withoutOverride } from './json-list';
import { DOSSIER_PREFIX, isId, TRAJECTORY_PREFIX } from './partition';
import { paymentChangesOf } from './payment-changes';
import { PoisonedEventError, wrongStream } from './poisoned-event';
import { applyCredit, applyDecision, applyDeparture, declaredRow } from './session-row';
import { applyToTrajectoryRow } from './trajectory-row';
import { moveTotals } from './trajectory-totals';
import { momentOf, type Moment, type WaitingDecision } from './waiting-decision';
import { WorkItems, type WorkItemChanges } from './work-items';

/** Rows of a person as they are stored; of the sessions, those that the events to come name. */
export interface LoadedPerson {
  readonly dossier: DossierRow | null;
  readonly trajectories: readonly TrajectoryRow[];
  readonly workItems: readonly WorkItemRow[];
  readonly sessions: readonly SessionRow[];
}

/** A row, and whether it is already stored. */
interface Held<Row> {
  readonly row: Row;
  readonly isStored: boolean;
  isChanged: boolean;
}

/** What the folded events changed. */
export interface PersonChanges {
  readonly dossier: Held<DossierRow>;
  readonly trajectories: readonly Held<TrajectoryRow>[];
  readonly sessions: readonly Held<SessionRow>[];
  readonly bookings: readonly BookingRow[];
  readonly paymentChanges: readonly PaymentChangeRow[];
  readonly workItems: WorkItemChanges;
  readonly split: SplitDifferences;
  /** Trajectories whose extremes must be read anew over all of their lines. */
  readonly lostExtremes: ReadonlySet<string>;
  /** The person was erased: every stored row but that of the dossier is removed. */
  readonly isErased: boolean;
}

export class PersonProjection {
  private readonly dossier: Held<DossierRow>;
  private readonly trajectories = new Map<string, Held<TrajectoryRow>>();
  private readonly sessions = new Map<string, Held<SessionRow>>();
  private readonly contributions = new Map<string, Contribution | null>();
  private readonly workItems: WorkItems;
  private readonly bookings: BookingRow[] = [];
  private readonly paymentChanges: PaymentChangeRow[] = [];
  private readonly split = new SplitDifferences();
  private readonly lostExtremes = new Set<string>();
  private readonly waiting: WaitingDecision[];
  private isErased = false;

  constructor(
    private readonly personId: string,
    loaded: LoadedPerson,
  ) {
    // Loaded rows are copied: when an event turns out to be poisoned, the person is folded again from them up to it.
    const dossier = loaded.dossier === null ? blankDossier(personId) : { ...loaded.dossier };
    this.dossier = { row: dossier, isStored: loaded.dossier !== null, isChanged: false };
    for (const row of loaded.trajectories)
      this.trajectories.set(row.trajectoryId, { row: { ...row }, isStored: true, isChanged: false });
    for (const row of loaded.sessions) this.sessions.set(row.line, { row: { ...row }, isStored: true, isChanged: false });
    this.workItems = new WorkItems(personId, loaded.workItems);
    this.waiting = dossier.waiting === '[]' ? [] : (JSON.parse(dossier.waiting) as WaitingDecision[]);
  }

  /** Applies the next event of one of the person's streams. Throws PoisonedEventError, or any error on data of another shape. */
  apply(event: RecordedEvent): void {
    // only without transactions over streams: a fact that was under way when the dossier was closed
    if (this.isErased) return;
    const { type, data } = currentEvent(event.type, event.data);
    if (event.stream.startsWith(DOSSIER_PREFIX)) this.applyToDossier({ type, data } as DossierEvent, event);
    else {
      this.applyToTrajectory({ type, data } as TrajectoryEvent, event);
      if (this.waiting.length > 0) this.applyWaiting();
    }
  }

  /**
   * Takes the person out of everything but the totals, in which nobody can be told apart. It needs no row of before, so it can be applied
   * to somebody who was parked.
   */
  private erase(event: RecordedEvent, { erasedAt }: PersonErased['data']): void {
    Object.assign(this.dossier.row, blankDossier(this.personId), { erasedAt, revision: event.revision });
    this.dossier.isChanged = true;
    this.trajectories.clear();
    this.sessions.clear();
    this.lostExtremes.clear();
    this.bookings.length = 0;
    this.paymentChanges.length = 0;
    this.waiting.length = 0;
    this.isErased = true;
  }

  changes(): PersonChanges {
    const isChanged = (held: Held<unknown>): boolean => held.isChanged;
    const { row } = this.dossier;
    const waiting = this.waiting.length === 0 ? '[]' : JSON.stringify(this.waiting);
    if (row.waiting !== waiting) {
      row.waiting = waiting;
      this.dossier.isChanged = true;
    }
    return {
      dossier: this.dossier,
      trajectories: [...this.trajectories.values()].filter(isChanged),
      sessions: [...this.sessions.values()].filter(isChanged),
      bookings: this.bookings,
      paymentChanges: this.paymentChanges,
      workItems: this.isErased ? { written: [], removed: [] } : this.workItems.changes(),
      split: this.split,
      lostExtremes: this.lostExtremes,
      isErased: this.isErased,
    };
  }

  private applyToDossier(current: DossierEvent, event: RecordedEvent): void {
    if (event.stream !== dossierStream(this.personId as never))
      throw new PoisonedEventError('the dossier is that of another person');
    const { row } = this.dossier;
    row.revision = event.revision;
    this.dossier.isChanged = true;
    switch (current.type) {
      case 'PersonRegistered.v1':
        return;
      case 'InsuranceStated.v1':
        row.insurancePeriods = JSON.stringify(current.data.periods);
        row.diedOn = current.data.diedOn;
        return;
      case 'PackagesStated.v1':
        row.packages = JSON.stringify(current.data.packages);
        return;
      case 'SwitchReported.v1':
        row.reportedSwitches = appendTo(row.reportedSwitches, current.data);
        this.refreshHistoryToAsk(event);
        return;
      case 'TrajectoryLinked.v1':
        this.openTrajectory(current.data, event);
        return;
      case 'PersonDecided.v1':
        this.waiting.push({ ...current.data, ...momentOf(event), revision: event.revision, campaign: event.metadata.campaign });
        this.applyWaiting();
        return;
      case 'PersonErased.v1':
        this.erase(event, current.data);
        return;
      default:
        throw wrongStream(current);
    }
  }

  /**
   * Applies the decisions, in order, whose seen revisions are in. The dossier's events of a command may stand in the log before
   * the facts of its trajectories, since a unit is written stream by stream; a decision is applied on the facts that it saw.
   */
  private applyWaiting(): void {
    while (this.waiting[0] !== undefined && this.hasSeen(this.waiting[0]))
      this.applyDecided(this.waiting.shift() as WaitingDecision);
  }

  private hasSeen({ seen }: WaitingDecision): boolean {
    return Object.entries(seen).every(
      ([stream, revision]) =>
        !stream.startsWith(TRAJECTORY_PREFIX) ||
        (this.trajectories.get(stream.slice(TRAJECTORY_PREFIX.length))?.row.revision ?? -1) >= revision,
    );
  }

  private applyToTrajectory(current: TrajectoryEvent, event: RecordedEvent): void {
    const id = event.stream.slice(TRAJECTORY_PREFIX.length);
    if (current.type === 'TrajectoryStarted.v1') {
      if (event.stream !== trajectoryStream(current.data.trajectoryId) || current.data.personId !== (this.personId as never))
        throw new PoisonedEventError('trajectoryId or personId is not that of the stream');
      this.openTrajectory(current.data, event);
    }
    const trajectory = this.trajectories.get(id);
    if (trajectory === undefined) throw new PoisonedEventError('the trajectory was never started');
    const { row } = trajectory;
    row.revision = event.revision;
    trajectory.isChanged = true;
    switch (current.type) {
      case 'TrajectoryStarted.v1':
        return;
      case 'SessionDeclared.v1':
        this.declare(declaredRow(this.personId, id, current.data, event.recordedAt, event.metadata.commandId), event);
        return;
      case 'SessionWithdrawn.v1': {
        const line = keyOf(current.data);
        row.overrides = withoutOverride(row.overrides, line);
        this.changeSession(line, momentOf(event), (session) => {
          if (!session.withdrawn) applyCredit(session, current.data, event.metadata.commandId);
          return [];
        });
        return;
      }
      case 'SessionMovedIn.v1':
        this.takeIn(id, current.data, event);
        return;
      case 'SessionMovedOut.v1':
        row.overrides = withoutOverride(row.overrides, keyOf(current.data));
        // Within the person the line's row is where it was taken in.
        if ('person' in current.data.to)
          this.changeSession(keyOf(current.data), momentOf(event), (session) => {
            applyDeparture(session);
            return [];
          });
        return;
      default:
        if (applyToTrajectoryRow(row, current, event)) this.refreshHistoryToAsk(event);
    }
  }

  /** The link in the dossier or the trajectory's own first event, whichever comes first in the log. */
  private openTrajectory(given: { trajectoryId: string; regime: string; diagnosis: string }, event: RecordedEvent): void {
    if (this.trajectories.has(given.trajectoryId)) return;
    if (!isId(given.trajectoryId)) throw new PoisonedEventError('trajectoryId is not an id');
    const row = blankTrajectory(this.personId, given.trajectoryId, given.regime, given.diagnosis, event.recordedAt);
    this.trajectories.set(given.trajectoryId, { row, isStored: false, isChanged: true });
  }

  private declare(row: SessionRow, event: RecordedEvent): void {
    // The key in two streams (two writers on a store without transactions): a line counts once, the first in the log stays.
    if (this.sessions.has(row.line)) return;
    this.sessions.set(row.line, { row, isStored: false, isChanged: true });
    this.contributions.set(row.line, null);
    this.move(row.line, contributionOf(row, []), momentOf(event));
  }

  /** Where a line counts the next decision says: until that it counts where it was. One of another person is new here, or comes back. */
  private takeIn(id: string, { session, from }: SessionMovedIn['data'], event: RecordedEvent): void {
    const line = keyOf(session);
    const fresh = declaredRow(this.personId, id, session, event.recordedAt, null);
    if ('person' in from && !this.sessions.has(line)) return this.declare(fresh, event);
    this.changeSession(line, momentOf(event), (row) => {
      if (!('person' in from)) row.storedIn = id;
      else Object.assign(row, fresh, { recordedAt: row.recordedAt });
      return JSON.parse(row.units) as UnitDecision[];
    });
  }

  private applyDecided(decided: WaitingDecision): void {
    for (const decision of decided.decisions)
      this.changeSession(decision.line, decided, (session) => {
        // The credit came between the facts that this decision saw and the decision: the next one takes it in.
        if (session.withdrawn) return [];
        if (!this.trajectories.has(decision.trajectory))
          throw new PoisonedEventError('a decision counts in an unknown trajectory');
        applyDecision(session, decision, decided.revision);
        return decision.units;
      });
    this.paymentChanges.push(...paymentChangesOf(this.personId, decided, (line) => this.sessions.get(line)?.row));
    const { row } = this.dossier;
    row.decidedRevision = decided.revision;
    row.decidedAt = decided.recordedAt;
    row.policyDigest = decided.policy.digest;
    row.policyVersion = decided.policy.version;
    row.engine = decided.engine;
    this.bookings.push(...bookingsOf(this.personId, decided));
  }

  /** `change` gives back the units that the row has afterwards. */
  private changeSession(line: string, moment: Moment, change: (row: SessionRow) => readonly UnitDecision[]): void {
    const held = this.sessions.get(line);
    if (held === undefined) throw new PoisonedEventError('it names a claim line that was never declared');
    if (!this.contributions.has(line))
      this.contributions.set(line, contributionOf(held.row, JSON.parse(held.row.units) as UnitDecision[]));
    const units = change(held.row);
    held.isChanged = true;
    this.move(line, contributionOf(held.row, units), moment);
  }

  /** Brings everything that is summed up over lines from the line's last contribution to this one. */
  private move(line: string, after: Contribution | null, moment: Moment): void {
    const before = this.contributions.get(line) ?? null;
    this.contributions.set(line, after);
    if (before !== null) this.split.add(before, -1);
    if (after !== null) this.split.add(after, 1);
    if (before !== null && after !== null && before.trajectoryId === after.trajectoryId)
      this.moveIn(before.trajectoryId, before, after, moment);
    else {
      if (before !== null) this.moveIn(before.trajectoryId, before, null, moment);
      if (after !== null) this.moveIn(after.trajectoryId, null, after, moment);
    }
  }

  private moveIn(id: string, before: Contribution | null, after: Contribution | null, moment: Moment): void {
    const trajectory = this.trajectories.get(id) as Held<TrajectoryRow>;
    trajectory.isChanged = true;
    if (moveTotals(trajectory.row, before, after)) this.lostExtremes.add(id);
    const kinds = new Set([...(before?.kinds ?? []), ...(after?.kinds ?? [])]);
    for (const kind of kinds) {
      const lines = (after?.kinds.includes(kind) === true ? 1 : 0) - (before?.kinds.includes(kind) === true ? 1 : 0);
      if (lines !== 0) this.workItems.addLines(id, kind, lines, moment.eventId, moment.recordedAt);
    }
  }

  private refreshHistoryToAsk(event: RecordedEvent): void {
    const open = historyToAsk(
      [...this.trajectories.values()].map(({ row }) => ({
        id: row.trajectoryId,
        absorbedInto: row.absorbedInto,
        switchDates: (JSON.parse(row.switches) as InsurerSwitched['data'][]).map(({ switchDate }) => switchDate),
        histories: JSON.parse(row.histories) as HistoryEntry[],
      })),
      (JSON.parse(this.dossier.row.reportedSwitches) as SwitchReported['data'][]).map(({ switchDate }) => switchDate),
    );
    for (const id of this.trajectories.keys())
      this.workItems.setHistoryToAsk(id, open.trajectories.has(id), event.id, event.recordedAt);
    this.workItems.setHistoryToAsk(null, open.person, event.id, event.recordedAt);
  }
}

const keyOf = ({ practice, reference }: { readonly practice: string; readonly reference: string }): LineKey =>
  lineKey(practice, reference);
