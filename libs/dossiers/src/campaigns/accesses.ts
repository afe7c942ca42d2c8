/** The access log's lines of a campaign: one per person and step, before anything of the person is read or changed. */
import type { AccessWriter } from '#libs/access-log';
import type { PersonId } from '#libs/trajectory';
import { campaignAccessId, campaignAccessRequest } from '../person/event-ids';
import type { Campaign } from './shape';

/**
 * Records that a group is about to be looked at, or changed. Its ids follow from campaign, step, person and user: what goes on after an interruption writes no
 * second line, unless another user goes on with it. What became of each person is kept with the campaign, which the line names. Rejects with AccessLogUnavailableError: then nobody of the
 * group may be touched.
 */
export async function recordGroup(
  access: AccessWriter | null,
  { campaignId, previewRound }: Campaign,
  action: 'preview' | 'change',
  persons: readonly PersonId[],
): Promise<void> {
  if (access === null || persons.length === 0) return;
  const request = campaignAccessRequest(campaignId, action === 'preview' ? `preview/${previewRound}` : 'run');
  const event = action === 'preview' ? 'preview-campaign' : 'run-campaign';
  await access.record({ event, action, object: `campaign/${campaignId}`, persons }, 'attempted', request, (person, user) =>
    campaignAccessId(request, person as PersonId, user),
  );
}
