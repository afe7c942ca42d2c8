/**
 * Carries out commands of many persons at once, in the one serial order per person: whatever a command adds ends in exactly one
 * `PersonDecided`, appended to the dossier at the exact revision that was read.
 */
import type { AppendUnit, EventStore, LogPosition, NewEvent, RecordedEvent, StreamAppend, UnitOutcome } from '#libs/event-store';
import { decide, type PolicyBook } from '#libs/coverage';
import {
  dossierStream,
  trajectoryStream,
  type CommandId,
  type DecisionCause,
  type DossierEvent,
  type PersonDecided,
  type PersonFold,
  type PersonId,
  type TrajectoryEvent,
} from '#libs/trajectory';
import type { PolicyInEffect } from '../policy/registry';
import type { Refusal } from '../refusal';
import { areWhole, bookPerson, bookUnseen, type Booking, type Decided, type OwnCommand } from './book';
import type { PersonCommand, PersonOutcome, Plan, PlannedFacts } from './command';
import { activationCommandId, DECIDED, DECIDED_BY_FINDER, decidedInPart, eventId, LAST_FACT } from './event-ids';
import { EVENTS_TO_KEEP, type FoldCache, type FoldToKeep } from './fold-cache';
import { loadPersons, refold, type LoadedPerson } from './load';
import { recall, resultAgain, type Recalled } from './recall';
import { tellsPayments, untoldBefore } from './untold';

/** Attempts on a moved revision or an unknown outcome, before the command fails as a whole. */
const MAX_ATTEMPTS = 25;
/** Plans of one command on one read: only the declaration of lines plans more than once. */
const MAX_PLANS = 10;

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
    // Read after the persons: a version by which one of them was decided is never newer than this one.
    const policy = await context.policies.inEffect();
    const round: Round<R> = { store: context.store, book: policy.book, loaded, outcomes, sent };
    const { known, unfinished } = await finishFacts(round, pending);
    const ready = pending.filter((command) => !unfinished.has(command.personId));
    const standing = await bookStanding(
      context.store,
      policy,
      ready.filter((each) => !isDone(round, each)).map((each) => loadedOf(round, each)),
      known,
    );
    const current = ready.filter((command) => standing.get(command.personId) !== 'moved');
    const again = await writeCommands(round, current, standing);
    if (context.store.capabilities.atomicUnits) await keepLong(context, loaded, outcomes);
    pending = pending.filter(
      ({ personId }) => unfinished.has(personId) || standing.get(personId) === 'moved' || again.has(personId),
    );
  }
  return commands.map((command) => outcomes.get(command.personId) as PersonOutcome<R>);
}

/** One attempt: what was read, and where its ends go. */
interface Round<R> {
  readonly store: EventStore;
  readonly book: PolicyBook;
  readonly loaded: ReadonlyMap<PersonId, LoadedPerson>;
  readonly outcomes: Map<PersonId, PersonOutcome<R>>;
  readonly sent: Set<PersonId>;
}

/** Loads the persons; whose command was decided before is read from the streams alone, to recall what the command met and did. */
async function loadAll<R>(
  store: EventStore,
  commands: readonly PersonCommand<R>[],
  cache: FoldCache | null,
): Promise<ReadonlyMap<PersonId, LoadedPerson>> {
  const ids = commands.map((command) => command.personId);
  const loaded = await loadPersons(store, ids, cache);
  if (cache === null) return loaded;
  const decidedBefore = commands.filter(({ personId, commandId }) => {
    const person = loaded.get(personId);
    return person?.earlier.has(commandId) === true || person?.fold.decidedCommands.has(commandId) === true;
  });
  if (decidedBefore.length === 0) return loaded;
  const whole = await loadPersons(
    store,
    decidedBefore.map((command) => command.personId),
  );
  return new Map([...loaded, ...whole]);
}

