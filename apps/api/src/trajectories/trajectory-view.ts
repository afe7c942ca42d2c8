import type { OverrideEntry, StatementEntry, TrajectoryEntity } from '#libs/read-models';
import { kindOf } from '../statements/kinds';
import type { TrajectorySummary } from './schema';

export function trajectorySummaryOf(trajectory: TrajectoryEntity): TrajectorySummary {
  const { trajectoryId, personId, regime, diagnosis, currentCode, condition, absorbedInto } = trajectory;
  const { firstSession, lastSession, lines, sessionsCounted, lastPosition, heldLines, revision } = trajectory;
  return {
    ...{ trajectoryId, personId, regime, diagnosis, currentCode, condition, absorbedInto },
    ...{ firstSession, lastSession, lines, sessionsCounted, lastPosition, heldLines, revision },
    switches: trajectory.switches.map((each) => ({ ...each })),
    histories: trajectory.histories.map((each) => ({ ...each })),
    statements: trajectory.statements.map(statementOf),
    overrides: trajectory.overrides.map(overrideOf),
    remaps: trajectory.remaps.map(({ from, to, effectiveDate, reason }) => ({ from, to, effectiveDate, reason })),
  };
}

function statementOf({ type, data, retracted }: StatementEntry): TrajectorySummary['statements'][number] {
  const { statementId, statedOn, source, statedBy, document, ...contents } = data;
  return { statementId, kind: kindOf(type), statedOn, source, statedBy, document: { ...document }, contents, retracted };
}

function overrideOf({ overrideId: _id, code, split, ...override }: OverrideEntry): TrajectorySummary['overrides'][number] {
  return { ...override, split: { ...split }, code: code ?? null };
}
