/** What the practices are told of a move between persons that somebody else than its command has finished, or that was taken back. */
import type { EventStore } from '#libs/event-store';
import type { CausedPaymentChanges } from '#libs/trajectory';
import type { ToldPart } from '../command-result';
import { toldOf } from '../payment-specification/told';
import { loadPersons } from '../person/load';
import { recall } from '../person/recall';
import { untoldBefore } from '../person/untold';
import { MOVE_TYPE, moveBackId, type Arrival } from './arrive';
import type { Transit } from './transit';

/**
 * Both halves: what the departure moved, which the process that was killed had booked and told nobody of, and what the arrival moved, or the
 * return. The return has a cause of its own: something else may have moved the same lines in between, and was told by itself.
 */
export async function partsOfMove(
  store: EventStore,
  { from, commandId }: Transit,
  arrival: Arrival,
): Promise<readonly ToldPart[]> {
  const loaded = (await loadPersons(store, [from])).get(from);
  if (loaded === undefined) throw new Error('a person that was read is not there');
  const { fold: state, events } = loaded;
  const standing = untoldBefore(state, events, [], { command: commandId, type: MOVE_TYPE });
  const left = { commandId, told: { decided: recall(loaded, commandId, [])?.decided ?? null, standing, state } };
  if (arrival.done === null) return [left];
  const { done } = arrival;
  const told = { decided: done.decided, standing: done.standing, state: done.state };
  return [left, { commandId: arrival.outcome === 'arrived' ? commandId : moveBackId(commandId), told }];
}

export const toldOfParts = (parts: readonly ToldPart[]): readonly CausedPaymentChanges[] =>
  parts.flatMap(({ commandId, told }) => toldOf(told, commandId));