/** Keeps the folds of those whose streams have grown long since their last snapshot. */
async function keepLong<R>(
  { foldCache }: ExecutionContext,
  loaded: ReadonlyMap<PersonId, LoadedPerson>,
  outcomes: ReadonlyMap<PersonId, PersonOutcome<R>>,
): Promise<void> {
  if (foldCache == null) return;
  const folds: FoldToKeep[] = [];
  for (const [personId, { fold, events, earlier }] of loaded) {
    const outcome = outcomes.get(personId);
    if (outcome?.outcome !== 'done' || !outcome.changed || outcome.state !== fold) continue;
    // What nobody has told of yet is read off the streams: a snapshot ends at a decision that was told.
    if (!tellsPayments(outcome.decided?.cause.type ?? '')) continue;
    const gained = events.length + (outcome.decided?.decisions.length ?? 0);
    if (gained < EVENTS_TO_KEEP) continue;
    folds.push({ fold, revision: fold.revisions.get(dossierStream(personId)) ?? -1, earlier });
  }
  await foldCache.keep(folds);
}

const loadedOf = <R>(round: Round<R>, command: PersonCommand<R>): LoadedPerson =>
  round.loaded.get(command.personId) as LoadedPerson;

/**
 * Whether the command was carried out before, to its end: with transactions a decided command always was. It then books nothing, also
 * not under a policy that was activated since: it repeats its answer, in which nobody would be told of that.
 */
const isDone = <R>(round: Round<R>, command: PersonCommand<R>): boolean =>
  round.store.capabilities.atomicUnits && loadedOf(round, command).fold.decidedCommands.has(command.commandId);

/** Writers that met on one person part again: waits a growing, random time, at most 100 ms. */
const pause = (attempt: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, Math.random() * Math.min(100, 2 ** attempt)));

/** `current`: there was nothing to book; `moved`: another writer came between; else what was booked, up to which position. */
type Standing = 'current' | 'moved' | { readonly position: LogPosition; readonly bookings: readonly Booking[] };

/**
 * Books what a person stands with before the command's own facts: old facts under a policy version that has been activated
 * since, and facts that no decision has seen. Answers per person what was done.
 */
export async function bookStanding(
  store: EventStore,
  policy: PolicyInEffect,
  persons: readonly LoadedPerson[],
  known: ReadonlyMap<CommandId, OwnCommand> = new Map(),
): Promise<ReadonlyMap<PersonId, Standing>> {
  const standing = new Map<PersonId, Standing>();
  const units: { readonly person: PersonId; readonly bookings: readonly Booking[]; readonly unit: AppendUnit }[] = [];
  for (const { fold, unseen } of persons) {
    standing.set(fold.personId, 'current');
    const stream = dossierStream(fold.personId);
    const inDossier = unseen.filter((event) => event.stream === stream).length;
    const expectedRevision = (fold.revisions.get(stream) ?? -1) + inDossier;
    const bookings: Booking[] = [];
    if (fold.lastDecided !== null && fold.lastDecided.policy.digest !== policy.book.digest) {
      // A decision on the old facts alone cannot be written behind newer dossier facts: those are then seen with it.
      for (const event of unseen) if (event.stream === stream) fold.apply(event);
      const command = activationCommandId(policy.activation, fold.personId);
      const decided = bookPerson(fold, policy.book, { command, type: 'ActivatePolicy' });
      bookings.push({ command, actor: 'policy', isWhole: true, ...decided });
    }
    bookings.push(...bookUnseen(fold, unseen, policy.book, known));
    if (bookings.length === 0) continue;
    const keyOf = ({ command, event, isWhole }: Booking, i: number): string => {
      if (!isWhole) return decidedInPart(expectedRevision + 1 + i);
      return known.has(command) || event.data.cause.type === 'ActivatePolicy' ? DECIDED : DECIDED_BY_FINDER;
    };
    const events = bookings.map((each, i) =>
      toNewEvent(each.event, each.command, each.actor, fold.personId, stream, keyOf(each, i)),
    );
    units.push({ person: fold.personId, bookings, unit: { streams: [{ stream, expectedRevision, events }] } });
  }
  const answers = units.length === 0 ? [] : await store.append(units.map((each) => each.unit));
  units.forEach(({ person, bookings }, i) => {
    const answer = answers[i] as UnitOutcome;
    standing.set(person, answer.outcome === 'appended' ? { position: answer.position, bookings } : 'moved');
  });
  return standing;
}

