import type { CausedPaymentChanges, CommandId, PersonDecided, PersonState } from '#libs/trajectory';
import { paymentChanges } from './payment-changes';

/** What a command did to one person, as far as the practices are told of it. */
export interface Told {
  readonly decided: PersonDecided['data'] | null;
  readonly standing: readonly CausedPaymentChanges[];
  readonly state: PersonState;
}

/** What stood untold before the command, then what it moved itself, under its id and the name that its decision has for it. */
export function toldOf({ decided, standing, state }: Told, id: CommandId): readonly CausedPaymentChanges[] {
  const changes = decided === null ? [] : paymentChanges(state, decided);
  if (decided === null || changes.length === 0) return standing;
  return [...standing, { cause: { type: decided.cause.type, id }, changes }];
}
