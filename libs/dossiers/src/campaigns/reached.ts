/** Whom a campaign has reached, as it is kept: those that are booked, and those that it may have booked when its process was killed. */
import type { PersonId } from '#libs/trajectory';
import type { CampaignBook } from './campaign-book';
import { GROUP } from './groups';
import type { CampaignPerson, CampaignPersonStatus } from './shape';

/** All persons of these statuses, a page at a time. */
export async function* pagesOf(
  book: CampaignBook,
  campaignId: string,
  statuses: Parameters<CampaignBook['persons']>[1],
): AsyncGenerator<readonly CampaignPerson[]> {
  for (let last: PersonId | null = null; ;) {
    const page: readonly CampaignPerson[] = await book.persons(campaignId, statuses, last, GROUP);
    if (page.length === 0) return;
    yield page;
    last = page.at(-1)?.personId ?? null;
  }
}

/** Statuses of those whom a campaign has reached, in the order in which they are read. */
const REACHED: readonly CampaignPersonStatus[] = ['booked', 'begun', 'previewed'];

/** Where to go on: the last one of a page. */
export type Reached = Pick<CampaignPerson, 'status' | 'personId'>;

/**
 * Those that are booked, then those whose outcome nobody recorded: what a group did is recorded after it was done, and a campaign that is stopped after a
 * kill is never gone on with. A group is always the first of those that are left (`next`), so no others can have been under way. Whether one of them was
 * booked, only the person's own streams tell.
 */
export async function reachedAfter(
  book: CampaignBook,
  campaignId: string,
  after: Reached | null,
  limit: number,
): Promise<readonly CampaignPerson[]> {
  const found: CampaignPerson[] = [];
  for (const status of REACHED.slice(after === null ? 0 : REACHED.indexOf(after.status))) {
    const last = status === after?.status ? after.personId : null;
    const left = limit - found.length;
    if (left <= 0) break;
    if (status !== 'previewed') found.push(...(await book.persons(campaignId, [status], last, left)));
    else {
      const group = await book.persons(campaignId, [status], null, GROUP);
      found.push(...group.filter(({ personId }) => last === null || personId > last).slice(0, left));
    }
  }
  return found;
}

/** All of them, a page at a time. */
export async function* reachedBy(book: CampaignBook, campaignId: string): AsyncGenerator<readonly CampaignPerson[]> {
  for (let last: CampaignPerson | null = null; ;) {
    const page: readonly CampaignPerson[] = await reachedAfter(book, campaignId, last, GROUP);
    if (page.length > 0) yield page;
    if (page.length < GROUP) return;
    last = page.at(-1) ?? null;
  }
}
