/** `append-8`, `append-32`: single appends of many writers, against a bare insert transaction of the same rows. */
import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { openPostgresEventStore, NO_STREAM, type AppendUnit } from '#libs/event-store';
import { freshTableLike } from './fresh-table';
import { median, note, print, round } from './result';
import type { BenchServer } from './server';

const SECONDS = 4;
const ROUNDS = 3;

/** A session event of ordinary size. */
const data = (n: number): object => ({
  practice: '04012345',
  reference: `R-${n}`,
  date: '2024-03-04',
  list: '012',
  performance: '1000',
  quantity: 1,
  diagnosis: '9373',
  csi: '008',
  tariffCents: 4000,
  calculatedCents: 4000,
  declaredCents: 4000,
  insurer: '3343',
  invoice: 'F2024-03',
  therapist: '04054321',
  ageYears: 52,
  deductibleAge: true,
  receivedOn: '2024-04-02',
  source: { file: 'f11e0000-0000-5000-8000-000000000001', record: n },
});

/** Runs `one` over and over in `writers` loops; answers how many a second. */
export async function perSecond(writers: number, one: (writer: number, n: number) => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  const until = Date.now() + SECONDS * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let n = 0; Date.now() < until; n += 1) {
        await one(writer, n);
        done += 1;
      }
    }),
  );
  return done / (Number(process.hrtime.bigint() - start) / 1e9);
}

export async function benchAppend(server: BenchServer, writers: number): Promise<void> {
  const name = `append_${writers}`;
  const url = await server.database(name);
  const store = await openPostgresEventStore({ connectionString: url, maxConnections: writers });
  const pool = new Pool({ connectionString: url, max: writers });
  await freshTableLike(pool, 'eventstore.events', 'eventstore.bare');
  const values: number[] = [];
  const baselines: number[] = [];
  for (let run = 1; run <= ROUNDS; run += 1) {
    await server.checkpoint();
    values.push(
      await perSecond(writers, async (writer, n) => {
        const stream = `trajectory-${run}-${writer}`;
        const unit: AppendUnit = {
          streams: [
            {
              stream,
              expectedRevision: n === 0 ? NO_STREAM : n - 1,
              events: [
                {
                  id: randomUUID(),
                  type: 'SessionDeclared.v1',
                  data: data(n),
                  metadata: { personId: stream, commandId: stream, actor: 'bench' },
                },
              ],
            },
          ],
        };
        const [answer] = await store.append([unit]);
        if (answer?.outcome !== 'appended') throw new Error(`append: ${answer?.outcome ?? 'no answer'}`);
      }),
    );
    await server.checkpoint();
    baselines.push(
      await perSecond(writers, async (writer, n) => {
        const stream = `trajectory-${run}-${writer}`;
        await pool.query({
          name: 'bare',
          text: 'insert into eventstore.bare (stream, revision, event_id, type, data, metadata) values ($1, $2, $3, $4, $5, $6)',
          values: [
            stream,
            n,
            randomUUID(),
            'SessionDeclared.v1',
            JSON.stringify(data(n)),
            JSON.stringify({ personId: stream, commandId: stream, actor: 'bench' }),
          ],
        });
      }),
    );
    note(`${name} round ${run}: ${round(values.at(-1) ?? 0)} appends/s, bare insert ${round(baselines.at(-1) ?? 0)}/s`);
  }
  await store.close();
  await pool.end();
  await server.drop(name);
  const [value, baseline] = [median(values), median(baselines)];
  print({
    name: `append-${writers}`,
    value: round(value),
    unit: 'appends/s',
    baseline: { name: 'bare insert transaction', value: round(baseline) },
    settings: { writers, seconds: SECONDS, rounds: ROUNDS, ratio: round(value / baseline, 3), bar: 0.6 },
  });
}
