/** One stage of a campaign, group by group, until it ends or somebody says otherwise. */
import type { PersonId } from '#libs/trajectory';
import { recordGroup } from './accesses';
import type { CampaignBook } from './campaign-book';
import type { CampaignContext, Watch } from './campaign-context';
import { GROUP } from './groups';
import { runGroup } from './run';
import type { Campaign, CampaignPerson, CampaignProgress } from './shape';
import { beyondTolerance, withPerson } from './totals';

/** `interrupted`: by the signal; it is still running for whoever goes on with it. */
export type StageEnd = 'done' | 'waiting' | 'paused' | 'stopped' | 'interrupted';

export async function runStage(
  context: CampaignContext,
  book: CampaignBook,
  campaignId: string,
  { onProgress, signal, mayGoOn }: Watch<CampaignProgress>,
): Promise<StageEnd> {
  let progress = await book.progress(campaignId);
  for (;;) {
    const campaign = (await book.read(campaignId)) as Campaign;
    if (campaign.status !== 'running') return endOf(campaign.status);
    if (signal?.aborted === true) return 'interrupted';
    // another one may have let it go on since: it is then taken up in that one's name
    if ((await mayGoOn?.()) === false) return 'interrupted';
    const reason = await reasonToStop(context, campaign, progress);
    if (reason !== null) {
      await book.move(campaignId, ['running'], 'stopped', { remark: reason });
      return 'stopped';
    }
    const canaryLeft = campaign.stage === 'canary' ? campaign.canary - progress.booked - progress.exceptions : GROUP;
    if (progress.toDo > 0 && canaryLeft <= 0) {
      await book.move(campaignId, ['running'], 'waiting');
      continue;
    }
    const group = await book.next(campaignId, Math.min(GROUP, Math.max(canaryLeft, 1)));
    if (group.length === 0) {
      await book.move(campaignId, ['running'], 'done');
      continue;
    }
    await recordGroup(
      context.access,
      campaign,
      'change',
      group.map(({ personId }) => personId),
    );
    const outcomes = await runGroup(context, book, campaign, group, context.today());
    await book.record(campaignId, outcomes);
    const exceptions = outcomes.filter(({ status }) => status === 'exception').map(({ personId }) => personId);
    progress = after(progress, group, new Set(exceptions));
    onProgress?.(progress);
  }
}

/** Whoever paused or stopped it in the meantime has the last word, so the end is always read back. */
const endOf = (status: Campaign['status']): StageEnd =>
  status === 'done' || status === 'waiting' || status === 'paused' ? status : 'stopped';

async function reasonToStop(
  { policies }: CampaignContext,
  { policy, totals, tolerancePercent }: Campaign,
  { expectedTotals }: CampaignProgress,
): Promise<string | null> {
  if ((await policies.inEffect()).book.digest !== policy.digest)
    return 'another policy version has taken effect since the approval; preview a new campaign by it';
  return totals === null ? null : beyondTolerance(totals, expectedTotals, tolerancePercent);
}

/** Counted on from what was read at the start: a sum over all persons after every group would cost more than the group. */
function after(
  progress: CampaignProgress,
  group: readonly CampaignPerson[],
  exceptions: ReadonlySet<PersonId>,
): CampaignProgress {
  const booked = group.filter(({ personId }) => !exceptions.has(personId));
  const left = group.filter(({ personId }) => exceptions.has(personId));
  return {
    booked: progress.booked + booked.length,
    exceptions: progress.exceptions + left.length,
    toDo: progress.toDo - group.length,
    bookedTotals: booked.reduce((sum, each) => withPerson(sum, each), progress.bookedTotals),
    expectedTotals: left.reduce((sum, each) => withPerson(sum, each, -1), progress.expectedTotals),
  };
}
