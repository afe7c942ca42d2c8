import type { Pool } from 'pg';
import { EventStoreInvariantError } from '../errors';
import type { UnitOutcome } from '../port';
import { isPassing, sqlStateOf } from './connection';
import { positionOf } from './rows';
import { parametersOf, type AppendTransaction } from './transactions';

const APPEND = {
  name: 'eventstore.append',
  text: 'select * from eventstore.append($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
  rowMode: 'array',
} as const;

type AppendRow = [
  unit: number,
  outcome: 'appended' | 'already-appended' | 'conflict',
  xid: string | null,
  pos: string | null,
  stream: string | null,
  expected: string | null,
  actual: string | null,
];

const UNIQUE_VIOLATION = '23505';

/**
 * Runs transactions one after the other: a later unit on the same stream sees the earlier one. When the connection is lost, that
 * transaction's units and all after it are `unknown`. Rejects, after the earlier transactions were committed, for what no repetition
 * can cure (an event id that another stream holds); nothing of the transaction at fault is then written.
 */
export async function appendTransactions(pool: Pool, transactions: readonly AppendTransaction[]): Promise<UnitOutcome[]> {
  const outcomes: UnitOutcome[] = [];
  let lost: Error | null = null;
  for (const transaction of transactions) {
    if (lost === null) {
      try {
        const rows = await run(pool, transaction);
        for (const row of rows) outcomes[transaction.unitIndexes[row[0] - 1]!] = outcomeOf(row);
        if (rows.length !== transaction.unitIndexes.length) {
          throw new EventStoreInvariantError(`Append of ${transaction.unitIndexes.length} units answered ${rows.length}`);
        }
        continue;
      } catch (error) {
        if (error instanceof EventStoreInvariantError || !isPassing(error)) throw error;
        lost = error as Error;
      }
    }
    for (const index of transaction.unitIndexes) outcomes[index] = { outcome: 'unknown', error: lost };
  }
  return outcomes;
}

async function run(pool: Pool, transaction: AppendTransaction): Promise<AppendRow[]> {
  try {
    return (await pool.query<AppendRow>({ ...APPEND, values: parametersOf(transaction, false) })).rows;
  } catch (error) {
    if (sqlStateOf(error) !== UNIQUE_VIOLATION) throw error;
  }
  // Some event is there although the revisions fit: a command that was decided anew under the same id. Looking the ids up first
  // costs a probe per event, so it is done only now. Nothing of the first attempt was written.
  try {
    return (await pool.query<AppendRow>({ ...APPEND, values: parametersOf(transaction, true) })).rows;
  } catch (error) {
    if (sqlStateOf(error) !== UNIQUE_VIOLATION) throw error;
    const { detail } = error as { detail?: string };
    throw new EventStoreInvariantError(
      `An event id is used twice in one append or by another stream; ids must derive from command and stream. ${detail ?? ''}`,
      { cause: error },
    );
  }
}

function outcomeOf([, outcome, xid, pos, stream, expected, actual]: AppendRow): UnitOutcome {
  return outcome === 'conflict'
    ? { outcome, stream: stream!, expectedRevision: Number(expected), actualRevision: Number(actual) }
    : { outcome, position: positionOf(xid!, pos!) };
}
