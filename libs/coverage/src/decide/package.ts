/** Step 11: the supplementary package, by calendar year of the session and in session order over all of the person's trajectories. */
import type { PackagePeriod, PersonFacts } from '#libs/trajectory';
import type { Condition, InsurerTerms, PackageTerms, PolicyBook } from '../policy/book';
import { compare } from './compare';
import type { ValidWork } from './work';

export type PackageAnswer = 'paid' | 'none' | 'exhausted' | 'manual-exhausted' | 'elsewhere' | 'unknown';

/** Items that do not count use no package; over cap or term only where the insurer lets them fall through. */
export function reachesPackage(
  rule: string,
  counts: boolean,
  condition: Condition | null,
  date: string,
  terms: InsurerTerms | null,
): boolean {
  if (!counts) return false;
  if (condition !== null && !condition.terms.at(date).reachesPackage) return false;
  const beyond = rule === 'past-cap' || rule === 'past-term' || rule === 'term-not-opened';
  if (!beyond || condition === null || terms === null) return true;
  return terms.overCapUsesSupplementary !== terms.overCapExcept.has(condition.id);
}

const NO_PACKAGE: PackageTerms = { name: '', limit: 0, manualLimit: 0 };

interface Use {
  sessions: number;
  manual: number;
}

/** Counts the units that one person's packages have used. Kept per concern and year: at another insurer counters start at 0. */
export class PackageUse {
  private readonly uses = new Map<string, Use>();
  /** Of the last answer: the package, its limit and the unit's ordinal in the year, or the insurer that holds it. */
  limits: PackageTerms = NO_PACKAGE;
  packageName = '';
  holder = '';
  ordinal = 0;
  /** Of the year's units those of manual therapy, the last one included. */
  manualOrdinal = 0;

  constructor(
    private readonly facts: PersonFacts,
    private readonly book: PolicyBook,
  ) {}

  /** Asks the package in force on the session's date for one session; a session without cents uses no unit. */
  take(work: ValidWork, cents: number): PackageAnswer {
    const { insurer, terms } = work;
    const held = this.inForce(work.session.date, insurer.concern);
    if (held === null) return 'none';
    this.packageName = held.package;
    this.holder = held.insurer;
    if (this.book.insurers.get(held.insurer)?.concern !== insurer.concern) return 'elsewhere';
    const limits = terms.packages.get(held.package);
    if (limits === undefined) return 'unknown';
    this.limits = limits;
    const use = this.useOf(insurer.concern, work.session.date.slice(0, 4));
    const manual = work.performance.kind === 'manual';
    if (use.sessions >= limits.limit) return 'exhausted';
    if (manual && use.manual >= limits.manualLimit) return 'manual-exhausted';
    if (cents > 0) {
      use.sessions++;
      if (manual) use.manual++;
    }
    this.ordinal = use.sessions;
    this.manualOrdinal = use.manual;
    return 'paid';
  }

  /**
   * Lets a line be judged as if nothing had been set by hand, and then uses what it does use.
   * @param judge may take units of the package; they are given back
   * @param used units that the line uses in the end
   */
  instead<R>(work: ValidWork, judge: () => R, used: (judged: R) => number): R {
    const use = this.useOf(work.insurer.concern, work.session.date.slice(0, 4));
    const { sessions, manual } = use;
    const judged = judge();
    const units = used(judged);
    use.sessions = sessions + units;
    use.manual = manual + (work.performance.kind === 'manual' ? units : 0);
    return judged;
  }

  /** One package counts on a date: an own one before one held elsewhere, then the latest begun, then by name. */
  private inForce(date: string, concern: string): PackagePeriod | null {
    const elsewhere = ({ insurer }: PackagePeriod): number => (this.book.insurers.get(insurer)?.concern === concern ? 0 : 1);
    const [best = null] = this.facts.packages
      .filter((held) => held.from <= date && date <= (held.through ?? date))
      .sort(
        (a, b) =>
          elsewhere(a) - elsewhere(b) ||
          compare(b.from, a.from) ||
          compare(a.package, b.package) ||
          compare(a.insurer, b.insurer),
      );
    return best;
  }

  private useOf(concern: string, year: string): Use {
    const key = `${concern}/${year}`;
    let use = this.uses.get(key);
    if (use === undefined) {
      use = { sessions: 0, manual: 0 };
      this.uses.set(key, use);
    }
    return use;
  }
}
