/** Carries a campaign out on a group of persons, each only as it was previewed. */
import type { PersonId } from '#libs/trajectory';
import { decideAnew } from '../person/decide-anew';
import { executePersonCommands, type ExecutionContext } from '../person/execute';
import type { Refusal } from '../refusal';
import type { CampaignBook, PersonOutcomeOfCampaign } from './campaign-book';
import { reviewAgainst } from './effects';
import { remapCommand, tellingCommand } from './person-commands';
import type { Campaign, CampaignPerson } from './shape';

/** Answers what became of each person; nothing of it is recorded yet. */
export function runGroup(
  context: ExecutionContext,
  book: CampaignBook,
  campaign: Campaign,
  group: readonly CampaignPerson[],
  today: string,
): Promise<readonly PersonOutcomeOfCampaign[]> {
  return campaign.source.kind === 'policy'
    ? decideGroupAnew(context, book, campaign, group, today)
    : remapGroup(context, campaign, group, today);
}

const exception = (personId: PersonId, refusals: readonly Refusal[]): PersonOutcomeOfCampaign => {
  const { code = 'refused', problem = 'it was refused' } = refusals[0] ?? {};
  return { personId, status: 'exception', code, problem };
};

async function remapGroup(
  context: ExecutionContext,
  campaign: Campaign,
  group: readonly CampaignPerson[],
  today: string,
): Promise<readonly PersonOutcomeOfCampaign[]> {
  const commands = group.map(({ personId, effects, remaps }) =>
    remapCommand(campaign, personId, reviewAgainst(effects ?? '', today), () => ({ remaps })),
  );
  const outcomes = await executePersonCommands(context, commands);
  return group.map(({ personId }, i): PersonOutcomeOfCampaign => {
    const outcome = outcomes[i];
    if (outcome?.outcome === 'done') return { personId, status: 'booked' };
    return exception(personId, outcome?.refusals ?? []);
  });
}

const DECIDED_BEFORE: readonly Refusal[] = [
  {
    code: 'decided-before',
    field: '',
    problem: 'another command has decided this person by the new version since the preview; nothing is left to do',
  },
];

/**
 * That this campaign is at a person is recorded before it books: the decision itself belongs to the activation, and a process that comes after a kill
 * could not tell it from that of another command.
 */
async function decideGroupAnew(
  context: ExecutionContext,
  book: CampaignBook,
  campaign: Campaign,
  group: readonly CampaignPerson[],
  today: string,
): Promise<readonly PersonOutcomeOfCampaign[]> {
  const reviews = new Map(group.map(({ personId, effects }) => [personId, reviewAgainst(effects ?? '', today)]));
  const fresh = group.filter(({ status }) => status === 'previewed');
  const before = await decideAnew(context, new Map(fresh.map(({ personId }) => [personId, () => []])), false);
  const begun = fresh.filter(({ personId }) => before.get(personId)?.outcome === 'looked-at');
  if (begun.length > 0)
    await book.record(
      campaign.campaignId,
      begun.map(({ personId }) => ({ personId, status: 'begun' })),
    );
  const atWork = new Set([...begun, ...group.filter(({ status }) => status === 'begun')].map(({ personId }) => personId));
  const answers = await decideAnew(context, new Map([...reviews].filter(([personId]) => atWork.has(personId))), true);
  const outcomes = group.map(({ personId }): PersonOutcomeOfCampaign => {
    const answer = answers.get(personId) ?? before.get(personId);
    if (answer?.outcome === 'refused') return exception(personId, answer.refusals);
    if (!atWork.has(personId)) return exception(personId, DECIDED_BEFORE);
    return { personId, status: 'booked' };
  });
  const booked = outcomes.filter(({ status }) => status === 'booked');
  if (booked.length > 0)
    await executePersonCommands(
      context,
      booked.map(({ personId }) => tellingCommand(campaign, personId)),
    );
  return outcomes;
}
