/** Collects the facts of one made-up person so that the product's commands could have stored them: lines go where the routing sends them. */
import { lineKey, regimeOf } from '#libs/trajectory';
import type {
  ClaimFileId,
  HistoryFact,
  HistoryImportId,
  InsurancePeriod,
  LineKey,
  PackagePeriod,
  PersonFacts,
  PersonId,
  Regime,
  RemapFact,
  SessionFact,
  StatementFact,
  StatementId,
  SwitchFact,
  TrajectoryFacts,
  TrajectoryId,
} from '#libs/trajectory';
import { addDays, ageOn, deductibleAgeOn } from '../rules/calendar';
import type { Random } from './random';

export interface Stream {
  readonly id: TrajectoryId;
  readonly regime: Regime;
  readonly diagnosis: string;
  readonly sessions: SessionFact[];
  readonly switches: SwitchFact[];
  readonly histories: HistoryFact[];
  readonly remaps: RemapFact[];
  readonly statements: StatementFact[];
  absorbedInto: TrajectoryId | null;
}

/** What a scenario says of a line; the rest is made up. */
export interface Draft {
  readonly date: string;
  readonly diagnosis: string;
  readonly csi: string;
  readonly performance?: string;
  readonly list?: string;
  readonly quantity?: number;
}

const PRACTICES = ['04000001', '04000002', '04001999'];

export class PersonBuilder {
  readonly streams: Stream[] = [];
  insurance: InsurancePeriod[] = [];
  packages: PackagePeriod[] = [];
  diedOn: string | null = null;
  #lines = 0;

  constructor(
    readonly random: Random,
    readonly birth: string,
  ) {}

  get lines(): number {
    return this.#lines;
  }

  start(regime: Regime, diagnosis: string): Stream {
    const stream: Stream = {
      id: this.random.uuid() as TrajectoryId,
      regime,
      diagnosis,
      sessions: [],
      switches: [],
      histories: [],
      remaps: [],
      statements: [],
      absorbedInto: null,
    };
    this.streams.push(stream);
    return stream;
  }

  /** All streams that a line of this regime and code could stand in: one, or two that two writers began at once. */
  routes(regime: Regime, diagnosis: string): Stream[] {
    return this.streams.filter(
      (each) =>
        each.absorbedInto === null &&
        each.regime === regime &&
        (each.diagnosis === diagnosis || each.remaps.some((remap) => remap.from === diagnosis || remap.to === diagnosis)),
    );
  }
  route(regime: Regime, diagnosis: string): Stream {
    const routes = this.routes(regime, diagnosis);
    return routes.length === 0 ? this.start(regime, diagnosis) : this.random.pick(routes);
  }

  /** The label to which a line of the date would be sent: mostly the right one. */
  #addressee(date: string): string {
    const period = this.insurance.find((each) => each.from <= date && (each.through === null || date <= each.through));
    const right = period?.insurer ?? '3343';
    // drawn whatever the insurance, so that the lines of a person do not depend on it
    const [wrong, other] = [this.random.oneIn(40), this.random.oneIn(12)];
    const anyone = this.random.pick(['3343', '3365', '7095', '0101', '3311', '9664']);
    return wrong ? anyone : right === '3343' && other ? '3365' : right;
  }

  #amounts(quantity: number): Pick<SessionFact, 'tariffCents' | 'calculatedCents' | 'declaredCents'> {
    const { random } = this;
    const tariffCents = random.pick([4000, 4575, 5025, 3333, random.oneIn(6) ? 0 : 4100, 7]);
    const calculatedCents = tariffCents * quantity;
    if (!random.oneIn(60)) return { tariffCents, calculatedCents, declaredCents: calculatedCents };
    const wrong = random.pick([-1, 1, -calculatedCents * 2 - 100]);
    return random.oneIn(2)
      ? { tariffCents, calculatedCents, declaredCents: calculatedCents + wrong }
      : { tariffCents, calculatedCents: calculatedCents + wrong, declaredCents: calculatedCents + wrong };
  }

  declare(draft: Draft): SessionFact {
    const { random } = this;
    this.#lines += 1;
    const quantity = draft.quantity ?? (random.oneIn(14) ? random.pick([2, 2, 3, 4, 5, 0]) : 1);
    const practice = random.oneIn(4) ? random.pick(PRACTICES) : '04000001';
    const reference = `${random.pick(['R', 'a', 'Z', ''])}${random.between(1, 99)}-${this.#lines}`;
    const exercise = draft.performance !== undefined && draft.performance.startsWith('2');
    const list = draft.list ?? (draft.date < '2025-01-01' ? '012' : exercise ? '074' : '073');
    const session: SessionFact = {
      line: lineKey(practice, reference),
      practice,
      reference,
      date: draft.date,
      ...(random.oneIn(3) ? { startTime: random.pick(['08:00', '09:30', '17:15']) } : {}),
      list: random.oneIn(150) ? random.pick(['079', '075', '012']) : list,
      performance: random.oneIn(120) ? '4000' : (draft.performance ?? '1000'),
      quantity,
      diagnosis: draft.diagnosis,
      csi: draft.csi,
      ...this.#amounts(quantity),
      insurer: this.#addressee(draft.date),
      invoice: `F${draft.date.slice(0, 7)}`,
      ageYears: ageOn(this.birth, draft.date),
      deductibleAge: deductibleAgeOn(this.birth, draft.date),
      receivedOn: addDays(draft.date, random.oneIn(12) ? random.pick([364, 365, 366, 367, 400]) : random.between(1, 40)),
      source: { file: random.uuid() as ClaimFileId, record: this.#lines },
    };
    const stream = this.route(regimeOf(draft.csi), draft.diagnosis);
    stream.sessions.push(session);
    // two writers may also have stored one line twice
    const twin = this.routes(stream.regime, draft.diagnosis).find((each) => each !== stream);
    if (twin !== undefined && random.oneIn(8)) twin.sessions.push(session);
    return session;
  }

  evidence(): {
    statementId: StatementId;
    statedOn: string;
    source: string;
    statedBy: string;
    document: { reference: string };
  } {
    const statedOn = addDays('2025-06-01', this.random.between(0, 3));
    return {
      statementId: this.random.uuid() as StatementId,
      statedOn,
      source: 'letter',
      statedBy: 'practice',
      document: { reference: 'D' },
    };
  }

  history(history: Pick<HistoryFact, 'startedOn' | 'count' | 'throughDate' | 'scope' | 'perCalendarYear'>): HistoryFact {
    const importId = this.random.uuid() as HistoryImportId;
    // by the id, which is as random: drawn apart it would move all that follows
    const days = parseInt(importId.slice(-1), 16);
    return {
      importId,
      ...history,
      source: 'form',
      statedBy: 'practice',
      document: { reference: `H${this.random.between(1, 999)}`, digest: this.random.uuid() },
      ...(days < 8 ? { signedOn: addDays(history.throughDate, days) } : {}),
      status: this.random.pick(['asserted', 'verified']),
    };
  }

  facts(): PersonFacts {
    const trajectories = new Map<TrajectoryId, TrajectoryFacts>();
    for (const stream of this.random.shuffled(this.streams))
      trajectories.set(stream.id, {
        ...stream,
        sessions: new Map<LineKey, SessionFact>(this.random.shuffled(stream.sessions).map((session) => [session.line, session])),
        withdrawn: new Map(),
        departed: new Map(),
        overrides: new Map(),
      });
    return {
      personId: this.random.uuid() as PersonId,
      insurance: this.insurance,
      diedOn: this.diedOn,
      packages: this.packages,
      trajectories,
    };
  }
}
