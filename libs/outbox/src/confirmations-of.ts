/** Which practices are to be told of a command, and of which lines: read off what is recorded, up to the command's own decision. */
import {
  dossierStream,
  lineKey,
  PersonFold,
  survivorOf,
  type AbsorptionReverted,
  type LineKey,
  type PersonDecided,
  type TrajectoryId,
} from '#libs/trajectory';
import type { RecordedEvent } from '#libs/event-store';
import { byReference, type ClaimReference, type Confirmation, type Confirmed } from './confirmation';

const TRAJECTORY = 'trajectory-';

/**
 * The confirmations of the command that `closing`, its last decision, belongs to; none when it is neither of a history nor of a remap or an absorption.
 * Told are the practices with lines of the trajectory concerned that the command decided anew. What it moved elsewhere, such as a
 * package of another trajectory, is told by payment specifications alone.
 * @param events all events of the person, the dossier's first, each stream in its order; later ones than `closing` are left out
 */
export function confirmationsOf(closing: RecordedEvent, events: readonly RecordedEvent[]): Confirmation[] {
  const { cause, seen } = closing.data as PersonDecided['data'];
  const own = events.filter(({ metadata }) => metadata.commandId === cause.command);
  const facts = own.filter(({ type }) => !isDecision(type));
  const confirmed = confirmedBy(facts);
  if (confirmed === null) return [];
  const fold = foldThrough(closing, events, seen);
  const concerned = new Set(
    facts
      .filter(isCorrection)
      .flatMap(trajectoriesOf)
      .map((id) => survivorAt(fold, id)),
  );
  const lines = new Set<LineKey>();
  for (const { data } of own.filter(({ type, revision }) => isDecision(type) && revision <= closing.revision))
    for (const { line, trajectory } of (data as PersonDecided['data']).decisions)
      if (concerned.has(survivorAt(fold, trajectory))) lines.add(line);
  return [...byPractice(fold, lines)]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([practice, references]) => ({ cause: cause.command, practice, confirmed, lines: references.sort(byReference) }));
}

const isDecision = (type: string): boolean => type.startsWith('PersonDecided.');
const CORRECTION = /^(HistoryImported|HistoryRetracted|DiagnosisRemapped|TrajectoryAbsorbed|AbsorptionReverted|RemapReverted)\./;
const isCorrection = ({ type }: RecordedEvent): boolean => CORRECTION.test(type);

/** Also the one that an absorbed trajectory has left: nothing need be recorded on that. */
const trajectoriesOf = ({ stream, type, data }: RecordedEvent): string[] => [
  stream.slice(TRAJECTORY.length),
  ...(type.startsWith('AbsorptionReverted.') ? [(data as AbsorptionReverted['data']).from] : []),
];

function confirmedBy(facts: readonly RecordedEvent[]): Confirmed | null {
  const of = (name: string): RecordedEvent | undefined => facts.find(({ type }) => type.startsWith(`${name}.`));
  const imported = of('HistoryImported');
  if (imported !== undefined)
    return (imported.data as { supersedes?: string }).supersedes === undefined ? 'import' : 'supersession';
  if (of('HistoryRetracted') !== undefined) return 'retraction';
  if (of('DiagnosisRemapped') !== undefined || of('TrajectoryAbsorbed') !== undefined) return 'remap';
  if (of('RemapReverted') !== undefined) return 'remap-reverted';
  return of('AbsorptionReverted') === undefined ? null : 'absorption-reverted';
}

/** The person as the decision saw it. */
function foldThrough(closing: RecordedEvent, events: readonly RecordedEvent[], seen: PersonDecided['data']['seen']): PersonFold {
  const { personId } = closing.metadata;
  const fold = new PersonFold(personId as PersonFold['personId']);
  const dossier = dossierStream(fold.personId);
  for (const event of events) {
    const last = event.stream === dossier ? closing.revision : (seen[event.stream] ?? -1);
    if (event.revision <= last) fold.apply(event);
  }
  return fold;
}

const survivorAt = (fold: PersonFold, id: string): TrajectoryId => survivorOf(fold, id as TrajectoryId);

function byPractice(fold: PersonFold, lines: ReadonlySet<LineKey>): Map<string, ClaimReference[]> {
  const practices = new Map<string, ClaimReference[]>();
  for (const { sessions } of fold.trajectories.values())
    for (const { practice, reference, invoice } of sessions.values()) {
      if (!lines.has(lineKey(practice, reference))) continue;
      const known = practices.get(practice) ?? [];
      known.push({ invoice, reference });
      practices.set(practice, known);
    }
  return practices;
}