/**
 * Without transactions over streams a command may have been stopped between its streams, by a conflict or with its process. Then
 * the rest of its facts is written before anything is booked, so that it still ends in one decision.
 */
async function finishFacts<R>(
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
      const rest = prepare(command, withUnseen(), round, withUnseen);
      if (rest.kind === 'prepared') rests.push({ ...rest, earlier: factsOf(loaded, command) });
      isWhole = rest.kind === 'nothing';
    }
    known.set(command.commandId, { type: command.type, isWhole });
  }
  if (rests.length > 0) await appendFacts(round, rests);
  return { known, unfinished: new Set(rests.map((each) => each.command.personId)) };
}

interface Prepared<R> {
  readonly kind: 'prepared';
  readonly command: PersonCommand<R>;
  readonly fold: PersonFold;
  readonly facts: PlannedFacts;
  readonly result: R;
  /** Revisions before the command's own events, by stream. */
  readonly before: ReadonlyMap<string, number>;
  /** The decision over the facts, and the fold brought up to it; null where the facts are written first and read back. */
  readonly booked: Decided | null;
  /** Facts that the command wrote before. */
  readonly earlier: readonly RecordedEvent[];
}

const factsOf = <R>(loaded: LoadedPerson, { commandId }: PersonCommand<R>): RecordedEvent[] =>
  loaded.events.filter((event) => event.metadata.commandId === commandId && !event.type.startsWith('PersonDecided.'));

