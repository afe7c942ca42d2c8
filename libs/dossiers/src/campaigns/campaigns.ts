/** Campaigns from the file to the last person: checked, previewed, approved by a second person, and carried out in stages. */
import { v4 as randomUuid } from 'uuid';
import type { Accessor } from '#libs/access-log';
import type { CausedPaymentChanges, PersonId } from '#libs/trajectory';
import { isSameActor } from '../actors';
import type { CampaignBook } from './campaign-book';
import type { CampaignContext, Watch } from './campaign-context';
import { beginAnew, lookAtAll } from './looking';
import { checkMapping } from './mapping-check';
import { readMapping } from './mapping-file';
import type {
  ApprovalOfCampaign,
  CampaignOrder,
  CampaignPreview,
  NotPreviewed,
  OrderToBegin,
  Proposed,
  RunReport,
} from './outcomes';
import { paymentsOf, type PaymentsPage } from './payments';
import { campaignCommandId } from './person-commands';
import type { Candidate } from './preview';
import { pagesOf, reachedAfter, reachedBy, type Reached } from './reached';
import { runStage, type StageEnd } from './stages';
import type { Campaign, CampaignPerson, CampaignProgress, CampaignSource, CampaignStatus, ListedCampaign } from './shape';
import { contentDigest } from './totals';

/** How many of those of whom most cents move are shown. */
export const OUTLIERS = 20;

const TO_BEGIN = ['approved', 'waiting', 'paused'] as const;
const LEFT_ALONE = ['refused', 'exception'] as const;

const ALWAYS: OrderToBegin = { isOpen: () => Promise.resolve(true), isDone: () => Promise.resolve() };

export class Campaigns {
  constructor(
    private readonly context: CampaignContext,
    private readonly book: CampaignBook,
  ) {}

  /** The same campaigns, with another one in the access log as whoever looks and changes. */
  as(by: Accessor): Campaigns {
    const { store, policies, foldCache, access } = this.context;
    const today = (): string => this.context.today();
    return new Campaigns({ store, policies, foldCache, today, access: access?.as(by) ?? null }, this.book);
  }

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

  /** Takes back what a campaign over a mapping has booked, once it has ended. Answers null where there is nothing of that kind. */
  async proposeUndo(campaignId: string, order: CampaignOrder): Promise<Campaign | null> {
    const undone = await this.book.read(campaignId);
    if (undone?.source.kind !== 'mapping' || !['done', 'stopped'].includes(undone.status)) return null;
    return this.keep({ kind: 'undo', campaign: campaignId }, order);
  }

  private async keep(source: CampaignSource, { campaignId = randomUuid(), ...order }: CampaignOrder): Promise<Campaign> {
    const { book } = await this.context.policies.inEffect();
    const policy = { digest: book.digest, version: book.version };
    return this.book.create({ campaignId, source, content: contentDigest(source), policy, ...order });
  }

  /**
   * Looks at all candidates; those of an undo are known and need not be given. A preview that was interrupted goes on where it was; one that has ended
   * begins anew, as long as nobody has approved it. Progress is the number of candidates that were looked at.
   */
  async preview(
    campaignId: string,
    candidates: () => AsyncIterable<PersonId>,
    watch: Watch<number> = {},
  ): Promise<CampaignPreview | NotPreviewed> {
    const campaign = await this.book.read(campaignId);
    if (campaign?.status === 'previewed') {
      const begun = await this.previewAnew(campaignId);
      if (begun !== 'begun') return begun;
    }
    return this.goOnLooking(campaignId, candidates, watch);
  }

  /** Forgets what was previewed, so that `goOnLooking` begins at the first candidate; once per order, whoever else is given the same. */
  async previewAnew(campaignId: string, order: OrderToBegin = ALWAYS): Promise<'begun' | 'busy' | 'decided'> {
    const begun = await this.book.claimed(campaignId, async () => {
      if (!(await order.isOpen())) return true;
      if (!(await beginAnew(this.context, this.book, campaignId))) return false;
      await order.isDone();
      return true;
    });
    return begun === null ? 'busy' : begun ? 'begun' : 'decided';
  }

  /** Goes on with a preview that has not come to its end, and with no other. */
  async goOnLooking(
    campaignId: string,
    candidates: () => AsyncIterable<PersonId>,
    watch: Watch<number> = {},
  ): Promise<CampaignPreview | NotPreviewed> {
    const candidatesOf = ({ source }: Campaign): AsyncIterable<Candidate> =>
      source.kind === 'undo' ? this.takenBackFrom(source.campaign) : asCandidates(candidates());
    const source = (await this.book.read(campaignId))?.source;
    // A campaign that was stopped comes to the end of its group: until then it books persons that nobody would take back.
    if (source?.kind === 'undo' && (await this.book.claimed(source.campaign, () => Promise.resolve(true))) === null)
      return 'busy';
    const end = await this.book.claimed(campaignId, (lost) =>
      lookAtAll(this.context, this.book, campaignId, candidatesOf, until(watch, lost)),
    );
    if (end !== 'previewed') return end ?? 'busy';
    return (await this.show(campaignId)) ?? 'decided';
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
    if (isSameActor(campaign.proposedBy, approver)) return 'own';
    if (campaign.digest !== digest) return 'other-digest';
    if ((await this.context.policies.inEffect()).book.digest !== campaign.policy.digest) return 'other-policy';
    if (await this.book.move(campaignId, ['previewed'], 'approved', { by: approver, agreed: digest })) return 'approved';
    // Previewed anew since it was read, or decided.
    return (await this.book.read(campaignId))?.status === 'previewed' ? 'other-digest' : 'decided';
  }

