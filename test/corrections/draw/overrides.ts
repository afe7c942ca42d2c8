/** The money of one line set by hand, and its end. */
import { splitByHand } from '../../oracle/persons/overrides';
import type { Known } from './known';

/** A line of the stream, seldom one that nobody has. */
const line = ({ random, sessions }: Known): { readonly practice: string; readonly reference: string } => {
  if (sessions.length === 0 || random.oneIn(20)) return { practice: '04012345', reference: 'of nobody' };
  const { practice, reference } = random.pick(sessions);
  return { practice, reference };
};

export function override(known: Known): unknown {
  const { random, sessions } = known;
  const named = line(known);
  const declared = sessions.find((each) => each.practice === named.practice && each.reference === named.reference);
  const split = splitByHand(random, Math.max(0, declared?.declaredCents ?? 4000));
  return {
    ...named,
    split: random.oneIn(15) ? { ...split, insured: split.insured + random.pick([-1, 1]) } : split,
    ...(random.oneIn(3) ? { code: random.pick(['0584', '0613', random.oneIn(10) ? '0320' : '0613']) } : {}),
    endsOn: random.oneIn(12) ? known.day() : random.pick(['2026-11-22', '2026-12-31', '2027-06-30', '2027-11-22']),
  };
}

/** Mostly of a line that is set by hand. */
export function overrideEnd(known: Known): unknown {
  const { random, streams } = known;
  const overrides = streams.flatMap((each) => [...each.overrides.values()]);
  if (overrides.length === 0 || random.oneIn(10)) return line(known);
  const { practice, reference } = random.pick(overrides);
  return { practice, reference };
}
