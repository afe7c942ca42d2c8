/** Grants that a campaign has moved, read off what was recorded: it tells the same however often it is asked. */
import type { EventStore } from '#libs/event-store';
import type { CausedPaymentChanges, PersonId } from '#libs/trajectory';
import { paymentChanges } from '../payment-specification/payment-changes';
import { loadPersons } from '../person/load';
import { untoldBefore } from '../person/untold';
import { GROUP } from './groups';
import { campaignCommand } from './person-commands';
import type { Reached } from './reached';
import type { Campaign, CampaignPerson } from './shape';

/** Grants that moved of a part of the persons. */
export interface PaymentsPage {
  readonly persons: readonly PersonId[];
  readonly moved: readonly CausedPaymentChanges[];
  /** Where to go on; null at the end. */
  readonly next: Reached | null;
}

/** So many persons are read at once that few are held. */
export async function paymentsOf(
  store: EventStore,
  campaign: Campaign,
  persons: readonly CampaignPerson[],
): Promise<readonly CausedPaymentChanges[]> {
  const moved: CausedPaymentChanges[] = [];
  for (let at = 0; at < persons.length; at += GROUP)
    moved.push(...(await paymentsOfGroup(store, campaign, persons.slice(at, at + GROUP))));
  return moved;
}

async function paymentsOfGroup(
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
