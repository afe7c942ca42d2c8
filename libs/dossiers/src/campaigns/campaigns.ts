/** Campaigns from the file to the last person: checked, previewed, approved by a second person, and carried out in stages. */
import { v4 as randomUuid } from 'uuid';
import type { CausedPaymentChanges, PersonId } from '#libs/trajectory';
import type { DossierContext } from '../context';
import type { CampaignBook } from './campaign-book';
import { GROUP, inGroups } from './groups';
import { checkMapping } from './mapping-check';
import { readMapping, type MappingProblem } from './mapping-file';
import { paymentsOfGroup } from './payments';
import { previewGroup, type Candidate } from './preview';
import { runStage, type StageEnd } from './stages';
import type { Campaign, CampaignPerson, CampaignProgress, CampaignSource, CampaignTotals } from './shape';
import { campaignDigest, contentDigest } from './totals';

/** How many of those of whom most cents move are shown. */
export const OUTLIERS = 20;

export interface CampaignOrder {
  readonly reason: string;
  readonly canary: number;
  readonly tolerancePercent: number;
  readonly proposedBy: string;
}

export type Proposed =
  | { readonly outcome: 'kept'; readonly campaign: Campaign }
  | { readonly outcome: 'refused'; readonly problems: readonly MappingProblem[] };

export interface CampaignPreview {
  readonly campaign: Campaign;
  readonly totals: CampaignTotals;
  readonly outliers: readonly CampaignPerson[];
}

export type ApprovalOfCampaign = 'approved' | 'own' | 'other-digest' | 'decided' | 'unknown';

/** Why a run came to an end. `busy`: another process is at it. `not-approved`, `ended`: it may not be run, or no more. */
export type RunEnd = StageEnd | 'busy' | 'not-approved' | 'ended' | 'unknown';

export interface RunReport {
  readonly end: RunEnd;
  readonly campaign: Campaign | null;
  readonly progress: CampaignProgress | null;
}

const isSame = (one: string, other: string): boolean => one.trim().toLowerCase() === other.trim().toLowerCase();

export class Campaigns {
  constructor(
    private readonly context: Pick<DossierContext, 'store' | 'policies' | 'foldCache' | 'today'>,
    private readonly book: CampaignBook,
  ) {}

  /** Checks the file whole; keeps a campaign over it when there is nothing to say against it. */
  async proposeMapping(bytes: Uint8Array, order: CampaignOrder): Promise<Proposed> {
    const { rows, problems } = readMapping(bytes);
    if (problems.length > 0) return { outcome: 'refused', problems };
    const { book } = await this.context.policies.inEffect();
    const faults = checkMapping(rows, book, this.context.today());
    if (faults.length > 0) return { outcome: 'refused', problems: faults };
    return { outcome: 'kept', campaign: await this.keep({ kind: 'mapping', rows }, order) };
  }

  /** Everybody who was decided by an earlier version is decided anew by the one in effect. */
  proposePolicy(order: CampaignOrder): Promise<Campaign> {
    return this.keep({ kind: 'policy' }, order);
  }

  /** Takes back what a campaign over a mapping has booked. Answers null where there is nothing of that kind. */
  async proposeUndo(campaignId: string, order: CampaignOrder): Promise<Campaign | null> {
    const undone = await this.book.read(campaignId);
    if (undone?.source.kind !== 'mapping' || !['done', 'stopped', 'paused', 'waiting'].includes(undone.status)) return null;
    return this.keep({ kind: 'undo', campaign: campaignId }, order);
  }

  private async keep(source: CampaignSource, order: CampaignOrder): Promise<Campaign> {
    const { book } = await this.context.policies.inEffect();
    const policy = { digest: book.digest, version: book.version };
    return this.book.create({ campaignId: randomUuid(), source, content: contentDigest(source), policy, ...order });
  }

  /**
   * Looks at all candidates; those of an undo are known and need not be given. A preview that was interrupted goes on where it was; one that has ended
   * begins anew, as long as nobody has approved it. Answers null when it is not there or was decided.
   *
   * @param onProgress told the number of candidates that were looked at
   */
  async preview(
    campaignId: string,
    candidates: () => AsyncIterable<PersonId>,
    onProgress: (looked: number) => void = () => undefined,
  ): Promise<CampaignPreview | null> {
    let campaign = await this.book.read(campaignId);
    if (campaign === null || (campaign.status !== 'draft' && campaign.status !== 'previewed')) return null;
    const policy = await this.policyInEffect();
    const isAnew = campaign.status === 'previewed' || policy.digest !== campaign.policy.digest;
    if (isAnew) {
      await this.book.move(campaignId, ['draft', 'previewed'], 'draft', { policy });
      await this.book.forgetPersons(campaignId);
      campaign = { ...campaign, policy };
    }
    const { source } = campaign;
    const asked = source.kind === 'undo' ? this.bookedBy(source.campaign) : asCandidates(candidates());
    let looked = 0;
    for await (const group of inGroups(asked, GROUP)) {
      const kept = await this.book.kept(
        campaignId,
        group.map(({ personId }) => personId),
      );
      const open = new Map(group.filter(({ personId }) => !kept.has(personId)).map((each) => [each.personId, each]));
      const persons = open.size === 0 ? [] : await previewGroup(this.context, campaign, [...open.values()], this.context.today());
      await this.book.keepPersons(campaignId, persons);
      looked += group.length;
      onProgress(looked);
    }
    // What was looked at by two versions adds up to nothing that anybody could approve.
    if ((await this.policyInEffect()).digest !== policy.digest) return this.preview(campaignId, candidates, onProgress);
    const totals = await this.book.totals(campaignId);
    const digest = campaignDigest(campaign, totals);
    await this.book.move(campaignId, ['draft'], 'previewed', { totals, digest });
    return this.show(campaignId);
  }

