import { pursesOf, type PackagePeriod } from '#libs/trajectory';
import type { LineMove, PackageUse } from './shape';

/** The packages whose use moves, by insurer, package and year. Both dates of a package's period are inclusive. */
export function packageUseMoved(
  packages: readonly PackagePeriod[],
  moves: readonly LineMove[],
  closedThrough: number,
): PackageUse[] {
  const uses = new Map<string, PackageUse>();
  for (const { date, before, after } of moves) {
    const [had, has] = [borneOf(before), borneOf(after)];
    if (had.sessions === 0 && has.sessions === 0) continue;
    const held = packages.find((each) => each.from <= date && (each.through === null || date <= each.through));
    const [insurer, name, year] = [held?.insurer ?? '', held?.package ?? '', date.slice(0, 4)];
    const key = JSON.stringify([insurer, name, year]);
    const use = uses.get(key) ?? { insurer, package: name, year, sessions: 0, cents: 0, closed: Number(year) <= closedThrough };
    uses.set(key, {
      ...use,
      sessions: use.sessions + has.sessions - had.sessions,
      cents: use.cents + has.cents - had.cents,
    });
  }
  return [...uses].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, use]) => use);
}

function borneOf(outcome: LineMove['before']): { readonly sessions: number; readonly cents: number } {
  if (outcome === null) return { sessions: 0, cents: 0 };
  const borne = pursesOf(outcome.sessions, outcome, outcome.rule).filter(({ supplementary }) => supplementary > 0);
  return { sessions: borne.length, cents: borne.reduce((sum, { supplementary }) => sum + supplementary, 0) };
}
