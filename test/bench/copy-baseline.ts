/** The `copy` baseline: the very rows that a run wrote, sent by COPY into a fresh table with the same columns, indexes and triggers. */
import { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { columnsOf, freshTableLike } from './fresh-table';
import { withClient } from './server';

/** Copies the rows of a query on `source` into a fresh table like it. Only the COPY is timed; the rows are in memory before. */
export async function copyRows(client: Client, source: string, where: string): Promise<{ rows: number; seconds: number }> {
  const columns = await columnsOf(client, source);
  const parts: Buffer[] = [];
  const sink = new Writable({ write: (part: Buffer, _encoding, done) => void (parts.push(part), done()) });
  await pipeline(client.query(copyTo(`copy (select ${columns} from ${source} ${where}) to stdout`)), sink);
  const copy = `${source}_baseline`;
  await freshTableLike(client, source, copy);
  await client.query('checkpoint');
  const start = process.hrtime.bigint();
  const stream = client.query(copyFrom(`copy ${copy} (${columns}) from stdin`));
  await pipeline(Readable.from(parts), stream);
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  await client.query(`drop table ${copy}`);
  return { rows: stream.rowCount ?? 0, seconds };
}

/** Events written after `afterPos`, copied; answers events per second. */
export function copyEventsPerSecond(url: string, afterPos: string): Promise<{ rows: number; perSecond: number }> {
  return withClient(url, async (client) => {
    const { rows, seconds } = await copyRows(client, 'eventstore.events', `where pos > ${BigInt(afterPos)} order by pos`);
    return { rows, perSecond: rows / seconds };
  });
}
