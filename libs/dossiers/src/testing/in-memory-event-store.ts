/** TEST DOUBLE: an event store in memory that several "processes" share, each of which can be killed between any two steps. */
import {
  NO_STREAM,
  type AppendUnit,
  type EventStore,
  type LogPosition,
  type RecordedEvent,
  type StreamAppend,
  type StreamHead,
  type StreamRead,
  type UnitOutcome,
} from '#libs/event-store';

/** The process that asked is dead: nothing it does from here on has an effect. */
export class ProcessKilled extends Error {
  override readonly name = 'ProcessKilled';
}

/** What goes wrong for one process; `random` (0 ≤ r < 1) also decides how its steps interleave with those of others. */
export interface ProcessFaults {
  readonly random: () => number;
  /** Steps (reads, appends, streams of a unit) until it is killed; null = never. */
  readonly stepsUntilKilled: number | null;
  /** How many of a hundred appended units get no answer; half of those were written. */
  readonly unknownPercent: number;
}

const NO_FAULTS: ProcessFaults = { random: () => 0, stepsUntilKilled: null, unknownPercent: 0 };
/** A process yields at most so often before a step. */
const MOST_YIELDS = 12;

export class InMemoryEventStore {
  readonly log: RecordedEvent[] = [];
  readonly #streams = new Map<string, RecordedEvent[]>();
  readonly #ids = new Set<string>();

  /** `atomicUnits` false: as on EventStoreDB, a unit's streams are written one by one. */
  constructor(private readonly atomicUnits: boolean) {}

  stream(name: string): readonly RecordedEvent[] {
    return this.#streams.get(name) ?? [];
  }

  /** Changes what stands recorded, as no store allows: `change` gives each event's data anew, or null to lose the event. */
  tamper(stream: string, change: (event: RecordedEvent, i: number) => unknown): void {
    const kept = this.stream(stream).flatMap((event, i): RecordedEvent[] => {
      const data = change(event, i);
      return data === null ? [] : [{ ...event, data }];
    });
    this.#streams.set(stream, kept);
  }

  /** The store as one process sees it. */
  asProcess(faults: ProcessFaults = NO_FAULTS): EventStore {
    let steps = 0;
    const step = async (): Promise<void> => {
      for (let i = Math.floor(faults.random() * MOST_YIELDS); i > 0; i -= 1) await Promise.resolve();
      if (faults.stepsUntilKilled !== null && steps >= faults.stepsUntilKilled) throw new ProcessKilled();
      steps += 1;
    };
    return {
      capabilities: { atomicUnits: this.atomicUnits, maxStreamsPerTransaction: this.atomicUnits ? 256 : 1 },
      append: async (units) => {
        const outcomes: UnitOutcome[] = [];
        for (const unit of units) outcomes.push(await this.#appendUnit(unit, faults, step));
        await step();
        return outcomes;
      },
      readStreams: async (reads) => {
        const answers: RecordedEvent[][] = [];
        // one read is one round trip, but no snapshot over streams
        for (const read of reads) {
          answers.push(this.#read(read));
          if (faults.random() < 0.2) await step();
        }
        await step();
        return answers;
      },
      readLog: async (after, limit) => {
        await step();
        const from = after === null ? 0 : Number(after.split('-')[0]);
        const events = this.log.slice(from, from + limit);
        return { events, checkpoint: events.at(-1)?.position ?? after };
      },
      listStreams: async (category, afterStream, limit) => {
        await step();
        return this.#heads(category, afterStream).slice(0, limit);
      },
      subscribe: () => Promise.reject(new Error('the double in memory has no subscriptions')),
      close: () => Promise.resolve(),
    };
  }

  async #appendUnit(unit: AppendUnit, faults: ProcessFaults, step: () => Promise<void>): Promise<UnitOutcome> {
    const isUnknown = faults.random() * 100 < faults.unknownPercent;
    if (isUnknown && faults.random() < 0.5) return { outcome: 'unknown', error: new Error('no answer, and nothing was written') };
    await step();
    const outcome = this.atomicUnits ? this.#appendAtOnce(unit) : await this.#appendOneByOne(unit, step);
    return isUnknown ? { outcome: 'unknown', error: new Error('no answer') } : outcome;
  }

  #appendAtOnce({ streams }: AppendUnit): UnitOutcome {
    const events = streams.flatMap((each) => each.events);
    if (events.every((event) => this.#ids.has(event.id)))
      return {
        outcome: 'already-appended',
        position: this.log.find((event) => event.id === events.at(-1)?.id)?.position as LogPosition,
      };
    for (const append of streams) if (!this.#isAt(append)) return this.#conflict(append);
    for (const event of events)
      if (this.#ids.has(event.id)) throw new Error(`id of ${event.type} of command ${event.metadata.commandId} is used twice`);
    for (const append of streams) this.#write(append);
    return { outcome: 'appended', position: this.#head() };
  }

  async #appendOneByOne({ streams }: AppendUnit, step: () => Promise<void>): Promise<UnitOutcome> {
    let isNew = false;
    for (const [i, append] of streams.entries()) {
      if (i > 0) await step();
      if (this.#isAt(append)) {
        this.#write(append);
        isNew = true;
        continue;
      }
      const there = this.stream(append.stream).slice(append.expectedRevision + 1);
      if (!append.events.every((event, n) => there[n]?.id === event.id)) return this.#conflict(append);
    }
    return { outcome: isNew ? 'appended' : 'already-appended', position: this.#head() };
  }

  #isAt({ stream, expectedRevision }: StreamAppend): boolean {
    return this.#revision(stream) === expectedRevision;
  }

  #revision(stream: string): number {
    return this.stream(stream).at(-1)?.revision ?? NO_STREAM;
  }

  #conflict({ stream, expectedRevision }: StreamAppend): UnitOutcome {
    return { outcome: 'conflict', stream, expectedRevision, actualRevision: this.#revision(stream) };
  }

  #write({ stream, events }: StreamAppend): void {
    const there = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, there);
    for (const event of events) {
      // as a store does: what comes back is another object, and only what JSON can hold
      const copy = JSON.parse(JSON.stringify(event)) as typeof event;
      const position = `${this.log.length + 1}-0` as LogPosition;
      const recorded: RecordedEvent = {
        ...copy,
        stream,
        revision: there.length,
        position,
        // a second for every event: what was recorded later is later
        recordedAt: new Date(Date.UTC(2025, 0, 1) + this.log.length * 1_000).toISOString(),
      };
      this.#ids.add(event.id);
      there.push(recorded);
      this.log.push(recorded);
    }
  }

  #read({ stream, fromRevision = 0 }: StreamRead): RecordedEvent[] {
    return this.stream(stream).slice(fromRevision);
  }

  #head(): LogPosition {
    return this.log.at(-1)?.position as LogPosition;
  }

  #heads(category: string, afterStream: string | null): StreamHead[] {
    return [...this.#streams.keys()]
      .filter((name) => name.startsWith(`${category}-`) && (afterStream === null || name > afterStream))
      .sort()
      .map((stream) => ({ stream, revision: this.#revision(stream) }));
  }
}
