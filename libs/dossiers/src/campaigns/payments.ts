/** Grants that a campaign has moved, read off what was recorded: it tells the same however often it is asked. */
import type { EventStore } from '#libs/event-store';
import type { CausedPaymentChanges } from '#libs/trajectory';
import { paymentChanges } from '../payment-specification/payment-changes';
import { loadPersons } from '../person/load';
import { untoldBefore } from '../person/untold';
import { campaignCommand } from './person-commands';
import type { Campaign, CampaignPerson } from './shape';

export async function paymentsOfGroup(
  store: EventStore,
  campaign: Campaign,
  group: readonly CampaignPerson[],
): Promise<readonly CausedPaymentChanges[]> {
  const loaded = await loadPersons(
    store,
    group.map(({ personId }) => personId),
  );
  return [...loaded.values()].flatMap(({ fold, events }): readonly CausedPaymentChanges[] => {
    const { commandId, type } = campaignCommand(campaign, fold.personId);
    const decided = fold.decidedCommands.get(commandId);
    if (decided === undefined) return [];
    const changes = paymentChanges(fold, decided);
    // One campaign moves the lines of many persons: the practice is told of them under one cause.
    const own = changes.length === 0 ? [] : [{ cause: { type, id: campaign.campaignId }, changes }];
    return [...untoldBefore(fold, events, [], { command: commandId, type }), ...own];
  });
}
