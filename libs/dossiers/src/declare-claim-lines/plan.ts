/** Which lines of one person become facts, and which are refused for good (duplicates and credits; domain: the order in which a line is judged, step 2). */
import { ageOn, deductibleAgeOn } from '#libs/identity';
import {
  departureOf,
  lineKey,
  regimeOf,
  type IsoDate,
  type LineDecision,
  type LineKey,
  type LineSource,
  type PersonState,
  type SessionDeclared,
  type SessionFact,
  type TrajectoryId,
  type Withdrawal,
} from '#libs/trajectory';
import type { PlannedFacts } from '../person/command';
import { FactsBuilder } from '../person/facts-builder';
import type { ClaimLine, CreditLine, DebitLine } from './claim-line';

export interface Subject {
  readonly birthDate: IsoDate;
  readonly receivedOn: IsoDate;
}

/** What became of each line, in the order given. */
export type Acceptance =
  | { readonly accepted: true; readonly line: LineKey; readonly kind: 'debit' }
  | { readonly accepted: true; readonly line: LineKey; readonly kind: 'credit'; readonly debit: SessionFact }
  | { readonly accepted: false; readonly codes: readonly string[]; readonly line: LineKey; readonly blockedBy?: LineKey };

const sameSource = (a: LineSource, b: LineSource): boolean =>
  'file' in a ? 'file' in b && a.file === b.file && a.record === b.record : 'command' in b && a.command === b.command;
/** One file, or one command: a credit and its debit may not come together. */
const sameOrigin = (a: LineSource, b: LineSource): boolean =>
  'file' in a ? 'file' in b && a.file === b.file : 'command' in b && a.command === b.command;

/** A line is the same claim when all that decides and pays it is the same. */
const sameClaim = (line: DebitLine, fact: SessionFact): boolean =>
  line.date === fact.date &&
  line.list === fact.list &&
  line.performance === fact.performance &&
  line.quantity === fact.quantity &&
  line.diagnosis === fact.diagnosis &&
  line.csi === fact.csi &&
  line.declaredCents === fact.declaredCents;

/** Same practice, date, list, performance and diagnosis under another reference: the same session sent again. */
export const sameSession = (
  line: Pick<SessionFact, 'practice' | 'date' | 'list' | 'performance' | 'diagnosis'>,
  fact: SessionFact,
): boolean =>
  line.practice === fact.practice &&
  line.date === fact.date &&
  line.list === fact.list &&
  line.performance === fact.performance &&
  line.diagnosis === fact.diagnosis;

/** The lines of a person that are declared, with those that this plan adds and takes out. A person may have hundreds: nothing is copied. */
class DeclaredLines {
  readonly #added = new Map<LineKey, SessionFact>();
  readonly #withdrawn = new Map<LineKey, Withdrawal>();
  /** Declared lines on the dates of the lines at hand. */
  readonly #byDate = new Map<IsoDate, SessionFact[]>();

  constructor(
    private readonly state: PersonState,
    lines: readonly ClaimLine[],
  ) {
    for (const line of lines) if (line.kind === 'debit') this.#byDate.set(line.date, []);
    for (const trajectory of state.facts.trajectories.values())
      for (const session of trajectory.sessions.values()) this.#byDate.get(session.date)?.push(session);
  }

  add(session: SessionFact): void {
    this.#added.set(session.line, session);
    this.#byDate.get(session.date)?.push(session);
  }

  withdraw(session: SessionFact, credit: CreditLine): void {
    this.#withdrawn.set(session.line, { session, creditReference: credit.reference.trim(), source: credit.source });
  }

