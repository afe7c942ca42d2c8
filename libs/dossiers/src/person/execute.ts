/**
 * Carries out commands of many persons at once, in the one serial order per person: whatever a command adds ends in exactly one
 * `PersonDecided`, appended to the dossier at the exact revision that was read.
 */
import type { AppendUnit, EventStore, LogPosition, NewEvent, StreamAppend, UnitOutcome } from '#libs/event-store';
import { decide, type PolicyBook } from '#libs/coverage';
import {
  dossierStream,
  trajectoryStream,
  type CommandId,
  type DossierEvent,
  type LineDecision,
  type PersonDecided,
  type PersonFold,
  type PersonId,
  type TrajectoryEvent,
} from '#libs/trajectory';
import type { PolicyInEffect } from '../policy/registry';
import { bookPerson, bookUnseen, type Booking } from './book';
import type { PersonCommand, PersonOutcome, Plan, PlannedFacts } from './command';
import { activationCommandId, eventId } from './event-ids';
import { loadPersons, refold, type LoadedPerson } from './load';

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
  let pending = [...commands];
  for (let attempt = 1; pending.length > 0; attempt += 1) {
    if (attempt > MAX_ATTEMPTS)
      throw new ContentionError(`${pending.length} persons kept moving during ${MAX_ATTEMPTS} attempts`);
    if (attempt > 1) await pause(attempt);
    const policy = await context.policies.inEffect();
    const persons = pending.map((command) => command.personId);
    const loaded = await loadPersons(context.store, persons);
    const standing = await bookStanding(context.store, policy, [...loaded.values()]);
    const current = pending.filter((command) => standing.get(command.personId) !== 'moved');
    const written = await writeCommands(context.store, policy, current, loaded, standing, outcomes);
    pending = pending.filter((command) => standing.get(command.personId) === 'moved' || written.has(command.personId));
  }
  return commands.map((command) => outcomes.get(command.personId) as PersonOutcome<R>);
}

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
      bookings.push({ command, actor: 'policy', ...bookPerson(fold, policy.book, { command, type: 'ActivatePolicy' }) });
      bookings.push(
        ...bookUnseen(
          fold,
          unseen.filter((each) => each.stream !== stream),
          policy.book,
        ),
      );
    } else bookings.push(...bookUnseen(fold, unseen, policy.book));
    if (bookings.length === 0) continue;
    const events = bookings.map((each) => toNewEvent(each.event, each.command, each.actor, fold.personId, stream, 'decided'));
    units.push({ person: fold.personId, bookings, unit: { streams: [{ stream, expectedRevision, events }] } });
  }
  const answers = units.length === 0 ? [] : await store.append(units.map((each) => each.unit));
  units.forEach(({ person, bookings }, i) => {
    const answer = answers[i] as UnitOutcome;
    standing.set(person, answer.outcome === 'appended' ? { position: answer.position, bookings } : 'moved');
  });
  return standing;
}

interface Prepared<R> {
  readonly command: PersonCommand<R>;
  readonly fold: PersonFold;
  readonly facts: PlannedFacts;
  readonly result: R;
  /** Revisions before the command's own events, by stream. */
  readonly before: ReadonlyMap<string, number>;
  /** The decision over the facts; not yet booked. */
  readonly decisions: LineDecision[];
}

