import type { RecordedEvent } from '#libs/event-store';
import type { Recorded } from './payment-changes';

/** When something happened, and by which event. */
export interface Moment {
  readonly eventId: string;
  readonly recordedAt: string;
}

/** A decision that may wait for facts that it has seen; `revision` is its event's. */
export type WaitingDecision = Recorded & Moment;

export const momentOf = ({ id, recordedAt }: RecordedEvent): Moment => ({ eventId: id, recordedAt });