  declared(line: LineKey): SessionFact | undefined {
    if (this.#withdrawn.has(line)) return undefined;
    const added = this.#added.get(line);
    if (added !== undefined) return added;
    for (const trajectory of this.state.facts.trajectories.values()) {
      const session = trajectory.sessions.get(line);
      if (session !== undefined) return session;
    }
    return undefined;
  }

  withdrawn(line: LineKey): Withdrawal | undefined {
    const own = this.#withdrawn.get(line);
    if (own !== undefined) return own;
    for (const trajectory of this.state.facts.trajectories.values()) {
      const earlier = trajectory.withdrawn.get(line);
      if (earlier !== undefined) return earlier;
    }
    return undefined;
  }

  /** Every trajectory in whose stream a declared line stands that was there before: one, or those of a move that was stopped between them. */
  holdersOf(line: LineKey): readonly TrajectoryId[] {
    return [...this.state.facts.trajectories.values()].filter(({ sessions }) => sessions.has(line)).map(({ id }) => id);
  }

  /** Declared lines of the same session under another reference. */
  sameSessions(line: DebitLine, key: LineKey): readonly SessionFact[] {
    const sameDay = this.#byDate.get(line.date) ?? [];
    return sameDay.filter((fact) => fact.line !== key && !this.#withdrawn.has(fact.line) && sameSession(line, fact));
  }
}

export interface LinesPlan {
  readonly facts: PlannedFacts;
  readonly acceptances: readonly Acceptance[];
}

/**
 * Plans the lines of one person, in their order. `knownInvalid` are lines of this same command that turned out invalid when they
 * were decided: those do not stand in the way of a second declaration (0587), nor can they be credited (8017). `takenByOthers` are
 * keys that a line of another person has (8021).
 */
export function planLines(
  state: PersonState,
  lines: readonly ClaimLine[],
  subject: Subject,
  knownInvalid: ReadonlySet<LineKey>,
  takenByOthers: ReadonlySet<LineKey>,
): LinesPlan {
  const declared = new DeclaredLines(state, lines);
  const facts = new FactsBuilder(state);
  const acceptances: Acceptance[] = [];
  const [answered, credited] = [new Set<LineKey>(), new Set<LineKey>()];
  const isInvalid = (line: LineKey): boolean => knownInvalid.has(line) || state.decisions.get(line)?.status === 'invalid';

  const debit = (line: DebitLine, key: LineKey): Acceptance => {
    // what went to another person was declared for this one all the same
    const before = declared.declared(key) ?? declared.withdrawn(key)?.session ?? departureOf(state.facts, key)?.session;
    if (before !== undefined) {
      // a command has one source for all of its lines: the key is this very line's only the first time
      if (sameSource(before.source, line.source) && !answered.has(key)) return { accepted: true, line: key, kind: 'debit' };
      return { accepted: false, line: key, codes: [sameClaim(line, before) ? '8067' : '8021'] };
    }
    if (takenByOthers.has(key)) return { accepted: false, line: key, codes: ['8021'] };
    const again = declared.sameSessions(line, key).find((fact) => !isInvalid(fact.line));
    if (again !== undefined) return { accepted: false, line: key, codes: ['0587'], blockedBy: again.line };
    const event = sessionDeclared(line, subject);
    const id = facts.trajectoryFor(regimeOf(line.csi, line.list), line.diagnosis);
    facts.trajectory(id, event);
    declared.add({ ...event.data, line: key });
    return { accepted: true, line: key, kind: 'debit' };
  };

  const takeOut = (line: CreditLine, { line: debitKey, reference }: SessionFact): void => {
    const { practice, invoice, source } = line;
    for (const holder of declared.holdersOf(debitKey))
      facts.trajectory(holder, {
        type: 'SessionWithdrawn.v1',
        data: { practice, reference, creditReference: line.reference.trim(), invoice, source },
      });
  };

  const credit = (line: CreditLine, key: LineKey): Acceptance => {
    const debitKey = lineKey(line.practice, line.debitReference);
    const earlier = declared.withdrawn(debitKey);
    if (earlier !== undefined) {
      if (!sameSource(earlier.source, line.source) || credited.has(debitKey))
        return { accepted: false, line: key, codes: ['8084'] };
      // it was stopped between two streams that held the line: what is left of it is taken out as well
      takeOut(line, earlier.session);
      return { accepted: true, line: key, kind: 'credit', debit: earlier.session };
    }
    const session = declared.declared(debitKey);
    if (session === undefined) return { accepted: false, line: key, codes: ['8017'] };
    if (sameOrigin(line.source, session.source)) return { accepted: false, line: key, codes: ['8062'] };
    if (isInvalid(debitKey) || session.date !== line.date || session.declaredCents !== line.declaredCents)
      return { accepted: false, line: key, codes: ['8017'] };
    // Declared by this same command, which is no file: whole commands are one act, there is nothing to take out yet.
    if (declared.holdersOf(debitKey).length === 0) return { accepted: false, line: key, codes: ['8062'] };
    takeOut(line, session);
    declared.withdraw(session, line);
    return { accepted: true, line: key, kind: 'credit', debit: session };
  };

  for (const line of lines) {
    const key = lineKey(line.practice, line.reference);
    acceptances.push(line.kind === 'debit' ? debit(line, key) : credit(line, key));
    if (line.kind === 'debit') answered.add(key);
    else credited.add(lineKey(line.practice, line.debitReference));
  }
  return { facts: facts.build(), acceptances };
}

function sessionDeclared(line: DebitLine, subject: Subject): SessionDeclared {
  return {
    type: 'SessionDeclared.v1',
    data: {
      practice: line.practice,
      reference: line.reference.trim(),
      date: line.date,
      ...(line.startTime === undefined ? {} : { startTime: line.startTime }),
      list: line.list,
      performance: line.performance,
      quantity: line.quantity,
      diagnosis: line.diagnosis,
      csi: line.csi,
      ...(line.side === undefined ? {} : { side: line.side }),
      tariffCents: line.tariffCents,
      calculatedCents: line.calculatedCents,
      declaredCents: line.declaredCents,
      insurer: line.insurer,
      invoice: line.invoice,
      ...(line.therapist === undefined ? {} : { therapist: line.therapist }),
      ...(line.authorisation === undefined ? {} : { authorisation: line.authorisation }),
      ...(line.referralDate === undefined ? {} : { referralDate: line.referralDate }),
      ageYears: ageOn(subject.birthDate, line.date),
      deductibleAge: deductibleAgeOn(subject.birthDate, line.date),
      receivedOn: subject.receivedOn,
      source: line.source,
    },
  };
}

/** Lines that were refused as sent again because of a line that is invalid after all: the plan must be made anew. */
export function wronglyBlocked(
  acceptances: readonly Acceptance[],
  decisionOf: (line: LineKey) => LineDecision | undefined,
): readonly LineKey[] {
  return acceptances.flatMap((each) =>
    !each.accepted && each.blockedBy !== undefined && decisionOf(each.blockedBy)?.status === 'invalid' ? [each.blockedBy] : [],
  );
}
