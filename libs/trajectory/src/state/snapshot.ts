/**
 * A folded person as compact JSON text, and back. Only ever a cache: the events are the truth, and a snapshot may be dropped at any
 * time. It exists because reading hundreds of sessions and decisions as events cost more than deciding them (docs/performance.md).
 *
 * Sessions and decisions repeat the same few texts hundreds of times, so these stand once in a table and rows point to them.
 */
import type { Booking, LineDecision, Purse, UnitDecision } from '../decision';
import { lineKey, type CommandId, type LineKey, type TrajectoryId } from '../ids';
import type { Regime } from '../regime';
import type { HistoryFact, RemapFact, SessionFact, SwitchFact, Withdrawal } from './facts';
import { PersonFold, TrajectoryFold } from './fold';

/** Raised when the fold or this form of it changes: snapshots of another version are not read. */
export const FOLD_VERSION = 1;

type Cell = string | number | boolean | null;
/** How a field is written: as it is, or as an index into the table of texts. */
type FieldForm = 'plain' | 'shared';

/** The compiler holds this against the facts: a new field must be listed here, and FOLD_VERSION raised. */
const SESSION_FIELDS = {
  practice: 'shared',
  reference: 'plain',
  date: 'plain',
  startTime: 'plain',
  list: 'shared',
  performance: 'shared',
  quantity: 'plain',
  diagnosis: 'shared',
  csi: 'shared',
  side: 'shared',
  tariffCents: 'plain',
  calculatedCents: 'plain',
  declaredCents: 'plain',
  insurer: 'shared',
  invoice: 'shared',
  therapist: 'shared',
  authorisation: 'shared',
  referralDate: 'shared',
  ageYears: 'plain',
  deductibleAge: 'plain',
  receivedOn: 'shared',
} satisfies Record<Exclude<keyof SessionFact, 'source' | 'line'>, FieldForm>;
const SESSION_COLUMNS = Object.entries(SESSION_FIELDS) as [Exclude<keyof SessionFact, 'source' | 'line'>, FieldForm][];

interface TrajectoryRow {
  readonly id: TrajectoryId;
  readonly regime: Regime;
  readonly diagnosis: string;
  readonly sessions: readonly (readonly Cell[])[];
  readonly withdrawn: readonly {
    readonly session: readonly Cell[];
    readonly credit: string;
    readonly source: Withdrawal['source'];
  }[];
  readonly switches: readonly SwitchFact[];
  readonly imports: readonly HistoryFact[];
  readonly ended: readonly string[];
  readonly remaps: readonly RemapFact[];
  readonly absorbedInto: TrajectoryId | null;
}

interface Snapshot {
  readonly version: number;
  readonly texts: readonly string[];
  readonly person: Pick<PersonFold, 'personId' | 'insurance' | 'diedOn' | 'packages' | 'registered' | 'reportedSwitches'>;
  readonly lastDecided: PersonFold['lastDecided'];
  readonly commands: readonly CommandId[];
  readonly revisions: readonly (readonly [string, number])[];
  readonly trajectories: readonly TrajectoryRow[];
  readonly decisions: readonly (readonly Cell[])[];
  /** Only what differs from the line's decision: of lines that were credited, or are to be booked still. */
  readonly booked: readonly (readonly Cell[])[];
}

/** A person taken from a snapshot, and the commands it had decided: their own decisions are not in it. */
export interface RestoredPerson {
  readonly fold: PersonFold;
  readonly commands: ReadonlySet<CommandId>;
}

class Texts {
  readonly list: string[] = [];
  readonly #index = new Map<string, number>();
  of(text: string): number {
    let index = this.#index.get(text);
    if (index === undefined) {
      index = this.list.push(text) - 1;
      this.#index.set(text, index);
    }
    return index;
  }
}

const bookingCells = (booked: Booking): number[] => [
  booked.basic,
  booked.supplementary,
  booked.insured,
  booked.paidToProvider,
  booked.claimFromInsured,
];

