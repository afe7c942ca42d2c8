/** What a command did, read back from the person's streams: the same for the first answer and for every later one. */
import { decidedInAll, loadPersons, paymentChanges, untoldBefore } from '#libs/dossiers';
import { comparePositions, type EventStore, type RecordedEvent } from '#libs/event-store';
import {
  dossierStream,
  isHeld,
  type CausedPaymentChanges,
  type CommandId,
  type PersonDecided,
  type PersonId,
  type SessionMovedOut,
  type SettlementEntry,
} from '#libs/trajectory';

const DECIDED = /^PersonDecided\./;

export interface CommandEffect {
  /** Queries that are at least as fresh as this see the effect; null when the person has no event at all. */
  readonly position: string | null;
  /** Events of the command, in log order, its decision last. */
  readonly facts: readonly RecordedEvent[];
  readonly decision: {
    /** The last one, where others booked the command in parts (only without transactions over streams). */
    readonly event: RecordedEvent;
    /** Over all of its parts. */
    readonly data: PersonDecided['data'];
    /** Lines that were held before and are not any more. */
    readonly released: readonly string[];
    readonly entries: readonly SettlementEntry[];
  } | null;
  /** Grants that moved before it and that nobody had told of, then those that it moved itself. */
  readonly moved: readonly CausedPaymentChanges[];
  /** What it did with a second person, who received what left the first; null = it is about one. */
  readonly receiving: { readonly personId: PersonId; readonly effect: CommandEffect } | null;
}

/** Reads the person's streams in two round trips. */
export async function readEffect(store: EventStore, personId: PersonId, commandId: CommandId): Promise<CommandEffect> {
  const loaded = (await loadPersons(store, [personId])).get(personId);
  const events = loaded?.events ?? [];
  const own = events
    .filter((event) => event.metadata.commandId === commandId)
    .sort((a, b) => comparePositions(a.position, b.position));
  const dossier = events.filter((event) => event.stream === dossierStream(personId));
  const parts = dossier.filter((event) => event.metadata.commandId === commandId && DECIDED.test(event.type));
  const event = parts.at(-1);
  const newest = own.at(-1) ?? [...events].sort((a, b) => comparePositions(a.position, b.position)).at(-1);
  const receiving = await readReceiving(store, own, commandId);
  const base = {
    position: receiving?.effect.position ?? newest?.position ?? null,
    facts: own.filter(({ type }) => !DECIDED.test(type)),
    receiving,
  };
  if (event === undefined || loaded === undefined) return { ...base, decision: null, moved: [] };
  const data = decidedInAll(parts.map((part) => part.data as PersonDecided['data']));
  return {
    ...base,
    decision: { event, data, released: releasedBy(parts, dossier), entries: data.entries },
    moved: [
      ...untoldBefore(loaded.fold, events, [], data.cause),
      { cause: { type: data.cause.type, id: commandId }, changes: paymentChanges(loaded.fold, data) },
    ],
  };
}

async function readReceiving(
  store: EventStore,
  own: readonly RecordedEvent[],
  commandId: CommandId,
): Promise<CommandEffect['receiving']> {
  const sent = own.find(({ type }) => type.startsWith('SessionMovedOut.'));
  if (sent === undefined) return null;
  const { to } = sent.data as SessionMovedOut['data'];
  return 'person' in to ? { personId: to.person, effect: await readEffect(store, to.person, commandId) } : null;
}

/** Revision of the person's last decision; -1 when there is none. */
export async function decidedRevision(store: EventStore, personId: PersonId): Promise<number> {
  const [dossier = []] = await store.readStreams([{ stream: dossierStream(personId) }]);
  return dossier.findLast((event) => DECIDED.test(event.type))?.revision ?? -1;
}

function releasedBy(parts: readonly RecordedEvent[], dossier: readonly RecordedEvent[]): string[] {
  const held = new Map<string, boolean>();
  const released: string[] = [];
  for (const event of dossier)
    if (DECIDED.test(event.type))
      for (const decision of (event.data as PersonDecided['data']).decisions) {
        if (parts.includes(event) && !isHeld(decision) && held.get(decision.line) === true) released.push(decision.line);
        held.set(decision.line, isHeld(decision));
      }
  return released;
}