/** Plans and writes the commands on what was read. Returns the persons to try again. */
async function writeCommands<R>(
  store: EventStore,
  policy: PolicyInEffect,
  commands: readonly PersonCommand<R>[],
  loaded: ReadonlyMap<PersonId, LoadedPerson>,
  standing: ReadonlyMap<PersonId, Standing>,
  outcomes: Map<PersonId, PersonOutcome<R>>,
): Promise<ReadonlySet<PersonId>> {
  const prepared: Prepared<R>[] = [];
  const again = new Set<PersonId>();
  for (const command of commands) {
    const stood = standing.get(command.personId) as Standing;
    const outcome = prepare(command, loaded.get(command.personId) as LoadedPerson, policy.book, stood);
    if (outcome === 'read-again') again.add(command.personId);
    else if ('outcome' in outcome) outcomes.set(command.personId, outcome);
    else prepared.push(outcome);
  }
  if (prepared.length === 0) return again;
  if (!store.capabilities.atomicUnits) {
    await appendFactsOnly(store, prepared);
    // The next round reads the facts back and books them; whether they were written, in part or not at all, it will see.
    for (const each of prepared) again.add(each.command.personId);
    return again;
  }
  const booked = prepared.map((each) => ({
    each,
    ...bookPerson(each.fold, policy.book, { command: each.command.commandId, type: each.command.type }, each.decisions),
  }));
  const answers = await store.append(booked.map(({ each, event }) => ({ streams: [...factStreams(each, event)] })));
  booked.forEach(({ each, event, released }, i) => {
    const answer = answers[i] as UnitOutcome;
    // `already-appended` is another run of the same command, which may have decided on other facts: read what it did.
    if (answer.outcome !== 'appended') again.add(each.command.personId);
    else
      outcomes.set(each.command.personId, {
        outcome: 'done',
        changed: true,
        released,
        result: each.result,
        decided: event.data,
        state: each.fold,
        position: answer.position,
      });
  });
  return again;
}

/** Plans, applies and decides the command on what was read; writes nothing. */
function prepare<R>(
  command: PersonCommand<R>,
  loaded: LoadedPerson,
  book: PolicyBook,
  stood: Standing,
): Prepared<R> | PersonOutcome<R> | 'read-again' {
  let fold = loaded.fold;
  for (let plans = 1; ; plans += 1) {
    const plan: Plan<R> = command.plan(fold);
    if ('refusals' in plan) return { outcome: 'refused', refusals: plan.refusals };
    if (plan.facts.dossier.length === 0 && plan.facts.trajectories.size === 0) {
      // On a store without transactions over streams the command's own facts were booked a moment ago.
      const booking = typeof stood === 'object' ? stood.bookings.find((each) => each.command === command.commandId) : undefined;
      return {
        outcome: 'done',
        changed: booking !== undefined,
        released: booking?.released ?? [],
        result: plan.result,
        decided: fold.decidedCommands.get(command.commandId) ?? null,
        state: fold,
        position: typeof stood === 'object' ? stood.position : null,
      };
    }
    const before = new Map(fold.revisions);
    applyFacts(fold, plan.facts);
    const decisions = decide(fold, book);
    const accepted = command.accepts?.(new Map(decisions.map((each) => [each.line, each]))) ?? true;
    if (accepted || plans === MAX_PLANS) return { command, fold, facts: plan.facts, result: plan.result, before, decisions };
    // Facts were applied that will not be written. What was booked a moment ago is not in `loaded`: then read again.
    if (stood !== 'current') return 'read-again';
    fold = refold(loaded);
  }
}

function applyFacts(fold: PersonFold, facts: PlannedFacts): void {
  const apply = (stream: string, event: DossierEvent | TrajectoryEvent): void =>
    fold.apply({ stream, revision: (fold.revisions.get(stream) ?? -1) + 1, type: event.type, data: event.data });
  for (const event of facts.dossier) apply(dossierStream(fold.personId), event);
  for (const [id, events] of facts.trajectories) for (const event of events) apply(trajectoryStream(id), event);
}

/** Without transactions over streams: the links first, then each trajectory's facts, all at exact revisions. */
async function appendFactsOnly<R>(store: EventStore, prepared: readonly Prepared<R>[]): Promise<void> {
  await store.append(prepared.map((each) => ({ streams: [...factStreams(each, null)] })));
}

/** The streams of a command's unit: the dossier first, for it links the trajectories that follow. */
function* factStreams<R>(each: Prepared<R>, decided: PersonDecided | null): Generator<StreamAppend> {
  const { personId, commandId, actor } = each.command;
  const append = (stream: string, events: readonly (DossierEvent | TrajectoryEvent)[]): StreamAppend => ({
    stream,
    expectedRevision: each.before.get(stream) ?? -1,
    events: events.map((event, i) =>
      toNewEvent(event, commandId, actor, personId, stream, event.type === 'PersonDecided.v1' ? 'decided' : i),
    ),
  });
  const dossier = decided === null ? each.facts.dossier : [...each.facts.dossier, decided];
  if (dossier.length > 0) yield append(dossierStream(personId), dossier);
  for (const [id, events] of each.facts.trajectories) yield append(trajectoryStream(id), events);
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
