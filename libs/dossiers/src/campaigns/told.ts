/** What whoever tells practices of campaigns asks of them. */
import type { Pool } from '#libs/platform';
import type { CommandId, PersonId } from '#libs/trajectory';
import { CampaignClaimLostError } from './campaign-book';
import { campaignCommandId } from './person-commands';
import { PostgresCampaignBook } from './postgres-campaign-book';

/** The commands that campaigns have given, or may give, to these persons, with the campaign. */
export async function campaignsByCommand(pool: Pool, persons: readonly PersonId[]): Promise<ReadonlyMap<CommandId, string>> {
  if (persons.length === 0) return new Map();
  const { rows } = await pool.query<{ campaignId: string; personId: PersonId }>(
    `select campaign_id as "campaignId", person_id as "personId" from corrections.campaign_person
     where person_id = any($1::uuid[]) and status <> 'refused'`,
    [persons],
  );
  return new Map(rows.map(({ campaignId, personId }) => [campaignCommandId(campaignId, personId), campaignId]));
}

/**
 * How many persons a campaign has booked, if it rests: nobody is at it, and it books nobody until somebody lets it go on, or ever. Null = it does not.
 * Takes two connections of the pool.
 */
export async function bookedAtRest(pool: Pool, campaignId: string): Promise<number | null> {
  const book = new PostgresCampaignBook(pool);
  try {
    return await book.claimed(campaignId, async () => {
      const campaign = await book.read(campaignId);
      if (campaign === null || !['waiting', 'done', 'stopped'].includes(campaign.status)) return null;
      return (await book.progress(campaignId)).booked;
    });
  } catch (error) {
    // Somebody may have let it go on meanwhile: it is asked again later.
    if (error instanceof CampaignClaimLostError) return null;
    throw error;
  }
}
