/** Fills the tables beside the live ones from the log. */
import type { DataSource } from 'typeorm';
import { comparePositions, type EventStore, type LogPage, type LogPosition } from '#libs/event-store';
import { schemaOf } from '../migrations/schema';
import { ReadModelProjector } from '../projector';

/** Tables that the projection reads back by key: the planner must know how large they have become. */
const READ_BACK = ['dossier', 'trajectory', 'session', 'work_item'];
const FIRST_ANALYZE = 20_000;

export class Replay {
  private readonly projector: ReadModelProjector;
  private after: LogPosition | null = null;
  private analyzeAt = FIRST_ANALYZE;
  /** Events taken in, in all and by this process. */
  eventsDone = 0;
  eventsNow = 0;

  private constructor(
    private readonly store: EventStore,
    private readonly target: DataSource,
    private readonly batchSize: number,
  ) {
    this.projector = new ReadModelProjector(target);
  }

  /** Goes on from the checkpoint of the target's tables. */
  static async open(store: EventStore, target: DataSource, batchSize: number): Promise<Replay> {
    const replay = new Replay(store, target, batchSize);
    const rows: { position: LogPosition | null; events: string }[] = await target.query(
      `select position, events from ${schemaOf(target)}.checkpoint where id = 1`,
    );
    replay.after = rows[0]?.position ?? null;
    replay.eventsDone = Number(rows[0]?.events ?? 0);
    return replay;
  }

  get position(): LogPosition | null {
    return this.after;
  }

  /**
   * Takes in the log until its end, or until `through` is in when given. The next page is read while one is written; at most
   * two pages are in memory.
   */
  async run(onBatch: () => Promise<void>, signal: AbortSignal | undefined, through: LogPosition | null = null): Promise<void> {
    let next: Promise<LogPage> | null = null;
    while (!this.isThrough(through)) {
      signal?.throwIfAborted();
      const { events, checkpoint }: LogPage = await (next ?? this.store.readLog(this.after, this.batchSize));
      next = null;
      if (events.length === 0 || checkpoint === null) return;
      if (events.length === this.batchSize) {
        next = this.store.readLog(checkpoint, this.batchSize);
        next.catch(() => undefined); // looked at when awaited
      }
      await this.projector.project(events, checkpoint, this.after);
      this.after = checkpoint;
      this.eventsDone += events.length;
      this.eventsNow += events.length;
      await this.analyze();
      await onBatch();
    }
  }

  private isThrough(through: LogPosition | null): boolean {
    return through !== null && this.after !== null && comparePositions(this.after, through) >= 0;
  }

  private async analyze(): Promise<void> {
    if (this.eventsNow < this.analyzeAt) return;
    this.analyzeAt = this.eventsNow * 4;
    for (const name of READ_BACK) await this.target.query(`analyze ${schemaOf(this.target)}.${name}`);
  }
}
