/** Logs event by event, for tests; what is random in them is seeded. */
import { createHash, randomUUID } from 'node:crypto';
import type { LogPosition, RecordedEvent } from '#libs/event-store';

export type Random = () => number;

/** Between two events: a log goes on over several days. */
const MS_BETWEEN = 7 * 60_000;

/** Mulberry32. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A UUID that follows from the name. */
export function idOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Builds a log: streams get their revisions, events their positions and times. */
export class LogBuilder {
  readonly events: RecordedEvent[] = [];
  private readonly revisions = new Map<string, number>();

  append(stream: string, type: string, data: unknown, personId?: string, commandId?: string): RecordedEvent {
    const revision = (this.revisions.get(stream) ?? -1) + 1;
    this.revisions.set(stream, revision);
    const n = this.events.length + 1;
    const event: RecordedEvent = {
      id: randomUUID(),
      stream,
      revision,
      type,
      data,
      metadata: { commandId: commandId ?? idOf(`command ${n}`), actor: 'test', ...(personId === undefined ? {} : { personId }) },
      position: `${1000 + Math.floor(n / 3)}-${n}` as LogPosition,
      recordedAt: new Date(Date.UTC(2025, 0, 1) + n * MS_BETWEEN).toISOString(),
    };
    this.events.push(event);
    return event;
  }

  revisionOf(stream: string): number {
    return this.revisions.get(stream) ?? -1;
  }
}
