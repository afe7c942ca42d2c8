/** What is recorded of a person's lines, on top of what a snapshot holds: the last decision of each, and the sum of its entries. */
import type { Booking, LineDecision } from '../decision';
import type { LineKey } from '../ids';
import { NO_ROWS, type DecisionRows } from './decision-table';

/** A map whose entries lie partly in the rows of a snapshot; those are made into objects when they are asked for. */
abstract class OverRows<V> implements ReadonlyMap<LineKey, V> {
  /** Entries that are not, or no longer, as the rows say. */
  readonly #own = new Map<LineKey, V>();
  readonly #gone = new Set<LineKey>();
  /** Of rows, as soon as somebody has asked. */
  readonly #made = new Map<LineKey, V>();
  readonly #rows: DecisionRows;

  constructor(rows: DecisionRows = NO_ROWS) {
    this.#rows = rows;
  }

  protected abstract fromRow(rows: DecisionRows, line: LineKey): V | undefined;

  get(line: LineKey): V | undefined {
    return this.#own.get(line) ?? (this.#gone.has(line) ? undefined : (this.#made.get(line) ?? this.#make(line)));
  }

  #make(line: LineKey): V | undefined {
    const value = this.fromRow(this.#rows, line);
    if (value !== undefined) this.#made.set(line, value);
    return value;
  }

  has(line: LineKey): boolean {
    return this.#own.has(line) || (!this.#gone.has(line) && this.#rows.has(line));
  }

  set(line: LineKey, value: V): void {
    this.#own.set(line, value);
  }

  delete(line: LineKey): void {
    this.#own.delete(line);
    if (this.#rows.has(line)) this.#gone.add(line);
  }

  /** The rows, where the line's entry is its row's. */
  protected rowsOf(line: LineKey): DecisionRows | null {
    return this.#own.has(line) || this.#gone.has(line) ? null : this.#rows;
  }

  get size(): number {
    let size = this.#rows.size + this.#own.size;
    for (const line of this.#own.keys()) if (this.#rows.has(line)) size -= 1;
    for (const line of this.#gone) if (!this.#own.has(line)) size -= 1;
    return size;
  }

  *keys(): MapIterator<LineKey> {
    for (const line of this.#rows.lines()) if (!this.#gone.has(line) || this.#own.has(line)) yield line;
    for (const line of this.#own.keys()) if (!this.#rows.has(line)) yield line;
  }

  *entries(): MapIterator<[LineKey, V]> {
    for (const line of this.keys()) yield [line, this.get(line) as V];
  }

  *values(): MapIterator<V> {
    for (const line of this.keys()) yield this.get(line) as V;
  }

  [Symbol.iterator](): MapIterator<[LineKey, V]> {
    return this.entries();
  }

  forEach(visit: (value: V, line: LineKey, map: ReadonlyMap<LineKey, V>) => void): void {
    for (const [line, value] of this) visit(value, line, this);
  }
}

/** Last recorded decision per line. */
export class RecordedDecisions extends OverRows<LineDecision> {
  protected override fromRow(rows: DecisionRows, line: LineKey): LineDecision | undefined {
    return rows.decision(line);
  }

  /** Whether just this decision lies in the snapshot still; false of one that came after it. */
  isKept(decision: LineDecision): boolean {
    return this.rowsOf(decision.line)?.says(decision) ?? false;
  }
}

/** Sum of all entries per line. */
export class BookedLines extends OverRows<Booking> {
  protected override fromRow(rows: DecisionRows, line: LineKey): Booking | undefined {
    return rows.booking(line);
  }

  /** Whether what is booked of the line is what its decision in the snapshot says. */
  isKept(line: LineKey): boolean {
    return this.rowsOf(line)?.has(line) ?? false;
  }
}
