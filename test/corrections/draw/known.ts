/** What a clerk could know of a person, to draw corrections from that mostly make sense. */
import { lineageCodes, type PersonFacts, type Regime, type SessionFact, type TrajectoryFacts } from '#libs/trajectory';
import { addDays } from '../../oracle/rules/calendar';
import type { Random } from '../../oracle/persons/random';
import { ANNEX_CODES } from '../../oracle/persons/annex';
import type { Fits } from './fits';

const UNKNOWN_CODES = ['9999', '1199', '937', '', '2554', '6223'];
/** Days that do not exist, lie ahead, or lie before anybody could write them. */
const ODD_DAYS = ['2024-02-30', '2031-05-01', '2026-12-24', '1899-12-31', 'yesterday'];
/** Days on which a rule turns. */
const TURNING_DAYS = ['2019-01-01', '2024-07-01', '2025-01-01', '2020-01-01', '2024-06-30'];

export class Known {
  readonly streams: readonly TrajectoryFacts[];
  /** Lines of the stream that is spoken of; where none is, or it has none, of all. */
  readonly sessions: readonly SessionFact[];

  constructor(
    readonly random: Random,
    readonly facts: PersonFacts,
    readonly stream: TrajectoryFacts | null = null,
  ) {
    this.streams = [...facts.trajectories.values()];
    const own = stream === null ? [] : [...stream.sessions.values()];
    this.sessions = own.length > 0 ? own : this.streams.flatMap((each) => [...each.sessions.values()]);
  }

  /** Speaks of one stream of the person: mostly one that fits, sometimes any, sometimes none. */
  about(fits: Fits = () => true): Known {
    const fitting = this.streams.filter(fits);
    const among = fitting.length > 0 && !this.random.oneIn(12) ? fitting : this.streams;
    const chosen = among.length === 0 || this.random.oneIn(20) ? null : this.random.pick(among);
    return new Known(this.random, this.facts, chosen);
  }

  /** A code of the stream. */
  code(): string {
    return this.stream === null ? this.otherCode() : this.random.pick(lineageCodes(this.stream));
  }
  otherCode(): string {
    return this.random.oneIn(5) ? this.random.pick(UNKNOWN_CODES) : this.random.pick(ANNEX_CODES);
  }

  /** A code of the stream with its regime, which a statement needs where a code has several. */
  trajectory(): { readonly diagnosis: string; readonly regime?: Regime } {
    const diagnosis = this.code();
    return this.stream === null || this.random.oneIn(6) ? { diagnosis } : { diagnosis, regime: this.stream.regime };
  }

  /** A day near one of the sessions, seldom one that is refused. */
  day(): string {
    const { random, sessions } = this;
    if (random.oneIn(40)) return random.pick(ODD_DAYS);
    if (sessions.length === 0 || random.oneIn(10)) return random.pick(TURNING_DAYS);
    return random.near(random.pick(sessions).date);
  }
  /** The day of the first session, or one near it. */
  firstDay(): string {
    const [first] = this.sessions.map(({ date }) => date).sort();
    return first === undefined || this.random.oneIn(8) ? this.day() : this.random.near(first);
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
  /** Mostly later than what stands: of two statements on one thing the later one holds. */
  statedOn(): string {
    return this.random.oneIn(5) ? this.day() : addDays('2025-06-01', this.random.between(0, 90));
  }
}
