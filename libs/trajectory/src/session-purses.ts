/** Who bears how much of each session of a line, also where its split was set by hand. */
import type { LineDecision, Purse, Split, UnitDecision } from './decision';

/** Rule of a decision that was set by hand, and of each of its sessions. */
export const OVERRIDDEN = 'overridden';

export type PurseCents = Readonly<Pick<Split, Purse>>;

/** The order in which purses fill the sessions of a line. */
export const PURSES = ['basic', 'supplementary', 'insured'] as const satisfies readonly Purse[];

/** Divides a split over sessions of these cents: in their order, each purse until it is empty. Both add up to the same. */
export function divided(split: PurseCents, sessions: readonly number[]): PurseCents[] {
  const left: Record<Purse, number> = { basic: split.basic, supplementary: split.supplementary, insured: split.insured };
  return sessions.map((cents) => {
    const borne: Record<Purse, number> = { basic: 0, supplementary: 0, insured: 0 };
    let open = cents;
    for (const purse of PURSES) {
      borne[purse] = Math.min(open, left[purse]);
      left[purse] -= borne[purse];
      open -= borne[purse];
    }
    return borne;
  });
}

type Borne = Pick<UnitDecision, 'purse' | 'cents'>;

/** Cents of each purse in each session of a decided line; none where the session is refused or undecided. */
export function pursesOf(sessions: readonly Borne[], split: PurseCents, rule: LineDecision['reason']['rule']): PurseCents[] {
  if (rule === OVERRIDDEN)
    return divided(
      split,
      sessions.map(({ cents }) => cents),
    );
  return sessions.map(({ purse, cents }) => ({
    basic: purse === 'basic' ? cents : 0,
    supplementary: purse === 'supplementary' ? cents : 0,
    insured: purse === 'insured' ? cents : 0,
  }));
}

/** The purse that bears most of a session, of equals the first; null when none bears any. */
export function mainPurse(borne: PurseCents): Purse | null {
  let main: Purse | null = null;
  for (const purse of PURSES) if (borne[purse] > (main === null ? 0 : borne[main])) main = purse;
  return main;
}