  /** The preview as it is kept; null when there is none. */
  async show(campaignId: string): Promise<CampaignPreview | null> {
    const campaign = await this.book.read(campaignId);
    if (campaign?.totals == null) return null;
    return { campaign, totals: campaign.totals, outliers: await this.book.outliers(campaignId, OUTLIERS) };
  }

  /** @param digest of the preview that the one who approves has seen */
  async approve(campaignId: string, approver: string, digest: string): Promise<ApprovalOfCampaign> {
    const campaign = await this.book.read(campaignId);
    if (campaign === null) return 'unknown';
    if (campaign.status !== 'previewed') return 'decided';
    if (isSame(campaign.proposedBy, approver)) return 'own';
    if (campaign.digest !== digest) return 'other-digest';
    return (await this.book.move(campaignId, ['previewed'], 'approved', { by: approver })) ? 'approved' : 'decided';
  }

  /**
   * Runs an approved campaign, or goes on with one that waits, is paused, or whose process was killed, to the end of its stage. Between two groups it looks
   * whether somebody paused or stopped it.
   */
  async run(campaignId: string, onProgress: (progress: CampaignProgress) => void = () => undefined): Promise<RunReport> {
    const campaign = await this.book.read(campaignId);
    if (campaign === null) return { end: 'unknown', campaign, progress: null };
    if (campaign.status === 'draft' || campaign.status === 'previewed') return { end: 'not-approved', campaign, progress: null };
    if (['done', 'stopped', 'rejected'].includes(campaign.status)) return { end: 'ended', campaign, progress: null };
    const end = await this.book.claimed(campaignId, async () => {
      const goesOn = campaign.status === 'waiting' || campaign.canary === 0;
      if (campaign.status !== 'running')
        await this.book.move(campaignId, ['approved', 'waiting', 'paused'], 'running', goesOn ? { stage: 'rest' } : {});
      return runStage(this.context, this.book, campaignId, onProgress);
    });
    return {
      end: end ?? 'busy',
      campaign: await this.book.read(campaignId),
      progress: await this.book.progress(campaignId),
    };
  }

  private async policyInEffect(): Promise<Campaign['policy']> {
    const { book } = await this.context.policies.inEffect();
    return { digest: book.digest, version: book.version };
  }

  /** Takes effect between two groups of the process that runs it. Answers whether it was running. */
  pause(campaignId: string, by: string): Promise<boolean> {
    return this.book.move(campaignId, ['running'], 'paused', { remark: `paused by ${by}` });
  }

  /** For good; before the approval it is rejected. Answers whether it had not ended before. */
  async stop(campaignId: string, by: string, why: string): Promise<boolean> {
    const remark = `${why} (${by})`;
    if (await this.book.move(campaignId, ['draft', 'previewed'], 'rejected', { remark })) return true;
    return this.book.move(campaignId, ['approved', 'running', 'waiting', 'paused'], 'stopped', { remark });
  }

  read(campaignId: string): Promise<Campaign | null> {
    return this.book.read(campaignId);
  }

  list(limit: number): Promise<readonly Campaign[]> {
    return this.book.list(limit);
  }

  progress(campaignId: string): Promise<CampaignProgress> {
    return this.book.progress(campaignId);
  }

  /** Who was left alone, with why and what to do. */
  async *exceptions(campaignId: string): AsyncGenerator<CampaignPerson> {
    for await (const page of this.pages(campaignId, ['refused', 'exception'])) yield* page;
  }

  /** Grants that the campaign has moved, group by group, for the payment specifications; it can be asked again. */
  async *payments(campaignId: string): AsyncGenerator<readonly CausedPaymentChanges[]> {
    const campaign = await this.book.read(campaignId);
    if (campaign === null) return;
    for await (const page of this.pages(campaignId, ['booked'])) yield await paymentsOfGroup(this.context.store, campaign, page);
  }

  private async *bookedBy(campaignId: string): AsyncGenerator<Candidate> {
    for await (const page of this.pages(campaignId, ['booked'])) yield* page;
  }

  private async *pages(
    campaignId: string,
    statuses: Parameters<CampaignBook['persons']>[1],
  ): AsyncGenerator<readonly CampaignPerson[]> {
    for (let last: PersonId | null = null; ;) {
      const page: readonly CampaignPerson[] = await this.book.persons(campaignId, statuses, last, GROUP);
      if (page.length === 0) return;
      yield page;
      last = page.at(-1)?.personId ?? null;
    }
  }
}

async function* asCandidates(persons: AsyncIterable<PersonId>): AsyncGenerator<Candidate> {
  for await (const personId of persons) yield { personId };
}
