/** From rows to events. Rows come as arrays of texts: each JSON text is parsed once, here. */
import type { EventMetadata, LogPosition, RecordedEvent } from '../port';

/** Columns of an event after its stream. */
export type EventColumns = [
  xid: string,
  pos: string,
  revision: string,
  id: string,
  type: string,
  data: string,
  metadata: string,
  recordedAt: string,
];

/** Leaves every column the text that the server sent. */
export const TEXT_COLUMNS = { getTypeParser: () => (text: string) => text };

export const positionOf = (xid: string, pos: string): LogPosition => `${xid}-${pos}` as LogPosition;

/** One per answer: neighbouring events mostly share metadata and time, which are then parsed once and shared, frozen. */
export class EventParser {
  private metadataText = '';
  private metadata: EventMetadata | null = null;
  private timeText = '';
  private time = '';

  parse(stream: string, row: readonly string[], offset: number): RecordedEvent {
    const metadataText = row[offset + 6]!;
    if (metadataText !== this.metadataText || this.metadata === null) {
      this.metadata = Object.freeze(JSON.parse(metadataText) as EventMetadata);
      this.metadataText = metadataText;
    }
    const timeText = row[offset + 7]!;
    if (timeText !== this.timeText) {
      this.time = new Date(timeText).toISOString();
      this.timeText = timeText;
    }
    return {
      id: row[offset + 3]!,
      stream,
      revision: Number(row[offset + 2]),
      type: row[offset + 4]!,
      data: JSON.parse(row[offset + 5]!) as unknown,
      metadata: this.metadata,
      position: positionOf(row[offset]!, row[offset + 1]!),
      recordedAt: this.time,
    };
  }
}
