/** A command that is given again: what it has recorded, and what it answered. */
import type { PolicyBook } from '#libs/coverage';
import type { RecordedEvent } from '#libs/event-store';
import {
  dossierStream,
  isHeld,
  PersonFold,
  type CommandId,
  type LineDecision,
  type LineKey,
  type PersonDecided,
  type SettlementEntry,
} from '#libs/trajectory';
import type { Booking } from './book';
import type { PersonCommand } from './command';
import { closingIds } from './event-ids';
import type { LoadedPerson } from './load';

/** An event of the person, or a decision that was booked a moment ago and is not among those that were read. */
type Known = Pick<RecordedEvent, 'stream' | 'revision' | 'type' | 'data'> & {
  readonly command: string;
  readonly isWhole: boolean;
};

/** What a command decided, over all of its parts. */
export interface Recalled {
  readonly decided: PersonDecided['data'];
  /** Lines that were held and that it decided. */
  readonly released: readonly LineKey[];
  /** false: it was stopped between its streams, and what it had written was booked; it has to be finished. */
  readonly isWhole: boolean;
  /** The decisions that stood after it. */
  readonly decisions: ReadonlyMap<LineKey, LineDecision>;
  /** The person as the command met it; its own facts are not in it. */
  readonly met: PersonFold;
}

/** What the command has decided before, or by the bookings that were made a moment ago; null when it has not. */
export function recall(loaded: LoadedPerson, command: CommandId, bookings: readonly Booking[]): Recalled | null {
  if (!loaded.fold.decidedCommands.has(command)) return null;
  const known = knownEvents(loaded, bookings);
  const parts = known.filter((event) => isDecisionOf(event, command));
  const [first] = parts;
  if (first === undefined) return null;
  const { seen } = first.data as PersonDecided['data'];
  // Its own facts may lie between others' where it was carried out in parts: what is left is counted through. A trajectory that it
  // began stays, for others may have gone on with it; no line is judged by that.
  const met = new PersonFold(loaded.fold.personId);
  const next = new Map<string, number>();
  for (const event of known) {
    if (event.revision > (seen[event.stream] ?? -1)) continue;
    if (event.command === command && !/^Trajectory(Linked|Started)\./.test(event.type)) continue;
    const revision = next.get(event.stream) ?? 0;
    next.set(event.stream, revision + 1);
    met.apply({ ...event, revision });
  }
  const decisions = new Map(met.decisions);
  const released: LineKey[] = [];
  for (const { data } of parts) {
    const part = data as PersonDecided['data'];
    for (const decision of part.decisions) {
      const before = decisions.get(decision.line);
      if (before !== undefined && isHeld(before) && !isHeld(decision)) released.push(decision.line);
      decisions.set(decision.line, decision);
    }
    for (const line of part.withdrawn) decisions.delete(line);
  }
  const decided = decidedInAll(parts.map((part) => part.data as PersonDecided['data']));
  return { decided, released, isWhole: parts.some((part) => part.isWhole), decisions, met };
}

/** The result that the command had when it was carried out; null when it refuses now, over the same state. */
export function resultAgain<R>(
  command: PersonCommand<R>,
  recalled: Recalled,
  book: PolicyBook,
  maxPlans: number,
): { readonly result: R } | null {
  for (let plans = 1; ; plans += 1) {
    const plan = command.plan(recalled.met, book, true);
    if ('refusals' in plan) return null;
    if (plans === maxPlans || (command.accepts?.((line) => recalled.decisions.get(line)) ?? true)) return { result: plan.result };
  }
}

function knownEvents({ fold, events }: LoadedPerson, bookings: readonly Booking[]): Known[] {
  const stream = dossierStream(fold.personId);
  const read = events.map((event): Known => {
    const { commandId } = event.metadata;
    const isWhole = isDecision(event) && closingIds(commandId as CommandId, stream).includes(event.id);
    return { stream: event.stream, revision: event.revision, type: event.type, data: event.data, command: commandId, isWhole };
  });
  const booked = bookings.map(({ command, isWhole, event }): Known => {
    const revision = (event.data.seen[stream] ?? -1) + 1;
    return { stream, revision, type: event.type, data: event.data, command, isWhole };
  });
  // the dossier first: it links the trajectories
  const ofDossier = (event: Known): boolean => event.stream === stream;
  return [...read.filter(ofDossier), ...booked, ...read.filter((event) => !ofDossier(event))];
}

const isDecision = (event: Pick<RecordedEvent, 'type'>): boolean => event.type.startsWith('PersonDecided.');
const isDecisionOf = (event: Known, command: CommandId): boolean => isDecision(event) && event.command === command;

/** One decision out of the parts of a command, in their order; at least one. */
export function decidedInAll(parts: readonly PersonDecided['data'][]): PersonDecided['data'] {
  const last = parts.at(-1) as PersonDecided['data'];
  if (parts.length === 1) return last;
  const decisions = new Map<LineKey, LineDecision>();
  const withdrawn = new Set<LineKey>();
  const entries = new Map<LineKey, SettlementEntry>();
  for (const part of parts) {
    for (const decision of part.decisions) decisions.set(decision.line, decision);
    for (const line of part.withdrawn) {
      decisions.delete(line);
      withdrawn.add(line);
    }
    for (const entry of part.entries) entries.set(entry.line, sum(entries.get(entry.line), entry));
  }
  return { ...last, decisions: [...decisions.values()], withdrawn: [...withdrawn], entries: [...entries.values()] };
}

function sum(one: SettlementEntry | undefined, other: SettlementEntry): SettlementEntry {
  const total: Record<string, number | LineKey> = { ...one, line: other.line };
  for (const [field, cents] of Object.entries(other))
    if (typeof cents === 'number') total[field] = ((total[field] as number | undefined) ?? 0) + cents;
  return total as unknown as SettlementEntry;
}
