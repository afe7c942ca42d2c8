/** The preview of a campaign over all candidates, group by group, until it ends or somebody says otherwise. */
import type { PersonId } from '#libs/trajectory';
import { recordGroup } from './accesses';
import type { CampaignBook } from './campaign-book';
import type { CampaignContext, Watch } from './campaign-context';
import { GROUP, inGroups } from './groups';
import { previewOfGroups, type Candidate } from './preview';
import type { Campaign } from './shape';
import { campaignDigest } from './totals';

/** `decided`: it is no draft, or no more. `interrupted`: by the signal; it goes on where it was. */
export type LookEnd = 'previewed' | 'decided' | 'interrupted';

/** Lets a preview begin anew, by the policy in effect. Answers whether it may. */
export async function beginAnew({ policies }: CampaignContext, book: CampaignBook, campaignId: string): Promise<boolean> {
  const { book: policyBook } = await policies.inEffect();
  const policy = { digest: policyBook.digest, version: policyBook.version };
  return book.beginAnew(campaignId, policy);
}

/** @param candidatesOf whom a campaign may be about; asked again when another policy version takes effect meanwhile */
export async function lookAtAll(
  context: CampaignContext,
  book: CampaignBook,
  campaignId: string,
  candidatesOf: (campaign: Campaign) => AsyncIterable<Candidate>,
  watch: Watch<number>,
): Promise<LookEnd> {
  for (;;) {
    const campaign = await book.read(campaignId);
    if (campaign?.status !== 'draft') return 'decided';
    // What was looked at by two versions adds up to nothing that anybody could approve.
    const isOfAnother = async (): Promise<boolean> => (await context.policies.inEffect()).book.digest !== campaign.policy.digest;
    if (!(await isOfAnother())) {
      const end = await lookAt(context, book, campaign, candidatesOf(campaign), watch);
      if (end !== 'previewed') return end;
      const totals = await book.totals(campaignId);
      if (!(await isOfAnother()))
        return (await book.move(campaignId, ['draft'], 'previewed', {
          ...{ totals, digest: campaignDigest(campaign, totals), round: campaign.previewRound },
        }))
          ? 'previewed'
          : 'decided';
    }
    if (!(await beginAnew(context, book, campaignId))) return 'decided';
  }
}

async function lookAt(
  context: CampaignContext,
  book: CampaignBook,
  campaign: Campaign,
  candidates: AsyncIterable<Candidate>,
  { onProgress, signal }: Watch<number>,
): Promise<LookEnd> {
  const { campaignId } = campaign;
  const previewGroup = previewOfGroups(context, campaign);
  let looked = 0;
  for await (const group of inGroups(candidates, GROUP)) {
    if (signal?.aborted === true) return 'interrupted';
    if ((await book.read(campaignId))?.status !== 'draft') return 'decided';
    const persons = group.map(({ personId }) => personId);
    const kept = await book.kept(campaignId, persons);
    const open = new Map<PersonId, Candidate>(
      group.filter(({ personId }) => !kept.has(personId)).map((each) => [each.personId, each]),
    );
    if (open.size > 0) {
      await recordGroup(context.access, campaign, 'preview', [...open.keys()]);
      await book.keepPersons(campaignId, await previewGroup([...open.values()], context.today()), campaign.previewRound);
    }
    looked += group.length;
    onProgress?.(looked);
  }
  return 'previewed';
}
