/** TEST DOUBLE: campaigns kept in memory. It holds fewer rules than the database does; those have a test of their own. */
import type { PersonId } from '#libs/trajectory';
import type { CampaignBook, CampaignChange, PersonOutcomeOfCampaign } from '../campaigns/campaign-book';
import type {
  Campaign,
  CampaignPerson,
  CampaignPersonStatus,
  CampaignProgress,
  CampaignStatus,
  CampaignTotals,
  ListedCampaign,
  NewCampaign,
} from '../campaigns/shape';
import { NO_TOTALS, withPerson } from '../campaigns/totals';

const sumOf = (persons: readonly CampaignPerson[]): CampaignTotals =>
  persons.reduce((sum, each) => withPerson(sum, each), NO_TOTALS);

export class InMemoryCampaignBook implements CampaignBook {
  readonly #campaigns = new Map<string, Campaign>();
  readonly #persons = new Map<string, Map<PersonId, CampaignPerson>>();
  readonly #claimed = new Set<string>();

  create(campaign: NewCampaign): Promise<Campaign> {
    const known = this.#campaigns.get(campaign.campaignId);
    if (known !== undefined) return Promise.resolve(known);
    const created: Campaign = {
      ...campaign,
      ...{ status: 'draft', stage: 'canary', totals: null, digest: null, proposedAt: '2025-01-15T10:00:00Z' },
      ...{ decidedBy: null, decidedAt: null, remark: null, previewRound: 1 },
    };
    this.#campaigns.set(campaign.campaignId, created);
    return Promise.resolve(created);
  }

  read(campaignId: string): Promise<Campaign | null> {
    return Promise.resolve(this.#campaigns.get(campaignId) ?? null);
  }

  list(limit: number): Promise<readonly ListedCampaign[]> {
    return Promise.resolve([...this.#campaigns.values()].reverse().slice(0, limit));
  }

  move(campaignId: string, from: readonly CampaignStatus[], to: CampaignStatus, change: CampaignChange = {}): Promise<boolean> {
    const campaign = this.#campaigns.get(campaignId);
    const { by, agreed, round, ...rest } = change;
    if (campaign === undefined || !from.includes(campaign.status)) return Promise.resolve(false);
    if (agreed !== undefined && agreed !== campaign.digest) return Promise.resolve(false);
    if (round !== undefined && round !== campaign.previewRound) return Promise.resolve(false);
    const decided = by === undefined ? {} : { decidedBy: by, decidedAt: '2025-01-15T11:00:00Z' };
    this.#campaigns.set(campaignId, { ...campaign, ...rest, ...decided, status: to });
    return Promise.resolve(true);
  }

  beginAnew(campaignId: string, policy: Campaign['policy']): Promise<boolean> {
    const campaign = this.#campaigns.get(campaignId);
    if (campaign?.status !== 'draft' && campaign?.status !== 'previewed') return Promise.resolve(false);
    const previewRound = campaign.previewRound + 1;
    this.#campaigns.set(campaignId, { ...campaign, policy, status: 'draft', totals: null, digest: null, previewRound });
    this.#persons.delete(campaignId);
    return Promise.resolve(true);
  }

  keepPersons(campaignId: string, persons: readonly CampaignPerson[], round?: number): Promise<void> {
    if (round !== undefined && round !== this.#campaigns.get(campaignId)?.previewRound) return Promise.resolve();
    const all = this.#persons.get(campaignId) ?? new Map<PersonId, CampaignPerson>();
    for (const each of persons) if (!all.has(each.personId)) all.set(each.personId, each);
    this.#persons.set(campaignId, all);
    return Promise.resolve();
  }

  kept(campaignId: string, persons: readonly PersonId[]): Promise<ReadonlySet<PersonId>> {
    return Promise.resolve(new Set(persons.filter((each) => this.#persons.get(campaignId)?.has(each))));
  }

  totals(campaignId: string): Promise<CampaignTotals> {
    const leftAlone: Record<string, number> = {};
    for (const { code } of this.#with(campaignId, 'refused')) leftAlone[code ?? ''] = (leftAlone[code ?? ''] ?? 0) + 1;
    return Promise.resolve({ ...sumOf(this.#with(campaignId, 'previewed')), leftAlone });
  }

  progress(campaignId: string): Promise<CampaignProgress> {
    return Promise.resolve({
      booked: this.#with(campaignId, 'booked').length,
      exceptions: this.#with(campaignId, 'exception').length,
      toDo: this.#with(campaignId, 'previewed', 'begun').length,
      bookedTotals: sumOf(this.#with(campaignId, 'booked')),
      expectedTotals: sumOf(this.#with(campaignId, 'previewed', 'begun', 'booked')),
    });
  }

  next(campaignId: string, limit: number): Promise<readonly CampaignPerson[]> {
    const begun = this.#with(campaignId, 'begun');
    return Promise.resolve((begun.length > 0 ? begun : this.#with(campaignId, 'previewed')).slice(0, limit));
  }

  record(campaignId: string, outcomes: readonly PersonOutcomeOfCampaign[]): Promise<void> {
    const all = this.#persons.get(campaignId);
    for (const { personId, status, code = null, problem = null } of outcomes)
      all?.set(personId, { ...(all.get(personId) as CampaignPerson), status, code, problem });
    return Promise.resolve();
  }

  outliers(campaignId: string, limit: number): Promise<readonly CampaignPerson[]> {
    const moved = [...(this.#persons.get(campaignId)?.values() ?? [])].filter(({ centsMoved }) => centsMoved > 0);
    return Promise.resolve(moved.sort((a, b) => b.centsMoved - a.centsMoved).slice(0, limit));
  }

  persons(
    campaignId: string,
    statuses: readonly CampaignPersonStatus[],
    after: PersonId | null,
    limit: number,
  ): Promise<readonly CampaignPerson[]> {
    const found = this.#with(campaignId, ...statuses).filter(({ personId }) => after === null || personId > after);
    return Promise.resolve(found.slice(0, limit));
  }

  async claimed<T>(campaignId: string, work: (lost: AbortSignal) => Promise<T>): Promise<T | null> {
    if (this.#claimed.has(campaignId)) return null;
    this.#claimed.add(campaignId);
    try {
      return await work(new AbortController().signal); // it ends with the process alone
    } finally {
      this.#claimed.delete(campaignId);
    }
  }

  #with(campaignId: string, ...statuses: readonly CampaignPersonStatus[]): CampaignPerson[] {
    return [...(this.#persons.get(campaignId)?.values() ?? [])]
      .filter(({ status }) => statuses.includes(status))
      .sort((a, b) => (a.personId < b.personId ? -1 : 1));
  }
}
