/**
 * A folded person as compact JSON text, and back. Only ever a cache: the events are the truth, and a snapshot may be dropped at any
 * time. It exists because reading hundreds of sessions and decisions as events cost more than deciding them (docs/performance.md).
 */
import type { Booking } from '../decision';
import type { CommandId, HistoryImportId, LineKey, StatementId, TrajectoryId } from '../ids';
import type { Regime } from '../regime';
import { DecisionRows, DecisionTableWriter, type DecisionTable } from './decision-table';
import type {
  Departure,
  HistoryFact,
  OverrideFact,
  RemapFact,
  SessionFact,
  StatementFact,
  SwitchFact,
  Withdrawal,
} from './facts';
import { PersonFold, TrajectoryFold } from './fold';
import { sessionsOf, SessionTableWriter, type SessionTable } from './session-table';

/** Raised when the fold or this form of it changes: snapshots of another version are not read. */
export const FOLD_VERSION = 7;

interface TrajectoryRow {
  readonly id: TrajectoryId;
  readonly regime: Regime;
  readonly diagnosis: string;
  /** How many rows of the table of sessions are its own: those that stand, then those that were credited, then those that went away. */
  readonly sessions: number;
  readonly withdrawn: readonly { readonly credit: string; readonly source: Withdrawal['source'] }[];
  readonly departed: readonly Omit<Departure, 'session'>[];
  readonly switches: readonly SwitchFact[];
  readonly imports: readonly HistoryFact[];
  readonly ended: readonly HistoryFact['importId'][];
  readonly remaps: readonly RemapFact[];
  readonly statements: readonly StatementFact[];
  readonly retracted: readonly StatementId[];
  readonly overrides: readonly (readonly [LineKey, OverrideFact])[];
  readonly absorbedInto: TrajectoryId | null;
}

interface Snapshot {
  readonly version: number;
  readonly person: Pick<
    PersonFold,
    'personId' | 'insurance' | 'diedOn' | 'packages' | 'registered' | 'erasedAt' | 'reportedSwitches'
  >;
  readonly importedBy: readonly (readonly [HistoryImportId, string])[];
  readonly lastDecided: PersonFold['lastDecided'];
  readonly commands: readonly CommandId[];
  readonly revisions: readonly (readonly [string, number])[];
  readonly trajectories: readonly TrajectoryRow[];
  readonly sessions: SessionTable;
  readonly decisions: DecisionTable;
  /** Only what differs from the line's decision: of lines that were credited, or are to be booked still. */
  readonly booked: readonly (readonly [LineKey, Booking])[];
}

/** A person taken from a snapshot, and the commands it had decided: their own decisions are not in it. */
export interface RestoredPerson {
  readonly fold: PersonFold;
  readonly commands: ReadonlySet<CommandId>;
}

const NOTHING: Booking = { basic: 0, supplementary: 0, insured: 0, paidToProvider: 0, claimFromInsured: 0 };

const sameBooking = (a: Booking, b: Booking): boolean =>
  (Object.keys(NOTHING) as (keyof Booking)[]).every((field) => a[field] === b[field]);

