/** What a clerk could know of a person, to draw corrections from that mostly make sense. */
import { lineageCodes, type PersonFacts, type Regime, type SessionFact, type TrajectoryFacts } from '#libs/trajectory';
import { addDays } from '../../oracle/rules/calendar';
import { Random } from '../../oracle/persons/random';
import { ANNEX_CODES } from '../../oracle/persons/annex';

const UNKNOWN_CODES = ['9999', '1199', '937', '', '2554', '6223'];
/** Days that do not exist, lie ahead, or lie before anybody could write them. */
const ODD_DAYS = ['2024-02-30', '2031-05-01', '2026-12-24', '1899-12-31', 'yesterday'];
/** Days on which a rule turns. */
const TURNING_DAYS = ['2019-01-01', '2024-07-01', '2025-01-01', '2020-01-01', '2024-06-30'];

export class Known {
  readonly streams: readonly TrajectoryFacts[];
  readonly sessions: readonly SessionFact[];

  constructor(
    readonly random: Random,
    readonly facts: PersonFacts,
  ) {
    this.streams = [...facts.trajectories.values()];
    this.sessions = this.streams.flatMap((stream) => [...stream.sessions.values()]);
  }

  /** One of the streams, mostly of the regime that corrections are about; undefined = the person has none. */
  stream(): TrajectoryFacts | undefined {
    const annex = this.streams.filter(({ regime }) => regime === 'annex');
    const among = annex.length > 0 && !this.random.oneIn(4) ? annex : this.streams;
    return among.length === 0 ? undefined : this.random.pick(among);
  }

  /** A code of the person's, sometimes one that they have no trajectory under. */
  code(): string {
    const stream = this.stream();
    if (stream === undefined || this.random.oneIn(12)) return this.otherCode();
    return this.random.pick(lineageCodes(stream));
  }
  otherCode(): string {
    return this.random.oneIn(5) ? this.random.pick(UNKNOWN_CODES) : this.random.pick(ANNEX_CODES);
  }

  /** A code of the person's with its regime, which a statement needs where a code has several. */
  trajectory(): { readonly diagnosis: string; readonly regime?: Regime } {
    const stream = this.stream();
    if (stream === undefined || this.random.oneIn(12)) return { diagnosis: this.otherCode() };
    const diagnosis = this.random.pick(lineageCodes(stream));
    return this.random.oneIn(3) ? { diagnosis } : { diagnosis, regime: stream.regime };
  }

  /** A day near one of the sessions, seldom one that is refused. */
  day(): string {
    const { random, sessions } = this;
    if (random.oneIn(30)) return random.pick(ODD_DAYS);
    if (sessions.length === 0 || random.oneIn(10)) return random.pick(TURNING_DAYS);
    return random.near(random.pick(sessions).date);
  }
  /** The day of the first session, or one near it. */
  firstDay(): string {
    const [first] = this.sessions.map(({ date }) => date).sort();
    return first === undefined || this.random.oneIn(3) ? this.day() : this.random.near(first);
  }
  /** So many days later; what is no day stays. */
  later(day: string, days: number): string {
    return Number.isNaN(Date.parse(day)) ? day : addDays(day, days);
  }

  digest(): string {
    return Array.from({ length: 8 }, () =>
      Math.floor(this.random.fraction() * 2 ** 32)
        .toString(16)
        .padStart(8, '0'),
    ).join('');
  }
  /** Who states it, on what: two in ten on a document of which there may be another. */
  evidence(): { source: string; statedBy: string; document: { reference: string; digest?: string } } {
    const { random } = this;
    return {
      source: random.oneIn(60) ? ' ' : 'letter',
      statedBy: 'practice',
      document: {
        reference: random.oneIn(60) ? '' : `D${random.between(1, random.oneIn(5) ? 2 : 999)}`,
        ...(random.oneIn(2) ? { digest: random.oneIn(40) ? 'scan' : this.digest() } : {}),
      },
    };
  }
  statedOn(): string {
    return this.random.oneIn(3) ? this.day() : addDays('2025-06-01', this.random.between(0, 3));
  }
}