/** Plans and writes the commands on what was read. Returns the persons to try again. */
async function writeCommands<R>(
  round: Round<R>,
  commands: readonly PersonCommand<R>[],
  standing: ReadonlyMap<PersonId, Standing>,
): Promise<ReadonlySet<PersonId>> {
  const { store, outcomes, sent } = round;
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
    const plan = prepare(command, loaded.fold, round, stood === 'current' ? () => refold(loaded) : null);
    if (plan.kind === 'read-again') again.add(personId);
    else if (plan.kind === 'refused') outcomes.set(personId, { outcome: 'refused', refusals: plan.refusals });
    else if (plan.kind === 'prepared')
      prepared.push(store.capabilities.atomicUnits ? plan : { ...plan, earlier: factsOf(loaded, command) });
    else {
      const { fold, result } = plan;
      const untold = untoldBefore(fold, loaded.events, bookingsOf(stood), causeOf(command));
      // It has nothing to add, but something to tell: an empty decision records that it is told, and by whom.
      if (untold.length > 0 && recalled === null) {
        const before = new Map(fold.revisions);
        closing.push({
          kind: 'prepared',
          command,
          fold,
          facts: NO_FACTS,
          result,
          before,
          booked: bookPerson(fold, round.book, causeOf(command)),
          earlier: [],
        });
      } else
        outcomes.set(personId, {
          outcome: 'done',
          changed: false,
          released: [],
          result,
          decided: recalled?.decided ?? null,
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

const causeOf = ({ commandId, type }: PersonCommand<unknown>): DecisionCause => ({ command: commandId, type });
const NO_FACTS: PlannedFacts = { dossier: [], trajectories: new Map() };

const positionOf = (stood: Standing): LogPosition | null => (typeof stood === 'object' ? stood.position : null);
const bookingsOf = (stood: Standing): readonly Booking[] => (typeof stood === 'object' ? stood.bookings : []);

/** What a command that is decided answers: the same as when it was carried out. */
function outcomeAgain<R>(round: Round<R>, command: PersonCommand<R>, recalled: Recalled, stood: Standing): PersonOutcome<R> {
  const { personId, commandId } = command;
  const loaded = loadedOf(round, command);
  const { decided, released } = recalled;
  const again = resultAgain(command, recalled, MAX_PLANS);
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

type Preparation<R> =
  | Prepared<R>
  | { readonly kind: 'nothing'; readonly fold: PersonFold; readonly result: R }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'read-again' };

/** Plans, applies and decides the command on what was read; writes nothing. `anew` gives the same fold again, when it can. */
function prepare<R>(
  command: PersonCommand<R>,
  given: PersonFold,
  { book, store }: Pick<Round<R>, 'book' | 'store'>,
  anew: (() => PersonFold) | null,
): Preparation<R> {
  let fold = given;
  for (let plans = 1; ; plans += 1) {
    const plan: Plan<R> = command.plan(fold, false);
    if ('refusals' in plan) return { kind: 'refused', refusals: plan.refusals };
    const { facts, result } = plan;
    if (facts.dossier.length === 0 && facts.trajectories.size === 0) return { kind: 'nothing', fold, result };
    const before = new Map(fold.revisions);
    applyFacts(fold, facts);
    const decisions = decide(fold, book);
    const accepted = command.accepts?.(new Map(decisions.map((each) => [each.line, each]))) ?? true;
    if (accepted || plans === MAX_PLANS) {
      // Booked at once: the decisions of many persons, held until all are decided, are what the garbage collector would copy around.
      const booked = store.capabilities.atomicUnits ? bookPerson(fold, book, causeOf(command), decisions) : null;
      return { kind: 'prepared', command, fold, facts, result, before, booked, earlier: [] };
    }
    // facts were applied that will not be written
    if (anew === null) return { kind: 'read-again' };
    fold = anew();
  }
}

function applyFacts(fold: PersonFold, facts: PlannedFacts): void {
  const apply = (stream: string, event: DossierEvent | TrajectoryEvent): void =>
    fold.apply({ stream, revision: (fold.revisions.get(stream) ?? -1) + 1, type: event.type, data: event.data });
  for (const event of facts.dossier) apply(dossierStream(fold.personId), event);
  for (const [id, events] of facts.trajectories) for (const event of events) apply(trajectoryStream(id), event);
}

/** Without transactions over streams: the links first, then each trajectory's facts, all at exact revisions. */
async function appendFacts<R>({ store, sent }: Round<R>, prepared: readonly Prepared<R>[]): Promise<void> {
  const units = prepared.map((each) => ({ streams: factStreams(each, null) }));
  const answers = await store.append(units);
  prepared.forEach((each, i) => {
    const answer = answers[i] as UnitOutcome;
    if (answer.outcome !== 'conflict' || answer.stream !== units[i]?.streams[0]?.stream) sent.add(each.command.personId);
  });
}

/** The streams of a command's unit: the dossier first, for it links the trajectories that follow. */
function factStreams<R>(each: Prepared<R>, decided: PersonDecided | null): StreamAppend[] {
  const { personId, commandId, actor } = each.command;
  const dossier = decided === null ? each.facts.dossier : [...each.facts.dossier, decided];
  const streams: [string, readonly (DossierEvent | TrajectoryEvent)[]][] = [];
  if (dossier.length > 0) streams.push([dossierStream(personId), dossier]);
  for (const [id, events] of each.facts.trajectories) streams.push([trajectoryStream(id), events]);
  const last = decided === null ? streams.at(-1)?.[1].at(-1) : null;
  return streams.map(([stream, events]) => {
    const earlier = each.earlier.filter((event) => event.stream === stream).length;
    const keyOf = (event: DossierEvent | TrajectoryEvent, i: number): string | number =>
      event.type === 'PersonDecided.v1' ? DECIDED : event === last ? LAST_FACT : earlier + i;
    return {
      stream,
      expectedRevision: each.before.get(stream) ?? -1,
      events: events.map((event, i) => toNewEvent(event, commandId, actor, personId, stream, keyOf(event, i))),
    };
  });
}

const toNewEvent = (
  event: DossierEvent | TrajectoryEvent,
  commandId: CommandId,
  actor: string,
  personId: PersonId,
  stream: string,
  key: string | number,
): NewEvent => ({
  id: eventId(commandId, stream, key),
  type: event.type,
  data: event.data,
  metadata: { personId, commandId, actor },
});
