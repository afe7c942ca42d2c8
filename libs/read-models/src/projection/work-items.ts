/** The work items of one person while its events are folded. */
import type { WorkItemRow } from '../rows';

/** Lines of the trajectory are held, or would be were they not set by hand: a history must be asked for, imported, or the item confirmed. */
export const HELD = 'held';
/** A switch of insurer that no import in effect answers. */
export const HISTORY_TO_ASK = 'history-to-ask';

export interface WorkItemChanges {
  readonly written: readonly { readonly row: WorkItemRow; readonly isStored: boolean }[];
  /** Rows that were stored and are to be removed. */
  readonly removed: readonly WorkItemRow[];
}

export class WorkItems {
  private readonly items = new Map<string, WorkItemRow>();
  private readonly stored = new Set<string>();
  private readonly touched = new Set<string>();
  /** Items that fell to nothing, with the event that did it: raised again by the same event, they keep their date. */
  private readonly gone = new Map<string, string>();

  constructor(
    private readonly personId: string,
    loaded: readonly WorkItemRow[],
  ) {
    for (const row of loaded) {
      const key = keyOf(row.subject, row.kind);
      this.items.set(key, { ...row });
      this.stored.add(key);
    }
  }

  /** Adds or takes away lines of an item on a trajectory; it is there while it has lines. */
  addLines(trajectoryId: string, kind: string, lines: number, eventId: string, recordedAt: string): void {
    const row = this.raised(trajectoryId, kind, trajectoryId, eventId, recordedAt);
    row.lines += lines;
    if (row.lines === 0) this.gone.set(keyOf(trajectoryId, kind), eventId);
  }

  /** Sets whether `history-to-ask` stands on a trajectory, or on the person (`trajectoryId` null). */
  setHistoryToAsk(trajectoryId: string | null, isOpen: boolean, eventId: string, recordedAt: string): void {
    const subject = trajectoryId ?? this.personId;
    const key = keyOf(subject, HISTORY_TO_ASK);
    if (isOpen) this.raised(subject, HISTORY_TO_ASK, trajectoryId, eventId, recordedAt);
    else if (this.items.has(key) && !this.gone.has(key)) {
      this.touched.add(key);
      this.gone.set(key, eventId);
    }
  }

  changes(): WorkItemChanges {
    const written: { row: WorkItemRow; isStored: boolean }[] = [];
    const removed: WorkItemRow[] = [];
    for (const key of this.touched) {
      const row = this.items.get(key) as WorkItemRow;
      const isStored = this.stored.has(key);
      if (!this.gone.has(key)) written.push({ row, isStored });
      else if (isStored) removed.push(row);
    }
    return { written, removed };
  }

  private raised(subject: string, kind: string, trajectoryId: string | null, eventId: string, recordedAt: string): WorkItemRow {
    const key = keyOf(subject, kind);
    this.touched.add(key);
    let row = this.items.get(key);
    if (row === undefined) {
      row = { subject, kind, personId: this.personId, trajectoryId, lines: 0, since: recordedAt };
      this.items.set(key, row);
    }
    const goneBy = this.gone.get(key);
    if (goneBy !== undefined && goneBy !== eventId) row.since = recordedAt;
    this.gone.delete(key);
    return row;
  }
}

const keyOf = (subject: string, kind: string): string => `${subject} ${kind}`;
