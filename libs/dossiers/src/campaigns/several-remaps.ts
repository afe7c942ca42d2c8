/** Several remaps of one person, or several taken back, as one plan: each over what those before it have done. */
import type { PersonState, RemapFact, TrajectoryEvent, TrajectoryFacts, TrajectoryId } from '#libs/trajectory';
import { isSameRemap } from '#libs/trajectory';
import type { PlannedFacts } from '../person/command';
import type { Refusal } from '../refusal';
import { planRemap } from '../remap-diagnosis/plan';
import { planReversal } from '../revert-remap/plan';

type Planned = { readonly refusals: readonly Refusal[] } | PlannedFacts;

/** Trajectories that have begun under the new code are absorbed. */
export const planRemaps = (state: PersonState, remaps: readonly RemapFact[]): Planned =>
  oneAfterAnother(state, remaps, (current, remap) => planRemap(current, { ...remap, absorb: true }));

/** The last one first; one that somebody has taken back since is left out. */
export function planReversals(state: PersonState, remaps: readonly RemapFact[]): Planned {
  return oneAfterAnother(state, standingRemaps(state, remaps).reverse(), planReversal);
}

/** Of these remaps, those that stand. */
export function standingRemaps(state: PersonState, remaps: readonly RemapFact[]): RemapFact[] {
  const standing = [...state.facts.trajectories.values()].flatMap((each) => each.remaps);
  return remaps.filter((remap) => standing.some((each) => isSameRemap(each, remap)));
}

function oneAfterAnother(
  state: PersonState,
  remaps: readonly RemapFact[],
  plan: (current: PersonState, remap: RemapFact) => Planned,
): Planned {
  const trajectories = new Map<TrajectoryId, TrajectoryEvent[]>();
  let current = state;
  for (const remap of remaps) {
    const planned = plan(current, remap);
    if ('refusals' in planned) return planned;
    for (const [id, events] of planned.trajectories) trajectories.set(id, [...(trajectories.get(id) ?? []), ...events]);
    current = withPlanned(current, planned);
  }
  return { dossier: [], trajectories };
}

/** The person as it would be, for the next plan to look at: the fold itself takes facts in once only. */
function withPlanned(state: PersonState, { trajectories }: PlannedFacts): PersonState {
  const after = new Map(state.facts.trajectories);
  for (const [id, events] of trajectories) {
    const trajectory = after.get(id);
    if (trajectory !== undefined) after.set(id, events.reduce(evolved, trajectory));
  }
  const { personId, insurance, diedOn, packages } = state.facts;
  const { registered, erasedAt, decisions, booked, lastDecided, decidedCommands, reportedSwitches, importedBy } = state;
  return {
    ...{ registered, erasedAt, decisions, booked, lastDecided, decidedCommands, reportedSwitches, importedBy },
    revisions: state.revisions,
    stands: (decision) => state.stands(decision),
    facts: { personId, insurance, diedOn, packages, trajectories: after },
  };
}

function evolved(trajectory: TrajectoryFacts, event: TrajectoryEvent): TrajectoryFacts {
  // field by field: some are getters of the fold, which a spread would leave out
  const same: TrajectoryFacts = {
    id: trajectory.id,
    regime: trajectory.regime,
    diagnosis: trajectory.diagnosis,
    sessions: trajectory.sessions,
    withdrawn: trajectory.withdrawn,
    departed: trajectory.departed,
    switches: trajectory.switches,
    histories: trajectory.histories,
    remaps: trajectory.remaps,
    statements: trajectory.statements,
    overrides: trajectory.overrides,
    absorbedInto: trajectory.absorbedInto,
  };
  switch (event.type) {
    case 'DiagnosisRemapped.v1':
      return { ...same, remaps: [...same.remaps, event.data] };
    case 'RemapReverted.v1':
      return { ...same, remaps: same.remaps.filter((each) => !isSameRemap(each, event.data)) };
    case 'TrajectoryAbsorbed.v1':
      return { ...same, absorbedInto: event.data.into };
    case 'AbsorptionReverted.v1':
      return { ...same, absorbedInto: null };
    default:
      throw new Error(`a remap plans no ${event.type}`);
  }
}
