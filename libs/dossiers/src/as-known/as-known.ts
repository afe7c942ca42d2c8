/** What was known of a person at a moment: the last decision recorded until then, with exactly the facts that it had seen. */
import type { EventStore, RecordedEvent } from '#libs/event-store';
import { dossierStream, PersonFold, type PersonDecided, type PersonId } from '#libs/trajectory';
import { loadPersons } from '../person/load';

/** A moment as ISO 8601 in UTC (`…Z`), or a date, which stands for its whole day in the Netherlands. */
export type KnownOn = string;

export interface PersonAsKnown {
  readonly fold: PersonFold;
  /** The decision that was the last one then; null = there was none yet, and nothing counts as known. */
  readonly decided: {
    readonly revision: number;
    readonly recordedAt: string;
    readonly data: PersonDecided['data'];
  } | null;
}

/** Answers null when the person has no dossier at all. `knownOn` null = now, up to the last decision. Reads only. */
export async function asKnown(store: EventStore, personId: PersonId, knownOn: KnownOn | null): Promise<PersonAsKnown | null> {
  const events = (await loadPersons(store, [personId])).get(personId)?.events ?? [];
  if (events.length === 0) return null;
  const stream = dossierStream(personId);
  const dossier = events.filter((event) => event.stream === stream);
  const last = dossier.findLast((event) => isDecision(event) && isUntil(event.recordedAt, knownOn));
  const fold = new PersonFold(personId);
  if (last === undefined) return { fold, decided: null };
  const data = last.data as PersonDecided['data'];
  for (const event of dossier) if (event.revision <= last.revision) fold.apply(event);
  for (const event of events) if (event.stream !== stream && event.revision <= (data.seen[event.stream] ?? -1)) fold.apply(event);
  return { fold, decided: { revision: last.revision, recordedAt: last.recordedAt, data } };
}

const isDecision = (event: RecordedEvent): boolean => event.type.startsWith('PersonDecided.');

const DUTCH_DATE = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Amsterdam' });

function isUntil(recordedAt: string, knownOn: KnownOn | null): boolean {
  if (knownOn === null) return true;
  if (knownOn.length === 'YYYY-MM-DD'.length) return DUTCH_DATE.format(new Date(recordedAt)) <= knownOn;
  return Date.parse(recordedAt) <= Date.parse(knownOn);
}
