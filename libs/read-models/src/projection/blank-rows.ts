/** Rows of what has just begun. */
import type { DossierRow, TrajectoryRow } from '../rows';

export const blankDossier = (personId: string): DossierRow => ({
  personId,
  insurancePeriods: '[]',
  packages: '[]',
  diedOn: null,
  reportedSwitches: '[]',
  decidedRevision: null,
  decidedAt: null,
  policyDigest: null,
  policyVersion: null,
  engine: null,
  waiting: '[]',
  erasedAt: null,
  revision: -1,
});

export const blankTrajectory = (
  personId: string,
  id: string,
  regime: string,
  diagnosis: string,
  startedAt: string,
): TrajectoryRow => ({
  trajectoryId: id,
  personId,
  regime,
  diagnosis,
  currentCode: diagnosis,
  condition: null,
  conditionOn: null,
  conditionLine: null,
  absorbedInto: null,
  firstSession: null,
  lastSession: null,
  lines: 0,
  sessionsCounted: 0,
  lastPosition: null,
  heldLines: 0,
  switches: '[]',
  histories: '[]',
  remaps: '[]',
  statements: '[]',
  overrides: '[]',
  revision: -1,
  startedAt,
});
