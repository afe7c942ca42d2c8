import type { TrajectoryEntity } from '#libs/read-models';
import type { TrajectorySummary } from './schema';

export function trajectorySummaryOf(trajectory: TrajectoryEntity): TrajectorySummary {
  const { trajectoryId, personId, regime, diagnosis, currentCode, condition, absorbedInto } = trajectory;
  const { firstSession, lastSession, lines, sessionsCounted, lastPosition, heldLines, revision } = trajectory;
  return {
    ...{ trajectoryId, personId, regime, diagnosis, currentCode, condition, absorbedInto },
    ...{ firstSession, lastSession, lines, sessionsCounted, lastPosition, heldLines, revision },
    switches: trajectory.switches.map((each) => ({ ...each })),
    histories: trajectory.histories.map((each) => ({ ...each })),
    remaps: trajectory.remaps.map(({ from, to, effectiveDate, reason }) => ({ from, to, effectiveDate, reason })),
  };
}
