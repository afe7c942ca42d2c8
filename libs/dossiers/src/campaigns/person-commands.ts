/** The command by which a campaign does its part to one person. */
import type { CommandId, PersonId, PersonState, RemapFact } from '#libs/trajectory';
import { unknownPerson } from '../command-result';
import { commandIdFrom } from '../person/event-ids';
import type { PersonCommand, Plan, PlannedFacts, Review } from '../person/command';
import { planRemaps, planReversals } from './several-remaps';
import type { Campaign } from './shape';

/** One campaign gives a person one command, however often its process is killed. */
export const campaignCommandId = (campaignId: string, personId: PersonId): CommandId =>
  commandIdFrom('campaign', `${campaignId}/${personId}`);

type ByPerson = Pick<PersonCommand, 'personId' | 'commandId' | 'type' | 'actor' | 'warrant'>;

const TYPES = { mapping: 'RemapDiagnosis', undo: 'RevertRemap', policy: 'RunCampaign' } as const;
const REASONS = { mapping: 'code-list-changed', undo: 'clerical-error', policy: 'unspecified' } as const;

/** Who gives it, and on what it rests. */
export function campaignCommand(campaign: Campaign, personId: PersonId): ByPerson {
  const { campaignId, source, proposedBy, decidedBy } = campaign;
  return {
    personId,
    commandId: campaignCommandId(campaignId, personId),
    type: TYPES[source.kind],
    actor: proposedBy,
    warrant: { campaign: campaignId, reason: REASONS[source.kind], ...(decidedBy === null ? {} : { approvedBy: decidedBy }) },
  };
}

const NO_FACTS: PlannedFacts = { dossier: [], trajectories: new Map() };

/** Has nothing to add: it tells the practices what was booked before it. */
export const tellingCommand = (campaign: Campaign, personId: PersonId): PersonCommand => ({
  ...campaignCommand(campaign, personId),
  plan: () => ({ facts: NO_FACTS, result: undefined }),
});

/** @param remaps what is made or taken back, as the person stands */
export function remapCommand(
  campaign: Campaign,
  personId: PersonId,
  review: Review,
  remaps: (state: PersonState) => { readonly remaps: readonly RemapFact[] } | Extract<Plan<void>, { readonly refusals: unknown }>,
): PersonCommand {
  const { source, reason } = campaign;
  return {
    ...campaignCommand(campaign, personId),
    review,
    plan: (state, _book, carriedOut) => {
      if (carriedOut) return { facts: NO_FACTS, result: undefined };
      const unknown = unknownPerson(state);
      if (unknown.length > 0) return { refusals: unknown };
      const asked = remaps(state);
      if ('refusals' in asked) return asked;
      const planned =
        source.kind === 'undo'
          ? planReversals(
              state,
              asked.remaps.map((remap) => ({ ...remap, reason })),
            )
          : planRemaps(state, asked.remaps);
      return 'refusals' in planned ? planned : { facts: planned, result: undefined };
    },
  };
}
