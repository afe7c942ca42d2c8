/** What taking a remap back adds to a person, or why it is refused. */
import {
  codeOf,
  isSameRemap,
  lineageCodes,
  withAbsorbed,
  type PersonFacts,
  type PersonState,
  type TrajectoryFacts,
} from '#libs/trajectory';
import { FactsBuilder } from '../person/facts-builder';
import type { PlannedFacts } from '../person/command';
import type { Refusal } from '../refusal';
import type { RemapReversal } from './command';

const refused = (code: string, field: string, problem: string): { readonly refusals: readonly Refusal[] } => ({
  refusals: [{ code, field, problem }],
});

/**
 * The absorbed streams are let go before the remap is taken back: without transactions over streams a process that stops in between
 * leaves a remap that can still be found, and the same command finishes it.
 */
export function planReversal(state: PersonState, input: RemapReversal): { readonly refusals: readonly Refusal[] } | PlannedFacts {
  const { from, to, effectiveDate, reason } = input;
  if (reason.trim() === '') return refused('reason-missing', 'reason', 'say why the remap is taken back');
  const all = [...state.facts.trajectories.values()];
  const survivor = all.find((each) => each.remaps.some((remap) => isSameRemap(remap, input)));
  if (survivor === undefined)
    return refused(
      'remap-unknown',
      'from',
      `no remap of ${from} to ${to} from ${effectiveDate} stands; was it taken back before?`,
    );
  if (survivor.absorbedInto !== null)
    return refused(
      'remap-in-use',
      'from',
      'this trajectory was absorbed into another since; take back the remap that joined them first',
    );
  const at = survivor.remaps.findLastIndex((remap) => isSameRemap(remap, input));
  const before = lineageCodes({ ...survivor, remaps: survivor.remaps.slice(0, at) });
  const joined = all.filter((each) => each.absorbedInto === survivor.id && isJoinedBy(state.facts, each, input, before));
  /** All that this remap has brought into the lineage. */
  const brought = [from, to, ...joined.flatMap((each) => wholeCodes(state.facts, each))];
  const resting = survivor.remaps.slice(at + 1).find((later) => brought.includes(later.from) || brought.includes(later.to));
  if (resting !== undefined)
    return refused(
      'remap-in-use',
      'from',
      `the remap of ${resting.from} to ${resting.to} from ${resting.effectiveDate} rests on it; take that one back first`,
    );
  const left = lineageCodes({ ...survivor, remaps: survivor.remaps.filter((_, i) => i !== at) });
  const stranded = [...survivor.sessions.values()].filter(
    (session) => brought.includes(codeOf(session)) && !left.includes(codeOf(session)),
  );
  if (stranded.length > 0)
    return refused(
      'lines-under-code',
      'to',
      `${stranded.length} lines under ${stranded[0] === undefined ? to : codeOf(stranded[0])} are stored in this trajectory since; they would stay counted in it. Have them credited and declared again, or leave the remap`,
    );
  const facts = new FactsBuilder(state);
  for (const each of joined) facts.trajectory(each.id, { type: 'AbsorptionReverted.v1', data: { from: survivor.id, reason } });
  facts.trajectory(survivor.id, { type: 'RemapReverted.v1', data: { from, to, effectiveDate, reason } });
  return facts.build();
}

/** All codes of the trajectory and of what it took up itself. */
const wholeCodes = (facts: PersonFacts, { id }: TrajectoryFacts): string[] => withAbsorbed(facts, id).flatMap(lineageCodes);

/** It came in by this remap, and by no code that the survivor had before. */
function isJoinedBy(
  facts: PersonFacts,
  absorbed: TrajectoryFacts,
  { from, to }: RemapReversal,
  before: readonly string[],
): boolean {
  const codes = wholeCodes(facts, absorbed);
  return (codes.includes(from) || codes.includes(to)) && !codes.some((code) => before.includes(code));
}
