/** What a command adds to a person as it was read: planned, decided over, and made into appends. */
import { decide, type PolicyBook } from '#libs/coverage';
import type { EventMetadata, NewEvent, RecordedEvent, StreamAppend } from '#libs/event-store';
import { settle, type Settlement } from '#libs/settlement';
import {
  dossierStream,
  trajectoryStream,
  type CommandId,
  type DecisionCause,
  type DossierEvent,
  type HistoryFact,
  type HistoryImportId,
  type PersonDecided,
  type PersonFold,
  type PersonId,
  type TrajectoryEvent,
} from '#libs/trajectory';
import type { Refusal } from '../refusal';
import { bookPerson, type Decided } from './book';
import type { PersonCommand, Plan, PlannedFacts, Warrant } from './command';
import { DECIDED, eventId, lastFact } from './event-ids';

/** Plans of one command on one read: only the declaration of lines plans more than once. */
export const MAX_PLANS = 10;

export interface Prepared<R> {
  readonly kind: 'prepared';
  readonly command: PersonCommand<R>;
  readonly fold: PersonFold;
  readonly facts: PlannedFacts;
  readonly result: R;
  /** Revisions before the command's own events, by stream. */
  readonly before: ReadonlyMap<string, number>;
  /** The decision over the facts, and the fold brought up to it; null where nothing is booked yet (`PreparationSettings`). */
  readonly booked: Decided | null;
  /** Facts that the command wrote before. */
  readonly earlier: readonly RecordedEvent[];
}

export type Preparation<R> =
  | Prepared<R>
  | { readonly kind: 'nothing'; readonly fold: PersonFold; readonly result: R }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly kind: 'read-again' };

export const causeOf = ({ commandId, type }: PersonCommand<unknown>): DecisionCause => ({ command: commandId, type });

const NO_OBJECTIONS: readonly Refusal[] = [];
const NO_HISTORIES: ReadonlyMap<HistoryImportId, HistoryFact> = new Map();
const historiesOf = (fold: PersonFold): ReadonlyMap<HistoryImportId, HistoryFact> =>
  new Map([...fold.trajectories.values()].flatMap(({ histories }) => histories.map((each) => [each.importId, each])));

const NOTHING_SETTLED: Settlement = { decisions: [], withdrawn: [], entries: [] };

export interface PreparationSettings {
  readonly book: PolicyBook;
  /** Facts and decision are to be written together; false: the facts come first, or nothing is written at all. */
  readonly books: boolean;
}

/** Plans, applies and decides the command on what was read; writes nothing. `anew` gives the same fold again, when it can. */
export function prepare<R>(
  command: PersonCommand<R>,
  given: PersonFold,
  { book, books }: PreparationSettings,
  anew: (() => PersonFold) | null,
): Preparation<R> {
  let fold = given;
  for (let plans = 1; ; plans += 1) {
    const plan: Plan<R> = command.plan(fold, book, false);
    if ('refusals' in plan) return { kind: 'refused', refusals: plan.refusals };
    const { facts, result } = plan;
    const historiesBefore = command.review === undefined ? NO_HISTORIES : historiesOf(fold);
    const packagesBefore = fold.packages;
    const objections = (settlement: () => Settlement): readonly Refusal[] =>
      command.review?.({ state: fold, facts, historiesBefore, packagesBefore, settlement: settlement(), book }) ?? NO_OBJECTIONS;
    if (facts.dossier.length === 0 && facts.trajectories.size === 0) {
      const refusals = objections(() => NOTHING_SETTLED);
      return refusals.length > 0 ? { kind: 'refused', refusals } : { kind: 'nothing', fold, result };
    }
    const before = new Map(fold.revisions);
    applyFacts(fold, facts, command.actor);
    const decisions = decide(fold, book);
    const accepted = command.accepts?.((line) => decisions.find((each) => each.line === line)) ?? true;
    if (accepted || plans === MAX_PLANS) {
      const refusals = objections(() => settle(fold, decisions));
      if (refusals.length > 0) return { kind: 'refused', refusals };
      // Booked at once: the decisions of many persons, held until all are decided, are what the garbage collector would copy around.
      const booked = books ? bookPerson(fold, book, causeOf(command), decisions) : null;
      return { kind: 'prepared', command, fold, facts, result, before, booked, earlier: [] };
    }
    // facts were applied that will not be written
    if (anew === null) return { kind: 'read-again' };
    fold = anew();
  }
}

function applyFacts(fold: PersonFold, facts: PlannedFacts, actor: string): void {
  const metadata = { actor };
  const apply = (stream: string, { type, data }: DossierEvent | TrajectoryEvent): void =>
    fold.apply({ stream, revision: (fold.revisions.get(stream) ?? -1) + 1, type, data, metadata });
  for (const event of facts.dossier) apply(dossierStream(fold.personId), event);
  for (const [id, events] of facts.trajectories) for (const event of events) apply(trajectoryStream(id), event);
}

/** The streams of a command's unit: the dossier first, for it links the trajectories that follow. */
export function factStreams<R>(each: Prepared<R>, decided: PersonDecided | null): StreamAppend[] {
  const { personId, commandId, actor, warrant } = each.command;
  const dossier = decided === null ? each.facts.dossier : [...each.facts.dossier, decided];
  const streams: [string, readonly (DossierEvent | TrajectoryEvent)[]][] = [];
  if (dossier.length > 0) streams.push([dossierStream(personId), dossier]);
  for (const [id, events] of each.facts.trajectories) streams.push([trajectoryStream(id), events]);
  const last = decided === null ? streams.at(-1)?.[1].at(-1) : null;
  const count = streams.reduce((sum, [, events]) => sum + events.length, each.earlier.length);
  return streams.map(([stream, events]) => {
    const earlier = each.earlier.filter((event) => event.stream === stream).length;
    const keyOf = (event: DossierEvent | TrajectoryEvent, i: number): string | number =>
      event.type === 'PersonDecided.v1' ? DECIDED : event === last ? lastFact(count) : earlier + i;
    return {
      stream,
      expectedRevision: each.before.get(stream) ?? -1,
      events: events.map((event, i) => toNewEvent(event, commandId, { actor, ...warrant }, personId, stream, keyOf(event, i))),
    };
  });
}

export const toNewEvent = (
  event: DossierEvent | TrajectoryEvent,
  commandId: CommandId,
  by: Pick<EventMetadata, 'actor'> & Warrant,
  personId: PersonId,
  stream: string,
  key: string | number,
): NewEvent => ({
  id: eventId(commandId, stream, key),
  type: event.type,
  data: event.data,
  metadata: { personId, commandId, ...by },
});
