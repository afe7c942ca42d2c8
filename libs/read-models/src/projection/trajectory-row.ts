/** A trajectory's row, from what is said of the trajectory itself. */
import type { RecordedEvent } from '#libs/event-store';
import { lineKey, type OverrideFact, type TrajectoryEvent } from '#libs/trajectory';
import type { OverrideEntry } from '../entities';
import type { TrajectoryRow } from '../rows';
import { appendTo, codeAfter, ended, retracted, verified, withImport, withoutOverride, withoutRemap } from './json-list';
import { wrongStream } from './poisoned-event';

/** Facts of the trajectory's lines are applied to their rows. */
export type FactOfTrajectory = Exclude<
  TrajectoryEvent,
  {
    readonly type:
      'TrajectoryStarted.v1' | 'SessionDeclared.v1' | 'SessionWithdrawn.v1' | 'SessionMovedIn.v1' | 'SessionMovedOut.v1';
  }
>;

/** Answers whether another history may be to be asked for since. */
export function applyToTrajectoryRow(row: TrajectoryRow, current: FactOfTrajectory, event: RecordedEvent): boolean {
  switch (current.type) {
    case 'InsurerSwitched.v1':
      row.switches = appendTo(row.switches, current.data);
      return true;
    case 'HistoryImported.v2':
      row.histories = withImport(row.histories, current.data);
      return true;
    case 'HistoryVerified.v1':
      row.histories = verified(row.histories, current.data.importId);
      return false;
    case 'HistoryRetracted.v1':
      row.histories = ended(row.histories, current.data.importId, 'retracted');
      return true;
    case 'DiagnosisRemapped.v1':
      row.remaps = appendTo(row.remaps, current.data);
      row.currentCode = current.data.to;
      return false;
    case 'RemapReverted.v1':
      row.remaps = withoutRemap(row.remaps, current.data);
      row.currentCode = codeAfter(row.remaps) ?? row.diagnosis;
      return false;
    case 'ClinicalFactsStated.v1':
    case 'ConditionConfirmed.v1':
    case 'NewEpisodeConfirmed.v1':
    case 'CareClassChanged.v1':
    case 'TermExtended.v1':
    case 'AuthorisationGranted.v1':
      row.statements = appendTo(row.statements, { ...current, retracted: false });
      return false;
    case 'StatementRetracted.v1':
      row.statements = retracted(row.statements, current.data.statementId);
      return false;
    case 'DecisionOverridden.v1':
      row.overrides = appendTo(row.overrides, setByHand(current.data, event));
      return false;
    case 'OverrideEnded.v1': {
      const { practice, reference, overrideId } = current.data;
      row.overrides = withoutOverride(row.overrides, lineKey(practice, reference), overrideId);
      return false;
    }
    case 'TrajectoryAbsorbed.v1':
      row.absorbedInto = current.data.into;
      return true;
    case 'AbsorptionReverted.v1':
      row.absorbedInto = null;
      return true;
    default:
      throw wrongStream(current);
  }
}

const setByHand = (override: OverrideFact, { metadata, recordedAt }: RecordedEvent): OverrideEntry => ({
  ...override,
  ...{ setBy: metadata.actor, approvedBy: metadata.approvedBy ?? null, reason: metadata.reason ?? null, setAt: recordedAt },
});
