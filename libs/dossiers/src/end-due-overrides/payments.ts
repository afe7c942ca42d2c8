/** Grants that the end of lapsed overrides has moved, read off what was recorded: it tells the same however often it is asked. */
import type { EventStore } from '#libs/event-store';
import {
  dossierStream,
  dutchDay,
  type CausedPaymentChanges,
  type IsoDate,
  type PersonDecided,
  type PersonId,
} from '#libs/trajectory';
import { paymentChanges } from '../payment-specification/payment-changes';
import { loadPersons } from '../person/load';
import { untoldBefore } from '../person/untold';

const TYPE = 'EndLapsedOverrides';

/** @param day the Dutch day on which it was recorded */
export async function paymentsOfLapses(
  store: EventStore,
  persons: readonly PersonId[],
  day: IsoDate,
): Promise<readonly CausedPaymentChanges[]> {
  const loaded = await loadPersons(store, persons);
  return [...loaded].flatMap(([personId, { fold, events }]) =>
    events
      .filter(({ stream, type }) => stream === dossierStream(personId) && type.startsWith('PersonDecided.'))
      .flatMap(({ data, recordedAt }): readonly CausedPaymentChanges[] => {
        const decided = data as PersonDecided['data'];
        if (decided.cause.type !== TYPE || dutchDay(new Date(recordedAt)) !== day) return [];
        const { command } = decided.cause;
        const changes = paymentChanges(fold, decided);
        const own = changes.length === 0 ? [] : [{ cause: { type: TYPE, id: command }, changes }];
        return [...untoldBefore(fold, events, [], decided.cause), ...own];
      }),
  );
}