/** The fold as text. `earlier` are commands that it had from a snapshot itself. */
export function snapshotOf(fold: PersonFold, earlier: Iterable<CommandId> = []): string {
  const texts = new Texts();
  const sessionCells = (session: SessionFact): Cell[] => {
    const cells: Cell[] = SESSION_COLUMNS.map(([name, form]) => {
      const value = session[name];
      return value === undefined ? null : form === 'shared' ? texts.of(value as string) : value;
    });
    if ('file' in session.source) cells.push(texts.of(session.source.file), session.source.record);
    else cells.push(session.source.command);
    return cells;
  };
  const ordinals = new Map<LineKey, number>();
  for (const each of fold.trajectories.values()) for (const line of each.sessions.keys()) ordinals.set(line, ordinals.size);
  const decisionCells = (decision: LineDecision): Cell[] => {
    const { split, reason } = decision;
    const names = Object.keys(reason.values);
    return [
      // the session's ordinal in this snapshot; a decision without its session keeps the key itself
      ordinals.get(decision.line) ?? decision.line,
      texts.of(decision.trajectory),
      texts.of(decision.status),
      decision.condition === null ? null : texts.of(decision.condition),
      split.basic,
      split.supplementary,
      split.insured,
      split.refused,
      split.undecided,
      texts.of(decision.codes.join(' ')),
      decision.deductible,
      decision.paidToProvider,
      decision.claimFromInsured,
      texts.of(decision.flags.join(' ')),
      texts.of(reason.rule),
      texts.of(names.join(' ')),
      ...names.map((name) => reason.values[name] ?? null),
      ...decision.units.flatMap((unit) => [
        unit.position,
        unit.purse === null ? null : texts.of(unit.purse),
        unit.cents,
        texts.of(unit.rule),
      ]),
    ];
  };
  const trajectories = [...fold.trajectories.values()].map((each): TrajectoryRow => ({
    id: each.id,
    regime: each.regime,
    diagnosis: each.diagnosis,
    sessions: [...each.sessions.values()].map(sessionCells),
    withdrawn: [...each.withdrawn.values()].map(({ session, creditReference, source }) => ({
      session: sessionCells(session),
      credit: creditReference,
      source,
    })),
    switches: each.switches,
    imports: each.importsAndEnded.imports,
    ended: each.importsAndEnded.ended,
    remaps: each.remaps,
    absorbedInto: each.absorbedInto,
  }));
  const decisions = [...fold.decisions.values()].map(decisionCells);
  const booked: Cell[][] = [];
  for (const line of new Set([...fold.decisions.keys(), ...fold.booked.keys()])) {
    const decision = fold.decisions.get(line);
    const booking = fold.booked.get(line);
    const cells = booking === undefined ? [0, 0, 0, 0, 0] : bookingCells(booking);
    const decided = decision === undefined ? [0, 0, 0, 0, 0] : bookingOfDecision(decision);
    if (cells.some((cents, i) => cents !== decided[i])) booked.push([line, ...cells]);
  }
  const { personId, insurance, diedOn, packages, registered, reportedSwitches, lastDecided } = fold;
  const snapshot: Snapshot = {
    version: FOLD_VERSION,
    texts: texts.list,
    person: { personId, insurance, diedOn, packages, registered, reportedSwitches },
    // The decisions and entries are in the rows below; what is asked of the last decision is its cause, policy and seen revisions.
    lastDecided: lastDecided === null ? null : { ...lastDecided, decisions: [], withdrawn: [], entries: [] },
    commands: [...new Set([...earlier, ...fold.decidedCommands.keys()])],
    revisions: [...fold.revisions],
    trajectories,
    decisions,
    booked,
  };
  return JSON.stringify(snapshot);
}

const bookingOfDecision = (decision: LineDecision): number[] => [
  decision.split.basic,
  decision.split.supplementary,
  decision.split.insured,
  decision.paidToProvider,
  decision.claimFromInsured,
];

const NO_TEXTS: readonly string[] = [];
/** Lists of codes and flags are few and shared; so are names of reason values. */
class Lists {
  readonly #lists = new Map<number, readonly string[]>();
  constructor(private readonly texts: readonly string[]) {}
  at(index: number): readonly string[] {
    let list = this.#lists.get(index);
    if (list === undefined) {
      const text = this.texts[index] ?? '';
      list = text === '' ? NO_TEXTS : Object.freeze(text.split(' '));
      this.#lists.set(index, list);
    }
    return list;
  }
}

