/**
 * Appends that meet travel together: a few lanes carry one call each, and what is called while all are under way is joined into the
 * next transactions. A lone append waits for nobody; many small ones share a round trip and a commit, which is most of their cost.
 */
import type { Pool } from 'pg';
import type { AppendUnit, UnitOutcome } from '../port';
import { appendTransactions } from './append';
import { checkedUnits, MAX_STREAMS_PER_TRANSACTION, transactionsOf, type CheckedUnit } from './transactions';

interface Call {
  readonly units: readonly CheckedUnit[];
  readonly streamCount: number;
  readonly resolve: (outcomes: readonly UnitOutcome[]) => void;
  readonly reject: (error: unknown) => void;
}

export class AppendLanes {
  private readonly waiting: Call[] = [];
  private open = 0;
  private whenIdle: (() => void)[] = [];

  constructor(
    private readonly pool: Pool,
    private readonly lanes: number,
  ) {}

  /** Rejects with a TypeError before anything is sent when a unit is malformed. */
  append(units: readonly AppendUnit[]): Promise<readonly UnitOutcome[]> {
    return new Promise((resolve, reject) => {
      const checked = checkedUnits(units); // a throw rejects
      if (checked.length === 0) return resolve([]);
      const streamCount = units.reduce((sum, unit) => sum + unit.streams.length, 0);
      this.waiting.push({ units: checked, streamCount, resolve, reject });
      if (this.open < this.lanes) void this.drain();
    });
  }

  /** Resolves when no call is waiting or under way. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.open === 0) resolve();
      else this.whenIdle.push(resolve);
    });
  }

  /** Never rejects. A lane closes in the same step in which it finds nothing waiting: a call made after that opens one again. */
  private async drain(): Promise<void> {
    this.open += 1;
    for (let calls = this.nextCalls(); calls.length > 0; calls = this.nextCalls()) await this.carry(calls);
    this.open -= 1;
    if (this.open === 0) for (const resolve of this.whenIdle.splice(0)) resolve();
  }

  /** The calls that fit into one transaction together, in order; a call that does not fit alone is taken alone, and split. */
  private nextCalls(): Call[] {
    let count = 0;
    let streamCount = 0;
    for (const call of this.waiting) {
      streamCount += call.streamCount;
      if (count > 0 && streamCount > MAX_STREAMS_PER_TRANSACTION) break;
      count += 1;
    }
    return this.waiting.splice(0, count);
  }

  private async carry(calls: readonly Call[]): Promise<void> {
    const units = calls.flatMap((call) => call.units);
    try {
      const outcomes = await appendTransactions(this.pool, transactionsOf(units));
      let from = 0;
      for (const call of calls) call.resolve(outcomes.slice(from, (from += call.units.length)));
    } catch (error) {
      if (calls.length === 1) return calls[0]!.reject(error);
      // one of them is at fault: each by itself, so that only that one is refused (what is written already answers so)
      for (const call of calls) await this.carry([call]);
    }
  }
}
