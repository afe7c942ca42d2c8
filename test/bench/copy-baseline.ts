/** The `copy` baseline: the very rows that a run wrote, sent by COPY into a fresh table with the same columns, indexes and triggers. */
import { pipeline } from 'node:stream/promises';
import { Readable, Writable } from 'node:stream';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { withClient } from './server';

/** Events written after `afterPos`, copied; answers events per second. */
export async function copyEventsPerSecond(url: string, afterPos: string): Promise<{ rows: number; perSecond: number }> {
  return withClient(url, async (client) => {
    const parts: Buffer[] = [];
    const sink = new Writable({ write: (part: Buffer, _encoding, done) => void (parts.push(part), done()) });
    await pipeline(
      client.query(copyTo(`copy (select * from eventstore.events where pos > ${BigInt(afterPos)} order by pos) to stdout`)),
      sink,
    );
    await client.query('drop table if exists eventstore.copy_baseline');
    await client.query('create table eventstore.copy_baseline (like eventstore.events including all)');
    const { rows: triggers } = await client.query<{ definition: string }>(
      `select pg_get_triggerdef(oid) as definition from pg_trigger where tgrelid = 'eventstore.events'::regclass and not tgisinternal`,
    );
    for (const { definition } of triggers)
      await client.query(definition.replace(/ ON eventstore\.events /, ' ON eventstore.copy_baseline '));
    const { rows: columns } = await client.query<{ name: string }>(
      `select string_agg(quote_ident(attname), ',' order by attnum) as name from pg_attribute
        where attrelid = 'eventstore.events'::regclass and attnum > 0 and not attisdropped`,
    );
    await client.query('checkpoint');
    const start = process.hrtime.bigint();
    const copy = client.query(copyFrom(`copy eventstore.copy_baseline (${columns[0]?.name ?? ''}) from stdin`));
    await pipeline(Readable.from(parts), copy);
    const seconds = Number(process.hrtime.bigint() - start) / 1e9;
    const rows = copy.rowCount ?? 0;
    await client.query('drop table eventstore.copy_baseline');
    return { rows, perSecond: rows / seconds };
  });
}
