/**
 * Carries out commands of many persons at once, in the one serial order per person: whatever a command adds ends in exactly one
 * `PersonDecided`, appended to the dossier at the exact revision that was read.
 */
import type { EventStore, LogPosition, UnitOutcome } from '#libs/event-store';
import type { PersonId } from '#libs/trajectory';
import type { PolicyInEffect } from '../policy/registry';
import { bookPerson, factsOf, type Booking } from './book';
import { keepLong, loadAll } from './cached-load';
import type { PersonCommand, PersonOutcome, PlannedFacts } from './command';
import { refuseErased } from './erased';
import { appendFacts, finishFacts } from './finish';
import type { FoldCache } from './fold-cache';
import { refold } from './load';
import { causeOf, factStreams, MAX_PLANS, prepare, type Prepared } from './prepare';
import { recall, resultAgain, type Recalled } from './recall';
import { loadedOf, type Round } from './round';
import { bookStanding, type Standing } from './standing';
import { untoldBefore } from './untold';

/** Attempts on a moved revision or an unknown outcome, before the command fails as a whole. */
const MAX_ATTEMPTS = 25;

/** The store did not take a person's events after many fresh reads; the command may be given again. */
export class ContentionError extends Error {
  override readonly name = 'ContentionError';
}

export interface ExecutionContext {
  readonly store: EventStore;
  readonly policies: { inEffect(): Promise<PolicyInEffect> };
  /** Folds of long histories; only a first attempt reads them, so that a stale one costs one attempt at most. */
  readonly foldCache?: FoldCache | null;
  /** Waits before an attempt that is not the first; default a growing, random time. */
  readonly pause?: (attempt: number) => Promise<void>;
}

/**
 * Executes the commands, at most one per person, in as few round trips as the store allows. Outcomes are in the order of the
 * commands. Throws ContentionError, and whatever the store throws; a refusal is an outcome.
 */
export async function executePersonCommands<R>(
  context: ExecutionContext,
  commands: readonly PersonCommand<R>[],
): Promise<PersonOutcome<R>[]> {
  if (new Set(commands.map((command) => command.personId)).size !== commands.length)
    throw new Error('a batch holds at most one command of a person');
  const outcomes = new Map<PersonId, PersonOutcome<R>>();
  /** Whose events this run has sent: what is there of them later may well be of this run. */
  const sent = new Set<PersonId>();
  let pending = [...commands];
  for (let attempt = 1; pending.length > 0; attempt += 1) {
    if (attempt > MAX_ATTEMPTS)
      throw new ContentionError(`${pending.length} persons kept moving during ${MAX_ATTEMPTS} attempts`);
    if (attempt > 1) await (context.pause ?? pause)(attempt);
    // Mostly another writer was quicker; but a snapshot that does not fit the streams must not be met again.
    if (attempt === 2 && context.foldCache) await context.foldCache.drop(pending.map(({ personId }) => personId));
    const cache = (attempt === 1 && context.store.capabilities.atomicUnits && context.foldCache) || null;
    const loaded = await loadAll(context.store, pending, cache);
    refuseErased(loaded, pending, outcomes);
    pending = pending.filter(({ personId }) => !outcomes.has(personId));
    // Read after the persons: a version by which one of them was decided is never newer than this one.
    const policy = await context.policies.inEffect();
    const round: Round<R> = { store: context.store, book: policy.book, loaded, outcomes, sent };
    const { begun, unfinished } = await finishFacts(round, pending);
    const ready = pending.filter((command) => !unfinished.has(command.personId));
    const standing = await bookStanding(
      context.store,
      policy,
      ready.filter((each) => !isDone(round, each)).map((each) => loadedOf(round, each)),
      begun,
    );
    const current = ready.filter((command) => standing.get(command.personId) !== 'moved');
    const again = await writeCommands(round, current, standing);
    if (context.store.capabilities.atomicUnits) await keepLong(context.foldCache ?? null, loaded, outcomes);
    pending = pending.filter(
      ({ personId }) => unfinished.has(personId) || standing.get(personId) === 'moved' || again.has(personId),
    );
  }
  return commands.map((command) => outcomes.get(command.personId) as PersonOutcome<R>);
}

/**
 * Whether the command was carried out before, to its end: with transactions a decided command always was. It then books nothing, also
 * not under a policy that was activated since: it repeats its answer, in which nobody would be told of that.
 */
const isDone = <R>(round: Round<R>, command: PersonCommand<R>): boolean =>
  round.store.capabilities.atomicUnits && loadedOf(round, command).fold.decidedCommands.has(command.commandId);

/** Writers that met on one person part again: waits a growing, random time, at most 100 ms. */
const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(100, 2 ** attempt)));

