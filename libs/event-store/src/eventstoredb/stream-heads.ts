/** Streams of a category with their heads, which EventStoreDB keeps no list of: collected from the log, and kept up to date from there on. */
import type { Position } from '@eventstore/db-client';
import { comparePositions, type LogPosition, type StreamHead } from '../port';
import { retrying } from './failures';
import { readHead, type Context } from './read';
import { parsePosition, positionOf } from './recorded-event';
import { ofCategory, SubscriptionFeed } from './subscription-feed';

const NEVER = new AbortController().signal;
/** Of one category; about 300 MB. */
const MAX_STREAMS = 2_000_000;

/**
 * The first call of a category reads all of its events, later ones what was written since: one row of memory per stream, and as much time as
 * the log is long. Right for verification and sweeping, not for requests.
 */
export class StreamHeads {
  private readonly categories = new Map<string, CategoryHeads>();

  constructor(private readonly context: Context) {}

  async list(category: string, afterStream: string | null, limit: number): Promise<StreamHead[]> {
    if (!Number.isSafeInteger(limit) || limit < 1) throw new TypeError(`A page of ${limit} streams cannot be listed`);
    if (category === '' || category.startsWith('$'))
      throw new TypeError(`${JSON.stringify(category)} is not a category of streams`);
    const heads = this.categories.get(category) ?? new CategoryHeads(this.context, category);
    this.categories.set(category, heads);
    return heads.list(afterStream, limit);
  }
}

class CategoryHeads {
  private readonly revisions = new Map<string, number>();
  private names: string[] = [];
  private upTo: LogPosition | null = null;
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly context: Context,
    private readonly category: string,
  ) {}

  async list(afterStream: string | null, limit: number): Promise<StreamHead[]> {
    const refreshed = this.turn.then(() => this.refresh());
    this.turn = refreshed.catch(() => undefined);
    await refreshed;
    if (this.names.length !== this.revisions.size) this.names = [...this.revisions.keys()].sort();
    const start = afterStream === null ? 0 : firstAfter(this.names, afterStream);
    return this.names.slice(start, start + limit).map((stream) => ({ stream, revision: this.revisions.get(stream) ?? 0 }));
  }

  private async refresh(): Promise<void> {
    const head = await readHead(this.context);
    if (head === null || (this.upTo !== null && comparePositions(head, this.upTo) <= 0)) return;
    await retrying(`list streams of ${this.category}`, this.context.settings, () => this.readOnTo(head));
    this.upTo = head;
  }

  /** A read of $all cannot be filtered with this client, a subscription can: it is left once the server has looked as far as `head`. */
  private async readOnTo(head: LogPosition): Promise<void> {
    const { client } = this.context.connection;
    const idleMs = this.context.settings.readIdleTimeoutMs;
    let looked: LogPosition | null = null;
    const onCheckpoint = (position: Position): void => {
      looked = positionOf(position);
      feed.poke();
    };
    const feed = new SubscriptionFeed({
      client,
      filter: ofCategory(this.category, onCheckpoint),
      after: this.upTo === null ? null : parsePosition(this.upTo),
      bufferEvents: 256,
    });
    try {
      for (;;) {
        // taken before the events are drawn: those before the checkpoint are here by then
        const checkpoint = looked as LogPosition | null;
        let seen: LogPosition | null = null;
        for (let event = feed.draw(); event; event = feed.draw()) {
          this.revisions.set(event.stream, Math.max(event.revision, this.revisions.get(event.stream) ?? 0));
          seen = event.position;
        }
        if (this.revisions.size > MAX_STREAMS)
          throw new RangeError(`More than ${MAX_STREAMS} streams of category ${this.category}`);
        if (feed.takeCaughtUp() || reached(seen, head) || reached(checkpoint, head)) return;
        if (feed.failure) throw feed.failure;
        if (!(await feed.wait(idleMs, NEVER))) throw feed.silence(idleMs);
      }
    } finally {
      feed.close();
    }
  }
}

function reached(position: LogPosition | null, head: LogPosition): boolean {
  return position !== null && comparePositions(position, head) >= 0;
}

function firstAfter(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((names[middle] ?? '') <= name) low = middle + 1;
    else high = middle;
  }
  return low;
}
