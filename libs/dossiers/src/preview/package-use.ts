import { pursesOf, type IsoDate, type PackagePeriod } from '#libs/trajectory';
import { overlap } from '../calendar';
import type { LineMove, PackageUse } from './shape';

/** The packages whose use moves, by insurer, package and year: what a line no longer takes is given back to the package that bore it. */
export function packageUseMoved(
  packagesBefore: readonly PackagePeriod[],
  packagesAfter: readonly PackagePeriod[],
  moves: readonly LineMove[],
  closedThrough: number,
): PackageUse[] {
  const uses = new Map<string, PackageUse>();
  const add = (packages: readonly PackagePeriod[], date: IsoDate, outcome: LineMove['before'], sign: 1 | -1): void => {
    const { sessions, cents } = borneOf(outcome);
    if (sessions === 0) return;
    const held = packages.find((each) => isWithin(each, date));
    const [insurer, name, year] = [held?.insurer ?? '', held?.package ?? '', date.slice(0, 4)];
    const key = JSON.stringify([insurer, name, year]);
    const use = uses.get(key) ?? { insurer, package: name, year, sessions: 0, cents: 0, closed: Number(year) <= closedThrough };
    uses.set(key, { ...use, sessions: use.sessions + sign * sessions, cents: use.cents + sign * cents });
  };
  for (const { date, before, after } of moves) {
    add(packagesBefore, date, before, -1);
    add(packagesAfter, date, after, 1);
  }
  return [...uses].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, use]) => use);
}

/** Both dates of a package's period are inclusive. */
const isWithin = (period: PackagePeriod, date: IsoDate): boolean => overlap(period, { from: date, through: date });

function borneOf(outcome: LineMove['before']): { readonly sessions: number; readonly cents: number } {
  if (outcome === null) return { sessions: 0, cents: 0 };
  const borne = pursesOf(outcome.sessions, outcome, outcome.rule).filter(({ supplementary }) => supplementary > 0);
  return { sessions: borne.length, cents: borne.reduce((sum, { supplementary }) => sum + supplementary, 0) };
}
