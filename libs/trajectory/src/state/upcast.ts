/** Brings a stored event to the newest version of its type. Old versions stay readable for ever. */
import type { DossierEvent, TrajectoryEvent } from '../events';

/** Every type of a person's streams in its newest version. The compiler holds the list against the union. */
const CURRENT: Readonly<Record<(TrajectoryEvent | DossierEvent)['type'], true>> = {
  'TrajectoryStarted.v1': true,
  'SessionDeclared.v1': true,
  'SessionWithdrawn.v1': true,
  'SessionMovedOut.v1': true,
  'SessionMovedIn.v1': true,
  'InsurerSwitched.v1': true,
  'HistoryImported.v2': true,
  'HistoryVerified.v1': true,
  'HistoryRetracted.v1': true,
  'DiagnosisRemapped.v1': true,
  'TrajectoryAbsorbed.v1': true,
  'AbsorptionReverted.v1': true,
  'RemapReverted.v1': true,
  'ClinicalFactsStated.v1': true,
  'ConditionConfirmed.v1': true,
  'NewEpisodeConfirmed.v1': true,
  'CareClassChanged.v1': true,
  'TermExtended.v1': true,
  'AuthorisationGranted.v1': true,
  'StatementRetracted.v1': true,
  'DecisionOverridden.v1': true,
  'OverrideEnded.v1': true,
  'PersonRegistered.v1': true,
  'InsuranceStated.v1': true,
  'PackagesStated.v1': true,
  'SwitchReported.v1': true,
  'TrajectoryLinked.v1': true,
  'PersonDecided.v1': true,
  'PersonErased.v1': true,
};

/** One step from an old version to a later one; chained until the type is current. */
export type Upcaster = (data: unknown) => { readonly type: string; readonly data: unknown };

/** Steps by the stored type they start from. */
const UPCASTERS: ReadonlyMap<string, Upcaster> = new Map([
  // The day of signing was not asked for; what was verified at once stays so.
  ['HistoryImported.v1', (data: unknown) => ({ type: 'HistoryImported.v2', data })],
]);

export class UnknownEventTypeError extends Error {
  override readonly name = 'UnknownEventTypeError';
  constructor(readonly type: string) {
    super(`event type ${JSON.stringify(type)} is not known to this version of Traject; a newer version wrote it`);
  }
}

/** Types of person streams that this version writes. */
export const PERSON_EVENT_TYPES = Object.keys(CURRENT) as readonly (keyof typeof CURRENT)[];

/** The stored event in the newest version of its type. Throws UnknownEventTypeError. */
export function currentEvent(
  type: string,
  data: unknown,
  upcasters: ReadonlyMap<string, Upcaster> = UPCASTERS,
): TrajectoryEvent | DossierEvent {
  let event: { readonly type: string; readonly data: unknown } = { type, data };
  while (!(event.type in CURRENT)) {
    const upcast = upcasters.get(event.type);
    if (upcast === undefined) throw new UnknownEventTypeError(type);
    event = upcast(event.data);
  }
  return event as TrajectoryEvent | DossierEvent;
}