  /**
   * Runs an approved campaign, or goes on with one that waits, is paused, or whose process was killed, to the end of its stage. Between two groups it looks
   * whether somebody paused or stopped it.
   * @param seen status at which the caller read it, if it did: one that has come elsewhere since is not let begin
   */
  async run(campaignId: string, watch: Watch<CampaignProgress> = {}, seen?: CampaignStatus): Promise<RunReport> {
    const campaign = await this.book.read(campaignId);
    if (campaign === null) return { end: 'unknown', campaign, progress: null };
    if (campaign.status === 'draft' || campaign.status === 'previewed') return { end: 'not-approved', campaign, progress: null };
    if (['done', 'stopped', 'rejected'].includes(campaign.status)) return { end: 'ended', campaign, progress: null };
    const end = await this.book.claimed(campaignId, async (lost) => {
      await this.begin(
        campaignId,
        TO_BEGIN.filter((each) => each === (seen ?? campaign.status)),
      );
      return runStage(this.context, this.book, campaignId, until(watch, lost));
    });
    return {
      end: end ?? 'busy',
      campaign: await this.book.read(campaignId),
      progress: await this.book.progress(campaignId),
    };
  }

  /** Lets a campaign that is at one of `from` be carried out, by `goOn`. Answers whether it was. */
  async begin(campaignId: string, from: readonly (typeof TO_BEGIN)[number][]): Promise<boolean> {
    const campaign = await this.book.read(campaignId);
    const status = from.find((each) => each === campaign?.status);
    if (campaign === null || status === undefined) return false;
    const isRest = status === 'waiting' || campaign.canary === 0;
    return this.book.move(campaignId, [status], 'running', isRest ? { stage: 'rest' } : {});
  }

  /** Goes on with a campaign that is running, to the end of its stage; lets none begin. */
  async goOn(campaignId: string, watch: Watch<CampaignProgress> = {}): Promise<StageEnd | 'busy'> {
    const end = await this.book.claimed(campaignId, (lost) => runStage(this.context, this.book, campaignId, until(watch, lost)));
    return end ?? 'busy';
  }

  /** Takes effect between two groups of the process that runs it. Answers whether it was running. */
  pause(campaignId: string, by: string): Promise<boolean> {
    return this.book.move(campaignId, ['running'], 'paused', { remark: `paused by ${by}` });
  }

  /** Before it is approved. Answers whether nobody had decided before. */
  reject(campaignId: string, by: string, why: string): Promise<boolean> {
    return this.book.move(campaignId, ['draft', 'previewed'], 'rejected', { remark: `${why} (${by})` });
  }

  /** Once it is approved, and for good. Answers whether it had not ended before. */
  stop(campaignId: string, by: string, why: string): Promise<boolean> {
    return this.book.move(campaignId, ['approved', 'running', 'waiting', 'paused'], 'stopped', { remark: `${why} (${by})` });
  }

  read(campaignId: string): Promise<Campaign | null> {
    return this.book.read(campaignId);
  }

  list(limit: number, after: string | null = null): Promise<readonly ListedCampaign[]> {
    return this.book.list(limit, after);
  }

  progress(campaignId: string): Promise<CampaignProgress> {
    return this.book.progress(campaignId);
  }

  /** Who was left alone, with why and what to do, by person id. */
  exceptionsAfter(campaignId: string, after: PersonId | null, limit: number): Promise<readonly CampaignPerson[]> {
    return this.book.persons(campaignId, LEFT_ALONE, after, limit);
  }

  /** All of them, a page at a time. */
  exceptions(campaignId: string): AsyncGenerator<readonly CampaignPerson[]> {
    return pagesOf(this.book, campaignId, LEFT_ALONE);
  }

  /** Grants that the campaign has moved, group by group, for the payment specifications; it can be asked again. */
  async *payments(campaignId: string): AsyncGenerator<readonly CausedPaymentChanges[]> {
    const campaign = await this.book.read(campaignId);
    if (campaign === null) return;
    for await (const page of reachedBy(this.book, campaignId)) {
      const persons = page.map(({ personId }) => personId);
      const access = { event: 'campaign-payments', action: 'read', object: `campaign/${campaignId}`, persons } as const;
      await this.context.access?.record(access, 'success');
      yield await paymentsOf(this.context.store, campaign, page);
    }
  }

  /** The same of so many persons, from after the last of the page before; they are not put on record here. null = there is no such campaign. */
  async paymentsAfter(campaignId: string, after: Reached | null, limit: number): Promise<PaymentsPage | null> {
    const campaign = await this.book.read(campaignId);
    if (campaign === null) return null;
    const found = await reachedAfter(this.book, campaignId, after, limit + 1);
    const page = found.slice(0, limit);
    const moved = await paymentsOf(this.context.store, campaign, page);
    return { persons: page.map(({ personId }) => personId), moved, next: found.length > limit ? (page.at(-1) ?? null) : null };
  }

  private async *takenBackFrom(campaignId: string): AsyncGenerator<Candidate> {
    for await (const page of reachedBy(this.book, campaignId))
      for (const { personId, remaps, status } of page)
        yield status === 'booked' ? { personId, remaps } : { personId, remaps, ifBy: campaignCommandId(campaignId, personId) };
  }
}

/** The same watch, which ends when the claim is lost as well: without it another process may be at the campaign. */
const until = <T>(watch: Watch<T>, lost: AbortSignal): Watch<T> => ({
  ...watch,
  signal: watch.signal === undefined ? lost : AbortSignal.any([watch.signal, lost]),
});

async function* asCandidates(persons: AsyncIterable<PersonId>): AsyncGenerator<Candidate> {
  for await (const personId of persons) yield { personId };
}
