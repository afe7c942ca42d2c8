/** Campaigns as callers are told them, and why something cannot be done to one. */
import type { Campaign, CampaignPerson, CampaignProgress, CampaignWork, ListedCampaign, MappingProblem } from '#libs/dossiers';
import { ProblemError } from '../http/problem';
import type { CampaignAnswer, CampaignPersonAnswer, CampaignShown } from './schema';

type Totals = NonNullable<CampaignAnswer['totals']>;

const totalsOf = (totals: CampaignProgress['bookedTotals']): Totals => ({
  ...totals,
  cents: { ...totals.cents },
  leftAlone: { ...totals.leftAlone },
});

export const campaignOf = ({
  source,
  content: _,
  previewRound: __,
  totals,
  policy,
  ...campaign
}: ListedCampaign): CampaignAnswer => ({
  ...campaign,
  policy: { ...policy },
  kind: source.kind,
  undoes: source.kind === 'undo' ? source.campaign : null,
  totals: totals === null ? null : totalsOf(totals),
});

export const shownOf = (campaign: Campaign, progress: CampaignProgress, work: CampaignWork | null): CampaignShown => ({
  campaign: campaignOf(campaign),
  mapping: campaign.source.kind === 'mapping' ? campaign.source.rows.map((row) => ({ ...row })) : null,
  progress: {
    ...progress,
    bookedTotals: totalsOf(progress.bookedTotals),
    expectedTotals: totalsOf(progress.expectedTotals),
  },
  work:
    work === null
      ? null
      : {
          ...{ kind: work.kind, askedBy: work.askedBy.user, askedAt: work.askedAt, looked: work.looked },
          ...{ attempts: work.attempts, fault: work.fault, endedAt: work.endedAt, outcome: work.outcome },
        },
});

export const personOf = ({ effects: _, remaps: __, cents, ...person }: CampaignPerson): CampaignPersonAnswer => ({
  ...person,
  cents: { ...cents },
});

/** Every fault of a mapping, with its line. */
export const mappingRefused = (problems: readonly MappingProblem[]): ProblemError =>
  new ProblemError(422, 'mapping-refused', 'The mapping was refused and nothing was kept; every fault is listed.', {
    errors: problems.map(({ line, column, problem }) => ({
      ...{ code: 'mapping-refused', in: 'body', pointer: '/mapping', line },
      problem: column === null ? problem : `${column}: ${problem}`,
    })),
  });

/** @param what is not possible, and when it is */
export const notNow = ({ status }: Campaign, what: string): ProblemError =>
  new ProblemError(409, 'campaign-status', `The campaign is ${status}: ${what}. Nothing was changed.`);
