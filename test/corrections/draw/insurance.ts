/** Insurance periods, death and packages, stated anew with something else in them. */
import type { InsurancePeriod, PackagePeriod } from '#libs/trajectory';
import type { PackageLimits } from '../../oracle/oracle';
import { INSURERS } from '../../oracle/persons';
import type { Known } from './known';

/** The list with one thing done to it: left out, changed, or something put at its end. */
function withOneChange<T>(known: Known, values: readonly T[], change: (value: T) => T, more: () => T): T[] {
  const { random } = known;
  if (values.length === 0 || random.oneIn(4)) return [...values, more()];
  const at = random.between(0, values.length - 1);
  return random.oneIn(5) ? values.filter((_, i) => i !== at) : values.map((each, i) => (i === at ? change(each) : each));
}

export function insuranceStatement(known: Known): unknown {
  const { random, facts } = known;
  const other = (): string => (random.oneIn(30) ? '33' : random.pick(INSURERS));
  const periods = withOneChange<InsurancePeriod>(
    known,
    facts.insurance,
    (period) =>
      random.pick([
        { ...period, insurer: other() },
        { ...period, insurer: other() },
        { ...period, from: known.later(period.from, random.pick([-30, 1, 30, 200])) },
        { ...period, through: random.oneIn(3) ? null : known.day() },
      ]),
    () => ({ insurer: other(), from: known.day(), through: random.oneIn(2) ? null : known.day() }),
  );
  const died = random.oneIn(6) ? known.day() : facts.diedOn !== null && random.oneIn(3) ? null : facts.diedOn;
  return { periods: random.oneIn(8) ? facts.insurance : periods, ...(died === null ? {} : { diedOn: died }) };
}

export const packageStatement =
  (packages: readonly PackageLimits[]) =>
  (known: Known): unknown => {
    const { random, facts } = known;
    /** One that exists on a day of treatment, mostly at the insurer of that day. */
    const one = (): PackageLimits => {
      const day = known.day();
      const holds = ({ from, through }: { from: string; through: string | null }): boolean =>
        from <= day && (through === null || day <= through);
      const existing = packages.filter(holds);
      const insurers = facts.insurance.filter(holds).map(({ insurer }) => insurer);
      const own = existing.filter(({ insurer }) => insurers.includes(insurer));
      const among = random.oneIn(5) ? [] : own.length > 0 ? own : existing;
      return random.pick(among.length > 0 ? among : packages);
    };
    return {
      packages: withOneChange<PackagePeriod>(
        known,
        facts.packages,
        (period) =>
          random.pick([
            { ...period, package: random.oneIn(10) ? 'Unheard of' : one().name },
            { ...period, from: known.day() },
            { ...period, through: random.oneIn(2) ? null : known.day() },
          ]),
        () => {
          const { insurer, name } = one();
          return { insurer, package: name, from: known.firstDay(), through: random.oneIn(3) ? known.day() : null };
        },
      ),
    };
  };
