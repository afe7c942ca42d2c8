/** Without transactions over streams: writing a command's facts stream by stream, and finishing what was stopped in between. */
import type { UnitOutcome } from '#libs/event-store';
import type { PersonFold, PersonId } from '#libs/trajectory';
import { areWhole, factsOf, isClosed, type BegunCommand } from './book';
import type { PersonCommand } from './command';
import { refold } from './load';
import { factStreams, prepare, type Prepared } from './prepare';
import { loadedOf, type Round } from './round';

/**
 * Without transactions over streams a command may have been stopped between its streams, by a conflict or with its process. Then
 * the rest of its facts is written before anything is booked, so that it still ends in one decision; unless facts of another command
 * are there that no decision has seen.
 *
 * For facts are written only where a decision has seen everything before them, or all but facts of the same command. So in every
 * stream what no decision has seen is of one command, whoever met whom, and a decision never has to take in another command's facts
 * to take in its own.
 */
export async function finishFacts<R>(
  round: Round<R>,
  commands: readonly PersonCommand<R>[],
): Promise<{ readonly begun: ReadonlyMap<PersonId, BegunCommand>; readonly unfinished: ReadonlySet<PersonId> }> {
  const begun = new Map<PersonId, BegunCommand>();
  const rests: Prepared<R>[] = [];
  if (round.store.capabilities.atomicUnits) return { begun, unfinished: new Set() };
  for (const command of commands) {
    const { personId, commandId, type, actor } = command;
    const loaded = loadedOf(round, command);
    const earlier = factsOf(loaded, commandId);
    if (earlier.length === 0 || isClosed(loaded, commandId)) continue;
    const withUnseen = (): PersonFold => refold(loaded, true);
    // What is begun is finished: it was agreed to before its first fact was written.
    const { review: _agreed, ...unreviewed } = command;
    const rest = areWhole(earlier) ? null : prepare(unreviewed, withUnseen(), { book: round.book, books: false }, withUnseen);
    begun.set(personId, { command: commandId, type, actor, isWhole: rest === null || rest.kind === 'nothing' });
    const isAlone = loaded.unseen.every((event) => event.metadata.commandId === commandId);
    if (rest?.kind === 'prepared' && isAlone) rests.push({ ...rest, command, earlier });
  }
  if (rests.length > 0) await appendFacts(round, rests);
  return { begun, unfinished: new Set(rests.map((each) => each.command.personId)) };
}

/** Without transactions over streams: the links first, then each trajectory's facts, all at exact revisions. */
export async function appendFacts<R>({ store, sent }: Round<R>, prepared: readonly Prepared<R>[]): Promise<void> {
  const units = prepared.map((each) => ({ streams: factStreams(each, null) }));
  const answers = await store.append(units);
  prepared.forEach((each, i) => {
    const answer = answers[i] as UnitOutcome;
    if (answer.outcome !== 'conflict' || answer.stream !== units[i]?.streams[0]?.stream) sent.add(each.command.personId);
  });
}
