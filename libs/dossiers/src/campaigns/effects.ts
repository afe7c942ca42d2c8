/** What a campaign does to one person, and why it would leave that person alone. */
import type { PlannedEffects, Review } from '../person/command';
import { previewOf } from '../preview/preview';
import type { Outcome, Preview } from '../preview/shape';
import { verifiedFalls } from '../preview/verified-count';
import type { Refusal } from '../refusal';
import { CAMPAIGN_CENTS, type CampaignCents, type CampaignPerson } from './shape';

export const MOVED: readonly Refusal[] = [
  {
    code: 'effects-moved',
    field: '',
    problem: 'it would do something else than was previewed; look at this person again in another campaign, or by hand',
  },
];
export const COUNT_FALLS: readonly Refusal[] = [
  {
    code: 'verified-count-falls',
    field: '',
    problem:
      'sessions would go back behind a history that was verified; make this correction by hand, where a second person sees it',
  },
];

/** Refuses what is not what was previewed. */
export const reviewAgainst =
  (effects: string, today: string): Review =>
  (planned) => {
    const preview = previewOf(planned, today);
    if (preview.digest !== effects) return MOVED;
    return verifiedFalls(planned, preview.lines).length > 0 ? COUNT_FALLS : [];
  };

export type PersonFigures = Pick<CampaignPerson, 'effects' | 'trajectories' | 'lines' | 'released' | 'centsMoved' | 'cents'>;

/** What of a preview is kept of a person: figures alone. */
export function figuresOf({ facts }: PlannedEffects, { digest, lines, released, totals }: Preview): PersonFigures {
  return {
    effects: digest,
    trajectories: new Set([...facts.trajectories.keys(), ...lines.map(({ trajectory }) => trajectory)]).size,
    lines: lines.length,
    released: released.length,
    centsMoved: lines.reduce((sum, { before, after }) => sum + centsToOtherPurses(before, after), 0),
    cents: Object.fromEntries(CAMPAIGN_CENTS.map((field) => [field, totals[field]])) as CampaignCents,
  };
}

/** Cents of a line that stand on another purse than before, refused and undecided ones among them. */
function centsToOtherPurses(before: Outcome | null, after: Outcome | null): number {
  const purses = ['basic', 'supplementary', 'insured', 'refused', 'undecided'] as const;
  const gained = purses.map((purse) => (after?.[purse] ?? 0) - (before?.[purse] ?? 0));
  const sumOf = (sign: 1 | -1): number => gained.reduce((sum, cents) => sum + Math.max(0, sign * cents), 0);
  return Math.max(sumOf(1), sumOf(-1));
}