/** The fold of a snapshot; null when it is of another version. Its `decidedCommands` are empty: see `commands`. */
export function restorePerson(text: string): RestoredPerson | null {
  const snapshot = JSON.parse(text) as Snapshot;
  if (snapshot.version !== FOLD_VERSION) return null;
  const { texts } = snapshot;
  const lists = new Lists(texts);
  const at = (cell: Cell | undefined): string => texts[cell as number] ?? '';
  const fold = new PersonFold(snapshot.person.personId);
  Object.assign(fold, {
    insurance: snapshot.person.insurance,
    diedOn: snapshot.person.diedOn,
    packages: snapshot.person.packages,
    registered: snapshot.person.registered,
    lastDecided: snapshot.lastDecided,
  });
  fold.reportedSwitches.push(...snapshot.person.reportedSwitches);
  for (const [stream, revision] of snapshot.revisions) fold.revisions.set(stream, revision);
  const sessionOf = (cells: readonly Cell[]): SessionFact => {
    const session: Record<string, unknown> = {};
    SESSION_COLUMNS.forEach(([name, form], i) => {
      const cell = cells[i];
      if (cell !== null) session[name] = form === 'shared' ? at(cell) : cell;
    });
    const [origin, record] = cells.slice(SESSION_COLUMNS.length);
    session['source'] = record === undefined ? { command: origin } : { file: at(origin), record };
    session['line'] = lineKey(session['practice'] as string, session['reference'] as string);
    return session as unknown as SessionFact;
  };
  for (const row of snapshot.trajectories) {
    const trajectory = new TrajectoryFold(row.id, row.regime, row.diagnosis);
    for (const cells of row.sessions) {
      const session = sessionOf(cells);
      trajectory.sessions.set(session.line, session);
    }
    for (const { session: cells, credit, source } of row.withdrawn) {
      const session = sessionOf(cells);
      trajectory.withdrawn.set(session.line, { session, creditReference: credit, source });
    }
    trajectory.switches.push(...row.switches);
    trajectory.remaps.push(...row.remaps);
    trajectory.importsAndEnded = { imports: row.imports, ended: row.ended as HistoryFact['importId'][] };
    trajectory.absorbedInto = row.absorbedInto;
    fold.trajectories.set(row.id, trajectory);
  }
  const lines = [...fold.trajectories.values()].flatMap((each) => [...each.sessions.keys()]);
  for (const cells of snapshot.decisions) {
    const decision = decisionOf(cells, at, lists, lines);
    fold.decisions.set(decision.line, decision);
    const [basic = 0, supplementary = 0, insured = 0, paidToProvider = 0, claimFromInsured = 0] = bookingOfDecision(decision);
    if (basic !== 0 || supplementary !== 0 || insured !== 0 || paidToProvider !== 0 || claimFromInsured !== 0)
      fold.booked.set(decision.line, { basic, supplementary, insured, paidToProvider, claimFromInsured });
  }
  for (const [line, ...cells] of snapshot.booked) {
    const [basic = 0, supplementary = 0, insured = 0, paidToProvider = 0, claimFromInsured = 0] = cells as number[];
    fold.booked.set(line as LineKey, { basic, supplementary, insured, paidToProvider, claimFromInsured });
  }
  return { fold, commands: new Set(snapshot.commands) };
}

const DECISION_CELLS = 16;
const UNIT_CELLS = 4;

function decisionOf(
  cells: readonly Cell[],
  at: (cell: Cell | undefined) => string,
  lists: Lists,
  lines: readonly LineKey[],
): LineDecision {
  const number = (i: number): number => cells[i] as number;
  const names = lists.at(number(15));
  const values: Record<string, Cell> = {};
  names.forEach((name, i) => (values[name] = cells[DECISION_CELLS + i] ?? null));
  const units: UnitDecision[] = [];
  for (let i = DECISION_CELLS + names.length; i < cells.length; i += UNIT_CELLS) {
    const purse = cells[i + 1];
    units.push({
      position: cells[i] as number | null,
      purse: purse === null ? null : (at(purse) as Purse),
      cents: number(i + 2),
      rule: at(cells[i + 3]),
    });
  }
  const condition = cells[3];
  return {
    line: typeof cells[0] === 'number' ? (lines[cells[0]] as LineKey) : (cells[0] as LineKey),
    trajectory: at(cells[1]) as TrajectoryId,
    status: at(cells[2]) as LineDecision['status'],
    condition: condition === null ? null : at(condition),
    units,
    split: { basic: number(4), supplementary: number(5), insured: number(6), refused: number(7), undecided: number(8) },
    codes: lists.at(number(9)),
    deductible: cells[10] as boolean,
    paidToProvider: number(11),
    claimFromInsured: number(12),
    flags: lists.at(number(13)),
    reason: { rule: at(cells[14]), values },
  };
}
