import type { CausedPaymentChanges, PaymentCause, PersonDecided, PersonState } from '#libs/trajectory';
import { paymentChanges } from './payment-changes';

/** What a command did to one person, as far as the practices are told of it. */
export interface Told {
  readonly decided: PersonDecided['data'] | null;
  readonly standing: readonly CausedPaymentChanges[];
  readonly state: PersonState;
}

/** What stood untold before the command, then what it moved itself, under this cause. */
export function toldOf({ decided, standing, state }: Told, cause: PaymentCause): readonly CausedPaymentChanges[] {
  const changes = decided === null ? [] : paymentChanges(state, decided);
  return changes.length === 0 ? standing : [...standing, { cause, changes }];
}
