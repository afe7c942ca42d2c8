/** Without transactions over streams: writing a command's facts stream by stream, and finishing what was stopped in between. */
import type { UnitOutcome } from '#libs/event-store';
import type { CommandId, PersonFold, PersonId } from '#libs/trajectory';
import { areWhole, type OwnCommand } from './book';
import type { PersonCommand } from './command';
import { refold } from './load';
import { factsOf, factStreams, prepare, type Prepared } from './prepare';
import { loadedOf, type Round } from './round';

/**
 * Without transactions over streams a command may have been stopped between its streams, by a conflict or with its process. Then
 * the rest of its facts is written before anything is booked, so that it still ends in one decision.
 */
export async function finishFacts<R>(
  round: Round<R>,
  commands: readonly PersonCommand<R>[],
): Promise<{ readonly known: ReadonlyMap<CommandId, OwnCommand>; readonly unfinished: ReadonlySet<PersonId> }> {
  const known = new Map<CommandId, OwnCommand>();
  const rests: Prepared<R>[] = [];
  if (round.store.capabilities.atomicUnits) return { known, unfinished: new Set() };
  for (const command of commands) {
    const loaded = loadedOf(round, command);
    const own = loaded.unseen.filter((event) => event.metadata.commandId === command.commandId);
    let isWhole = own.length > 0 && areWhole(own);
    if (own.length > 0 && !isWhole) {
      const withUnseen = (): PersonFold => refold(loaded, true);
      const rest = prepare(command, withUnseen(), round.book, withUnseen);
      if (rest.kind === 'prepared') rests.push({ ...rest, earlier: factsOf(loaded, command) });
      isWhole = rest.kind === 'nothing';
    }
    known.set(command.commandId, { type: command.type, isWhole });
  }
  if (rests.length > 0) await appendFacts(round, rests);
  return { known, unfinished: new Set(rests.map((each) => each.command.personId)) };
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