/** Plans and writes the commands on what was read. Returns the persons to try again. */
async function writeCommands<R>(
  round: Round<R>,
  commands: readonly PersonCommand<R>[],
  standing: ReadonlyMap<PersonId, Standing>,
): Promise<ReadonlySet<PersonId>> {
  const { store, book, outcomes, sent } = round;
  const prepared: Prepared<R>[] = [];
  const closing: Prepared<R>[] = [];
  const again = new Set<PersonId>();
  for (const command of commands) {
    const { personId, commandId } = command;
    const loaded = loadedOf(round, command);
    const stood = standing.get(personId) ?? 'current';
    const recalled = recall(loaded, commandId, bookingsOf(stood));
    if (recalled?.isWhole === true) {
      outcomes.set(personId, outcomeAgain(round, command, recalled, stood));
      continue;
    }
    // What was booked a moment ago is not in `loaded`: to plan once more over it, read again.
    const anew = stood === 'current' ? () => refold(loaded) : null;
    const plan = prepare(command, loaded.fold, { book, books: store.capabilities.atomicUnits }, anew);
    if (plan.kind === 'read-again') again.add(personId);
    else if (plan.kind === 'refused') outcomes.set(personId, { outcome: 'refused', refusals: plan.refusals });
    else if (plan.kind === 'prepared')
      prepared.push(store.capabilities.atomicUnits ? plan : { ...plan, earlier: factsOf(loaded, commandId) });
    // What it had written is decided, and there is nothing more to write: the next round closes it.
    else if (recalled !== null) again.add(personId);
    else {
      const { fold, result } = plan;
      const untold = untoldBefore(fold, loaded.events, bookingsOf(stood), causeOf(command));
      if (untold.length > 0) {
        // It has nothing to add, but something to tell: an empty decision records that it is told, and by whom.
        const before = new Map(fold.revisions);
        const booked = bookPerson(fold, book, causeOf(command));
        closing.push({ kind: 'prepared', command, fold, facts: NO_FACTS, result, before, booked, earlier: [] });
        continue;
      }
      outcomes.set(personId, {
        outcome: 'done',
        changed: false,
        released: [],
        result,
        decided: null,
        standing: [],
        state: fold,
        position: positionOf(stood),
      });
    }
  }
  const inSteps = store.capabilities.atomicUnits ? [] : prepared;
  if (inSteps.length > 0) await appendFacts(round, inSteps);
  // The next round reads the facts back and books them; whether they were written, in part or not at all, it will see.
  for (const each of inSteps) again.add(each.command.personId);
  const atOnce = store.capabilities.atomicUnits ? [...prepared, ...closing] : closing;
  if (atOnce.length === 0) return again;
  const booked = atOnce.flatMap((each) => (each.booked === null ? [] : [{ each, ...each.booked }]));
  const answers = await store.append(booked.map(({ each, event }) => ({ streams: factStreams(each, event) })));
  booked.forEach(({ each, event, released }, i) => {
    const answer = answers[i] as UnitOutcome;
    const { personId } = each.command;
    if (answer.outcome === 'unknown') sent.add(personId);
    // `already-appended` is another run of the same command, which may have decided on other facts: read what it did.
    if (answer.outcome !== 'appended') again.add(personId);
    else
      outcomes.set(personId, {
        outcome: 'done',
        changed: each.facts !== NO_FACTS,
        released,
        result: each.result,
        decided: event.data,
        standing: untoldBefore(
          each.fold,
          loadedOf(round, each.command).events,
          bookingsOf(standing.get(personId) ?? 'current'),
          causeOf(each.command),
        ),
        state: each.fold,
        position: answer.position,
      });
  });
  return again;
}

const NO_FACTS: PlannedFacts = { dossier: [], trajectories: new Map() };

const positionOf = (stood: Standing): LogPosition | null => (typeof stood === 'object' ? stood.position : null);

const bookingsOf = (stood: Standing): readonly Booking[] => (typeof stood === 'object' ? stood.bookings : []);

/** What a command that is decided answers: the same as when it was carried out. */
function outcomeAgain<R>(round: Round<R>, command: PersonCommand<R>, recalled: Recalled, stood: Standing): PersonOutcome<R> {
  const { personId, commandId } = command;
  const loaded = loadedOf(round, command);
  const { decided, released } = recalled;
  const again = resultAgain(command, recalled, round.book, MAX_PLANS);
  if (again === null) throw new Error(`command ${commandId} was carried out and is refused now that it is given again`);
  const changed = round.sent.has(personId) || bookingsOf(stood).some((each) => each.command === commandId);
  const recorded = loaded.events.findLast(
    (event) => event.type.startsWith('PersonDecided.') && event.metadata.commandId === commandId,
  );
  return {
    outcome: 'done',
    changed,
    released: changed ? released : [],
    result: again.result,
    decided,
    standing: untoldBefore(loaded.fold, loaded.events, bookingsOf(stood), causeOf(command)),
    state: loaded.fold,
    position: positionOf(stood) ?? (changed ? (recorded?.position ?? null) : null),
  };
}
