/** What a campaign comes to, and whether it still is what was approved. */
import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import {
  CAMPAIGN_CENTS,
  type Campaign,
  type CampaignCents,
  type CampaignPerson,
  type CampaignSource,
  type CampaignTotals,
} from './shape';

export const NO_CENTS: CampaignCents = {
  basic: 0,
  supplementary: 0,
  insured: 0,
  refused: 0,
  undecided: 0,
  paidToProvider: 0,
  claimFromInsured: 0,
};

export const NO_TOTALS: CampaignTotals = {
  persons: 0,
  trajectories: 0,
  lines: 0,
  released: 0,
  centsMoved: 0,
  cents: NO_CENTS,
  leftAlone: {},
};

/** The totals with one person more, or one less. */
export function withPerson(totals: CampaignTotals, person: CampaignPerson, sign: 1 | -1 = 1): CampaignTotals {
  const cents = CAMPAIGN_CENTS.map((field) => [field, totals.cents[field] + sign * person.cents[field]]);
  return {
    persons: totals.persons + sign,
    trajectories: totals.trajectories + sign * person.trajectories,
    lines: totals.lines + sign * person.lines,
    released: totals.released + sign * person.released,
    centsMoved: totals.centsMoved + sign * person.centsMoved,
    cents: Object.fromEntries(cents) as CampaignCents,
    leftAlone: totals.leftAlone,
  };
}

const sha256 = (content: unknown): string =>
  createHash('sha256')
    .update(canonicalize(content) ?? '')
    .digest('hex');

/** SHA-256, hex, of what a campaign is about. */
export const contentDigest = (source: CampaignSource): string => sha256(source);

/** SHA-256, hex, of what a second person approves. */
export const campaignDigest = (
  { content, policy, tolerancePercent, canary }: Pick<Campaign, 'content' | 'policy' | 'tolerancePercent' | 'canary'>,
  totals: CampaignTotals,
): string => sha256({ content, policy: policy.digest, totals, tolerancePercent, canary });

/**
 * The first figure that stays further away from the approved one than the tolerance, in words; null = none. Persons and lines are measured by
 * themselves, cents by all that move: a purse that hardly moves on balance would leave any tolerance at once.
 */
export function beyondTolerance(approved: CampaignTotals, expected: CampaignTotals, tolerancePercent: number): string | null {
  const figures: readonly (readonly [string, number, number, number])[] = [
    ['persons', approved.persons, expected.persons, approved.persons],
    ['lines', approved.lines, expected.lines, approved.lines],
    ['cents moved', approved.centsMoved, expected.centsMoved, approved.centsMoved],
    ...CAMPAIGN_CENTS.map(
      (field) => [`cents of ${field}`, approved.cents[field], expected.cents[field], approved.centsMoved] as const,
    ),
  ];
  for (const [name, wanted, found, measure] of figures)
    if (Math.abs(found - wanted) * 100 > tolerancePercent * measure)
      return `${name}: ${found} can be reached, ${wanted} were approved, with a tolerance of ${tolerancePercent} per cent`;
  return null;
}
