import { Client } from 'pg';

/** A connection that looks on. */
export async function onlooker(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined); // the server may be killed while it looks
  await client.connect();
  return client;
}

/** How many events were drawn up so far, written or not: cheap enough to be asked hundreds of times a second. */
export async function eventsDrawn(client: Client): Promise<number> {
  const { rows } = await client.query<{ last: string }>(
    "select coalesce(pg_sequence_last_value(pg_get_serial_sequence('eventstore.events', 'pos')::regclass), 0) as last",
  );
  return Number(rows[0]?.last ?? 0);
}

export async function eventCount(client: Client): Promise<number> {
  const { rows } = await client.query<{ events: string }>('select count(*) as events from eventstore.events');
  return Number(rows[0]?.events ?? 0);
}

/** All streams with all that is in them, as one digest: the same facts, decisions and bookings in the same order per stream. */
export async function digestOfStreams(client: Client): Promise<string> {
  const { rows } = await client.query<{ digest: string }>(
    `select md5(string_agg(concat_ws(' ', stream, revision, event_id, type, data, metadata), chr(10) order by stream, revision)) as digest
       from eventstore.events`,
  );
  return rows[0]?.digest ?? '';
}

/** Commands that closed more than one decision; lines that were declared more than once. */
export async function whatIsThereTwice(client: Client): Promise<unknown[]> {
  const { rows } = await client.query<{ key: string; count: string }>(
    `select metadata->>'commandId' as key, count(*) from eventstore.events where type = 'PersonDecided.v1' group by 1 having count(*) > 1
     union all
     select (data->>'practice') || '/' || (data->>'reference'), count(*) from eventstore.events where type = 'SessionDeclared.v1'
      group by 1 having count(*) > 1`,
  );
  return rows;
}
