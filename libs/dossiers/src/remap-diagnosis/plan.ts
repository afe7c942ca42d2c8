/** What a remap adds to a person, or why it is refused. */
import {
  absorbedBy,
  isSameRemap,
  lineageCodes,
  type HistoryFact,
  type PersonState,
  type TrajectoryFacts,
} from '#libs/trajectory';
import { FactsBuilder } from '../person/facts-builder';
import type { PlannedFacts } from '../person/command';
import type { Refusal } from '../refusal';
import type { RemapInput } from './command';

const firstSession = (trajectory: TrajectoryFacts): string =>
  [...trajectory.sessions.values()].reduce((first, session) => (session.date < first ? session.date : first), '9999-12-31');

/** The one with the earlier first session survives; on a tie the lower id. It has no influence on decisions. */
const bySurvival = (a: TrajectoryFacts, b: TrajectoryFacts): number => {
  const [x, y] = [`${firstSession(a)}${a.id}`, `${firstSession(b)}${b.id}`];
  return x < y ? -1 : x > y ? 1 : 0;
};

/**
 * Only Annex trajectories carry a count over codes, so a remap is within that regime. The survivor's `DiagnosisRemapped` comes
 * before the other's `TrajectoryAbsorbed`, which is the event that decides.
 */
export function planRemap(state: PersonState, input: RemapInput): { readonly refusals: readonly Refusal[] } | PlannedFacts {
  const active = [...state.facts.trajectories.values()].filter((each) => each.regime === 'annex' && each.absorbedInto === null);
  // What a trajectory took up is part of it: codes and histories alike.
  const wholeOf = (each: TrajectoryFacts): readonly TrajectoryFacts[] => absorbedBy(state.facts, each.id);
  const holds = (each: TrajectoryFacts, code: string): boolean => wholeOf(each).some((part) => lineageCodes(part).includes(code));
  const historiesOf = (each: TrajectoryFacts): readonly HistoryFact[] => wholeOf(each).flatMap((part) => part.histories);
  if (!active.some((each) => holds(each, input.from)))
    return {
      refusals: [{ code: 'trajectory-unknown', field: 'from', problem: `no trajectory under ${input.from} to go on with` }],
    };
  const [survivor, other, ...more] = active.filter((each) => holds(each, input.from) || holds(each, input.to)).sort(bySurvival);
  if (survivor === undefined || more.length > 0) throw new Error('a code lies in more than one active lineage');
  const isRemapped = survivor.remaps.some((each) => isSameRemap(each, input));
  const facts = new FactsBuilder(state);
  if (other === undefined && isRemapped) return facts.build();
  if (other === undefined && holds(survivor, input.to))
    return {
      refusals: [{ code: 'remap-cycle', field: 'to', problem: `${input.to} is in the lineage of ${input.from} already` }],
    };
  if (other !== undefined) {
    if (!input.absorb)
      return {
        refusals: [
          {
            code: 'code-in-other-trajectory',
            field: 'to',
            problem: `a trajectory under ${input.to} has begun; ask for it to be absorbed (absorb: true)`,
          },
        ],
      };
    const documents = (each: TrajectoryFacts): string[] =>
      historiesOf(each).map(({ document, importId }) => document.digest ?? importId);
    const [ours, theirs] = [documents(survivor), documents(other)];
    const doubtful = ours.length > 0 && theirs.some((digest) => !ours.includes(digest));
    if (doubtful)
      return {
        refusals: [
          {
            code: 'two-histories',
            field: 'absorb',
            problem:
              'both trajectories hold an imported history, from different documents; retract the one that does not stand, then remap',
          },
        ],
      };
  }
  const { from, to, effectiveDate, reason } = input;
  if (!isRemapped) facts.trajectory(survivor.id, { type: 'DiagnosisRemapped.v1', data: { from, to, effectiveDate, reason } });
  if (other !== undefined) facts.trajectory(other.id, { type: 'TrajectoryAbsorbed.v1', data: { into: survivor.id, reason } });
  return facts.build();
}
