/** Closes the dossier of a person who is erased, by `PersonErased`. */
import type { EventStore, LogPosition } from '#libs/event-store';
import { dossierStream, type PersonErased, type PersonId } from '#libs/trajectory';
import { erasureCommandId } from '../person/event-ids';
import { ContentionError } from '../person/execute';
import { toNewEvent } from '../person/prepare';

const MAX_ATTEMPTS = 25;

/**
 * Answers the position of the event, which is there once however often it is asked for; null when the person has no dossier. What
 * commands have written until then stays as it is, and what they write after it conflicts.
 */
export async function closeDossier(
  store: EventStore,
  personId: PersonId,
  erasedAt: string,
  actor: string,
): Promise<LogPosition | null> {
  const stream = dossierStream(personId);
  const event: PersonErased = { type: 'PersonErased.v1', data: { personId, erasedAt } };
  const events = [toNewEvent(event, erasureCommandId(personId), { actor }, personId, stream, 'erased')];
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const [dossier = []] = await store.readStreams([{ stream }]);
    const last = dossier.at(-1);
    if (last === undefined) return null;
    if (last.type.startsWith('PersonErased.')) return last.position;
    const [answer] = await store.append([{ streams: [{ stream, expectedRevision: last.revision, events }] }]);
    if (answer?.outcome === 'appended' || answer?.outcome === 'already-appended') return answer.position;
  }
  throw new ContentionError(`the dossier of ${personId} kept moving during ${MAX_ATTEMPTS} attempts to close it`);
}