/** The fold as text. `earlier` are commands that it had from a snapshot itself. */
export function snapshotOf(fold: PersonFold, earlier: Iterable<CommandId> = []): string {
  const sessions = new SessionTableWriter();
  const ordinals = new Map<LineKey, number>();
  const add = (session: SessionFact): void => {
    ordinals.set(session.line, sessions.table.dates.length);
    sessions.add(session);
  };
  for (const { sessions: standing, withdrawn, departed } of fold.trajectories.values()) {
    for (const session of standing.values()) add(session);
    for (const { session } of withdrawn.values()) add(session);
    for (const { session } of departed.values()) add(session);
  }
  const trajectories = [...fold.trajectories.values()].map((each): TrajectoryRow => ({
    id: each.id,
    regime: each.regime,
    diagnosis: each.diagnosis,
    sessions: each.sessions.size,
    withdrawn: [...each.withdrawn.values()].map(({ creditReference, source }) => ({ credit: creditReference, source })),
    departed: [...each.departed.values()].map(({ session: _, ...rest }) => rest),
    switches: each.switches,
    imports: each.importsAndEnded.imports,
    ended: each.importsAndEnded.ended,
    remaps: each.remaps,
    ...each.statementsAndRetracted,
    overrides: [...each.overrides],
    absorbedInto: each.absorbedInto,
  }));
  const decisions = new DecisionTableWriter(ordinals, sessions.table.dates.length);
  for (const decision of fold.decisions.values()) decisions.add(decision);
  const booked: [LineKey, Booking][] = [];
  for (const line of new Set([...fold.decisions.keys(), ...fold.booked.keys()])) {
    const decision = fold.decisions.get(line);
    const booking = fold.booked.get(line) ?? NOTHING;
    if (!sameBooking(booking, decision === undefined ? NOTHING : { ...decision, ...decision.split }))
      booked.push([line, booking]);
  }
  const { personId, insurance, diedOn, packages, registered, erasedAt, reportedSwitches, lastDecided } = fold;
  const snapshot: Snapshot = {
    version: FOLD_VERSION,
    person: { personId, insurance, diedOn, packages, registered, erasedAt, reportedSwitches },
    importedBy: [...fold.importedBy],
    // The decisions and entries are in the rows below; what is asked of the last decision is its cause, policy and seen revisions.
    lastDecided: lastDecided === null ? null : { ...lastDecided, decisions: [], withdrawn: [], entries: [] },
    commands: [...new Set([...earlier, ...fold.decidedCommands.keys()])],
    revisions: [...fold.revisions],
    trajectories,
    sessions: sessions.table,
    decisions: decisions.table,
    booked,
  };
  return JSON.stringify(snapshot);
}

/** The fold of a snapshot; null when it is of another version. Its `decidedCommands` are empty: see `commands`. */
export function restorePerson(text: string): RestoredPerson | null {
  const snapshot = JSON.parse(text) as Snapshot;
  if (snapshot.version !== FOLD_VERSION) return null;
  const sessions = sessionsOf(snapshot.sessions);
  let next = 0;
  const trajectories = snapshot.trajectories.map((row): TrajectoryFold => {
    const trajectory = new TrajectoryFold(row.id, row.regime, row.diagnosis);
    for (const end = next + row.sessions; next < end; next += 1) {
      const session = sessions[next] as SessionFact;
      trajectory.sessions.set(session.line, session);
    }
    for (const { credit, source } of row.withdrawn) {
      const session = sessions[next] as SessionFact;
      trajectory.withdrawn.set(session.line, { session, creditReference: credit, source });
      next += 1;
    }
    for (const departure of row.departed) {
      const session = sessions[next] as SessionFact;
      trajectory.departed.set(session.line, { ...departure, session });
      next += 1;
    }
    trajectory.switches.push(...row.switches);
    trajectory.remaps.push(...row.remaps);
    trajectory.importsAndEnded = { imports: row.imports, ended: row.ended };
    trajectory.statementsAndRetracted = row;
    for (const [line, override] of row.overrides) trajectory.overrides.set(line, override);
    trajectory.absorbedInto = row.absorbedInto;
    return trajectory;
  });
  const lines = sessions.map((session) => session.line);
  const fold = new PersonFold(snapshot.person.personId, new DecisionRows(snapshot.decisions, lines));
  Object.assign(fold, {
    insurance: snapshot.person.insurance,
    diedOn: snapshot.person.diedOn,
    packages: snapshot.person.packages,
    registered: snapshot.person.registered,
    erasedAt: snapshot.person.erasedAt,
    lastDecided: snapshot.lastDecided,
  });
  fold.reportedSwitches.push(...snapshot.person.reportedSwitches);
  for (const [importId, actor] of snapshot.importedBy) fold.importedBy.set(importId, actor);
  for (const [stream, revision] of snapshot.revisions) fold.revisions.set(stream, revision);
  for (const trajectory of trajectories) fold.trajectories.set(trajectory.id, trajectory);
  for (const [line, booking] of snapshot.booked) fold.booked.set(line, booking);
  return { fold, commands: new Set(snapshot.commands) };
}
