/** Whom a campaign has reached, as it is kept: those that are booked, and those that it may have booked when its process was killed. */
import type { PersonId } from '#libs/trajectory';
import type { CampaignBook } from './campaign-book';
import { GROUP } from './groups';
import type { CampaignPerson } from './shape';

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

/**
 * Those that are booked, then those whose outcome nobody recorded: what a group did is recorded after it was done, and a campaign that is stopped after a
 * kill is never gone on with. A group is always the first of those that are left (`next`), so no others can have been under way. Whether one of them was
 * booked, only the person's own streams tell.
 */
export async function* reachedBy(book: CampaignBook, campaignId: string): AsyncGenerator<readonly CampaignPerson[]> {
  yield* pagesOf(book, campaignId, ['booked']);
  yield* pagesOf(book, campaignId, ['begun']);
  const first = await book.persons(campaignId, ['previewed'], null, GROUP);
  if (first.length > 0) yield first;
}
