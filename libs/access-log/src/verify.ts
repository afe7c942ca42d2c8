/** Walks the chain from its beginning and names the first row that is not as it was written. Reads only, a page at a time. */
import type { Pool } from '#libs/platform';
import { beginningOf, hashOf, type AccessEntry } from './entry';
import type { AccessHead } from './head';

export type BrokenKind =
  | 'changed' // the row's text, number or hash is not what was written, or that of the row before it
  | 'missing'
  | 'inserted' // a row before the first or after the last that was written
  | 'cut-off' // rows at the end are gone
  | 'rewritten' // the chain is whole, and not the one whose head was noted
  | 'other-log'; // the noted heads are of another log

export interface BrokenChain {
  readonly kind: BrokenKind;
  /** Number of the first row that is broken. */
  readonly seq: number;
  readonly detail: string;
}

export interface ChainReport {
  /** Rows that were walked and found in order. */
  readonly rows: number;
  /** Where the chain ends. */
  readonly head: AccessHead;
  /** Noted heads that it was compared with. */
  readonly compared: number;
  readonly broken: BrokenChain | null;
}

const ROWS_PER_PAGE = 2_000;

interface ChainRow {
  readonly seq: string;
  readonly hash: Buffer;
  readonly content: string;
  readonly id: string;
  readonly person_id: string | null;
}

interface HeadRow {
  readonly log_id: string;
  readonly seq: string;
  readonly hash: Buffer;
  readonly last_row: string | null;
}

/** Verifies the chain, also while others append to it. `noted`: heads kept elsewhere, in any order. */
export async function verifyAccessLog(
  pool: Pool,
  noted: readonly AccessHead[],
  onProgress?: (rows: number) => void,
): Promise<ChainReport> {
  const begun = await readHead(pool);
  const known = new Map(noted.filter(({ log }) => log === begun.log_id).map(({ seq, hash }) => [seq, hash]));
  let seq = 0;
  let hash: Buffer = beginningOf(begun.log_id);
  const report = (broken: BrokenChain | null): ChainReport => ({
    rows: seq,
    head: { log: begun.log_id, seq, hash: hash.toString('hex') },
    compared: known.size,
    broken,
  });
  const other = noted.find(({ log }) => log !== begun.log_id);
  if (other !== undefined)
    return report({
      kind: 'other-log',
      seq: 1,
      detail: `a noted head (row ${other.seq}) is of another log than this database holds`,
    });
  // below the first number there must be nothing, whatever the table allows by now
  for (let after = -Number.MAX_SAFE_INTEGER; ; after = seq) {
    const { rows } = await pool.query<ChainRow>('select * from access.read_chain($1, $2)', [after, ROWS_PER_PAGE]);
    for (const row of rows) {
      const broken = faultOf(row, seq, hash, known);
      if (broken !== null) return report(broken);
      seq = Number(row.seq);
      hash = row.hash;
    }
    onProgress?.(seq);
    if (rows.length < ROWS_PER_PAGE) break;
  }
  return report(await faultAtEnd(pool, begun, seq, hash, known));
}

async function readHead(pool: Pool): Promise<HeadRow> {
  const { rows } = await pool.query<HeadRow>('select * from access.read_head()');
  const [head] = rows;
  if (head === undefined)
    throw new Error('access.head holds no row: the access log has lost where it ends; restore the schema access');
  return head;
}

/** What is wrong with the row that comes after row `seq` of that hash; null when nothing is. */
function faultOf(row: ChainRow, seq: number, hash: Buffer, known: ReadonlyMap<number, string>): BrokenChain | null {
  const number = Number(row.seq);
  if (number < 1) return { kind: 'inserted', seq: number, detail: 'it stands before the first row' };
  if (number > seq + 1)
    return {
      kind: 'missing',
      seq: seq + 1,
      detail: number === seq + 2 ? 'this row is gone' : `rows up to ${number - 1} are gone`,
    };
  if (!hashOf(hash, number, row.content).equals(row.hash))
    return { kind: 'changed', seq: number, detail: 'its hash does not follow from its text and the row before' };
  const { id, person } = JSON.parse(row.content) as AccessEntry;
  if (id !== row.id || person !== row.person_id)
    return { kind: 'changed', seq: number, detail: 'it is filed under another id or person than its text says' };
  const noted = known.get(number);
  if (noted !== undefined && noted !== row.hash.toString('hex'))
    return {
      kind: 'rewritten',
      seq: number,
      detail: 'its hash was another when it was noted; some row up to this one was written anew',
    };
  return null;
}

/** Whether the rows end where the head says, and no earlier than any head that was noted. */
async function faultAtEnd(
  pool: Pool,
  begun: HeadRow,
  seq: number,
  hash: Buffer,
  known: ReadonlyMap<number, string>,
): Promise<BrokenChain | null> {
  const cutOff = (expected: number, by: string): BrokenChain => ({
    kind: 'cut-off',
    seq: seq + 1,
    detail: `rows up to ${expected} were written, by ${by}, and are gone`,
  });
  // others may have appended since: what was there at the beginning must have been walked
  if (seq < Number(begun.seq)) return cutOff(Number(begun.seq), 'the head');
  if (seq === Number(begun.seq) && !hash.equals(begun.hash))
    return { kind: 'changed', seq, detail: 'the head says another hash of the last row' };
  const now = await readHead(pool);
  if (Number(now.last_row ?? 0) > Number(now.seq))
    return { kind: 'inserted', seq: Number(now.seq) + 1, detail: 'it stands after the last row that was written' };
  let furthest = 0;
  for (const each of known.keys()) furthest = Math.max(furthest, each);
  if (furthest > Number(now.seq)) return cutOff(furthest, 'a head that was noted');
  return null;
}
