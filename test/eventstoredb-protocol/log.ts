/** The log of the protocol double: what a server has stored, in memory. Two doubles that share one log stand for two nodes of a cluster. */

export interface StoredEvent {
  /** Commit and prepare position alike, as for every event that was written without an explicit transaction. */
  readonly position: bigint;
  readonly id: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  /** .NET ticks since 1970: units of 100 ns. */
  readonly createdTicks: bigint;
}

export interface ProposedEvent {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export type Expectation = bigint | 'no_stream' | 'any' | 'stream_exists';

export type WriteResult =
  /** `position` is null for a repeat when the double imitates servers that do not tell it. */
  | { readonly kind: 'success'; readonly lastRevision: bigint; readonly position: bigint | null }
  | { readonly kind: 'wrong-version'; readonly current: bigint | null; readonly expected: Expectation }
  | { readonly kind: 'too-large'; readonly maxBytes: number };

/** The default of servers up to 25.0. */
export const MAX_APPEND_BYTES = 1024 * 1024;

const TICKS_PER_MILLISECOND = 10_000n;

export class InMemoryLog {
  readonly events: StoredEvent[] = [];
  /** Servers differ in whether the answer to a repeated append tells its position. */
  tellsPositionOfRepeats = true;
  /** With false a repeat at a moved revision is a wrong version, as where a server cannot tell any more. */
  recognisesRepeats = true;
  private readonly streams = new Map<string, StoredEvent[]>();
  private readonly listeners = new Set<() => void>();
  private nextPosition = 0n;

  /** A new log holds what a real server writes at its first start: events of system streams, which a reader must leave out. */
  constructor() {
    const settings = new TextEncoder().encode('{"$userStreamAcl":{}}');
    this.write('$settings', [system('$settings', settings)]);
    this.write('$users', [system('$User', settings), system('$User', settings)]);
    this.write('$$$users', [system('$metadata', settings)]);
  }

  /**
   * Appends as a server does: a block whose ids are all already at the expected place is answered as a success without being written;
   * anything else at a moved revision is a wrong version. With `any` the ids are looked for at the end of the stream only.
   */
  append(stream: string, expected: Expectation, proposed: readonly ProposedEvent[]): WriteResult {
    const bytes = proposed.reduce((sum, event) => sum + event.data.byteLength + event.metadata.byteLength, 0);
    if (bytes > MAX_APPEND_BYTES) return { kind: 'too-large', maxBytes: MAX_APPEND_BYTES };
    const existing = this.streams.get(stream) ?? [];
    const current = BigInt(existing.length) - 1n;
    if (expected === 'any' || expected === 'stream_exists') {
      if (expected === 'stream_exists' && current < 0n) return { kind: 'wrong-version', current: null, expected };
      const start = existing.length - proposed.length;
      return start >= 0 && this.isRepeat(existing, start, proposed)
        ? this.repeated(existing, start, proposed)
        : this.written(stream, proposed);
    }
    const expectedRevision = expected === 'no_stream' ? -1n : expected;
    if (expectedRevision === current) return this.written(stream, proposed);
    const start = Number(expectedRevision) + 1;
    if (expectedRevision < current && this.isRepeat(existing, start, proposed)) return this.repeated(existing, start, proposed);
    return { kind: 'wrong-version', current: current < 0n ? null : current, expected };
  }

  stream(name: string): readonly StoredEvent[] | undefined {
    return this.streams.get(name);
  }

  /** Index of the first event at (or beyond, when not `inclusive`) a position. */
  indexFrom(position: bigint, inclusive: boolean): number {
    let low = 0;
    let high = this.events.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = this.events[middle]?.position ?? 0n;
      if (at < position || (!inclusive && at === position)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Calls `listener` after every write, until the returned function is called. */
  onWrite(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Takes an event out of its stream's and the log's order, as a defect would: only to test that a reader notices. */
  lose(stream: string, revision: bigint): void {
    const index = this.events.findIndex((event) => event.stream === stream && event.revision === revision);
    if (index < 0) throw new RangeError(`event ${revision} of ${stream} is not in the log`);
    this.events.splice(index, 1);
  }

  private isRepeat(existing: readonly StoredEvent[], start: number, proposed: readonly ProposedEvent[]): boolean {
    if (!this.recognisesRepeats) return false;
    return proposed.length > 0 && proposed.every((event, offset) => existing[start + offset]?.id === event.id);
  }

  private repeated(existing: readonly StoredEvent[], start: number, proposed: readonly ProposedEvent[]): WriteResult {
    const last = existing[start + proposed.length - 1];
    if (!last) throw new Error('a repeat without a last event');
    return { kind: 'success', lastRevision: last.revision, position: this.tellsPositionOfRepeats ? last.position : null };
  }

  private written(stream: string, proposed: readonly ProposedEvent[]): WriteResult {
    const last = this.write(stream, proposed);
    for (const listener of [...this.listeners]) listener();
    return { kind: 'success', lastRevision: last.revision, position: last.position };
  }

  private write(stream: string, proposed: readonly ProposedEvent[]): StoredEvent {
    const events = this.streams.get(stream) ?? [];
    this.streams.set(stream, events);
    const createdTicks = BigInt(Date.now()) * TICKS_PER_MILLISECOND;
    for (const event of proposed) {
      const stored = { ...event, stream, revision: BigInt(events.length), position: this.nextPosition, createdTicks };
      // positions are places in a file: they have gaps
      this.nextPosition += BigInt(120 + event.data.byteLength + event.metadata.byteLength);
      events.push(stored);
      this.events.push(stored);
    }
    const last = events.at(-1);
    if (!last) throw new Error(`nothing to write to ${stream}`);
    return last;
  }
}

function system(type: string, data: Uint8Array): ProposedEvent {
  return { id: crypto.randomUUID(), type, contentType: 'application/json', data, metadata: new Uint8Array() };
}
