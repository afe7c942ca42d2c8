/** Whether each stream arrives one revision after the other, with bounded memory. */
import { StreamContinuityError } from './errors';
import type { LogPosition, RecordedEvent } from './port';

export interface ContinuitySources {
  /** Revision last delivered per stream, from who keeps it; streams it does not know are left out. */
  readonly knownRevisions?: (streams: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  /**
   * Of streams whose next event has the given revision (1 or more): those for which the store holds no event with the revision
   * before it at or before the position, so that it cannot have been delivered.
   */
  readonly missingPredecessors: (
    streams: readonly { readonly stream: string; readonly revision: number }[],
    upTo: LogPosition | null,
  ) => Promise<readonly string[]>;
}

/** Streams remembered by one subscription: about 10 MB. */
export const REMEMBERED_STREAMS = 100_000;

export class StreamContinuity {
  /** Least recently used first. */
  private readonly last = new Map<string, number>();

  constructor(
    private readonly sources: ContinuitySources,
    private readonly capacity: number = REMEMBERED_STREAMS,
  ) {}

  /** Checks a batch that follows `after`. Throws StreamContinuityError; nothing of the batch must then be handled. */
  async check(events: readonly RecordedEvent[], after: LogPosition | null): Promise<void> {
    await this.learn(events, after);
    for (const { stream, revision, position } of events) {
      const last = this.last.get(stream);
      if (last === undefined ? revision !== 0 : revision !== last + 1) {
        throw new StreamContinuityError(stream, last === undefined ? 0 : last + 1, revision, position);
      }
      this.last.delete(stream); // to the end of the order of use
      this.last.set(stream, revision);
    }
    // after the batch: within one, a stream must not be forgotten between two of its events
    for (const stream of this.last.keys()) {
      if (this.last.size <= this.capacity) break;
      this.last.delete(stream);
    }
  }

  /** Puts what was delivered last into memory for streams of the batch that are not there and do not begin in it. */
  private async learn(events: readonly RecordedEvent[], after: LogPosition | null): Promise<void> {
    const met = new Set<string>();
    let unknown: RecordedEvent[] = [];
    for (const event of events) {
      if (met.has(event.stream)) continue;
      met.add(event.stream);
      if (event.revision > 0 && !this.last.has(event.stream)) unknown.push(event);
    }
    if (unknown.length === 0) return;
    if (this.sources.knownRevisions !== undefined) {
      const known = await this.sources.knownRevisions(unknown.map((event) => event.stream));
      for (const { stream } of unknown) {
        const revision = known.get(stream);
        if (revision !== undefined) this.last.set(stream, revision);
      }
      unknown = unknown.filter(({ stream }) => !known.has(stream));
      if (unknown.length === 0) return;
    }
    const missing = new Set(await this.sources.missingPredecessors(unknown, after));
    for (const { stream, revision, position } of unknown) {
      if (missing.has(stream)) throw new StreamContinuityError(stream, null, revision, position);
      this.last.set(stream, revision - 1);
    }
  }
}
