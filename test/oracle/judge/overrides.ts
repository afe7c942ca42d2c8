/** What was set by hand: the money of one line, cent by cent. */
import type { OverrideFact, Purse } from '#libs/trajectory';
import type { Line } from './history';

/** The override in effect on the line, in the stream in which the line is read. */
export const overrideOf = ({ key, stream }: Line): OverrideFact | undefined =>
  [...stream.overrides].find(([line]) => line === key)?.[1];

/** For each session the purse of each of its cents: first those of the basic insurance, then of the package, then of the insured. */
export function centsByHand({ split }: OverrideFact, sessions: readonly { readonly cents: number }[]): Purse[][] {
  const all: Purse[] = [
    ...Array.from({ length: split.basic }, (): Purse => 'basic'),
    ...Array.from({ length: split.supplementary }, (): Purse => 'supplementary'),
    ...Array.from({ length: split.insured }, (): Purse => 'insured'),
  ];
  return sessions.map(({ cents }) => all.splice(0, cents));
}

/** A session names a purse where that one bears all of it. */
export function onlyPurseOf(cents: readonly Purse[]): Purse | null {
  const [first] = cents;
  return first !== undefined && cents.every((each) => each === first) ? first : null;
}
