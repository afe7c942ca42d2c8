/** What a decision booked, as rows. */
import { FLOWS } from '../entities';
import type { BookingRow } from '../rows';
import type { WaitingDecision } from './waiting-decision';

/** One row per line and flow of money that moved. */
export function bookingsOf(personId: string, decided: WaitingDecision): BookingRow[] {
  const moved = decided.entries.flatMap(({ line, ...entry }) =>
    FLOWS.flatMap((flow) => {
      const cents = entry[flow] ?? 0;
      return cents === 0 ? [] : [{ line, flow, cents }];
    }),
  );
  return moved.map((each, ordinal) => ({
    ...{ personId, revision: decided.revision, ordinal },
    ...each,
    ...{ commandId: decided.cause.command, commandType: decided.cause.type, policyDigest: decided.policy.digest },
    ...{ eventId: decided.eventId, recordedAt: decided.recordedAt },
  }));
}
