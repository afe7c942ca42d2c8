/** `access-log-8`: rows of the access log a second by writers with a connection each, as of so many processes, against a bare insert. */
import { randomUUID } from 'node:crypto';
import { openAccessLog, verifyAccessLog, type AccessEntry } from '#libs/access-log';
import { openPool } from '#libs/platform';
import { perSecond } from './append';
import { median, note, print, round } from './result';
import type { BenchServer } from './server';

const ROUNDS = 3;
/** Rows of one call: a single request, and a chunk of a claim file. */
const BATCHES = [1, 100];

const entry = (): AccessEntry => ({
  id: randomUUID(),
  time: new Date().toISOString(),
  event: 'dossier',
  action: 'read',
  outcome: 'success',
  user: 'bench',
  role: 'reader',
  purpose: null,
  person: randomUUID(),
  object: 'dossier',
  source: 'machine/bench/1 127.0.0.1',
  request: randomUUID(),
});

export async function benchAccessLog(server: BenchServer, writers: number): Promise<void> {
  const name = `access_log_${writers}`;
  const url = await server.database(name);
  const logs = await Promise.all(Array.from({ length: writers }, () => openAccessLog(url, 'bench', { headsFile: null })));
  const pool = openPool(url, { max: writers, applicationName: 'bench' });
  await pool.query(
    'create table access.bare (seq bigint generated always as identity primary key, hash bytea not null, content text not null, id uuid not null unique)',
  );
  for (const rows of BATCHES) {
    const values: number[] = [];
    const baselines: number[] = [];
    for (let run = 1; run <= ROUNDS; run += 1) {
      await server.checkpoint();
      values.push(rows * (await perSecond(writers, async (writer) => logs[writer]?.record(Array.from({ length: rows }, entry)))));
      await server.checkpoint();
      baselines.push(
        rows *
          (await perSecond(writers, async () => {
            const entries = Array.from({ length: rows }, entry);
            await pool.query({
              name: 'bare',
              text: `insert into access.bare (hash, content, id) select sha256(''), c, i from unnest($1::text[], $2::uuid[]) u(c, i)`,
              values: [entries.map((each) => JSON.stringify(each)), entries.map(({ id }) => id)],
            });
          })),
      );
      note(
        `${name}, ${rows} a call, round ${run}: ${round(values.at(-1) ?? 0)} rows/s, bare insert ${round(baselines.at(-1) ?? 0)}/s`,
      );
    }
    const [value, baseline] = [median(values), median(baselines)];
    print({
      name: `access-log-${writers}`,
      value: round(value),
      unit: 'rows/s',
      baseline: { name: 'bare insert transaction', value: round(baseline) },
      settings: { writers, rowsPerCall: rows, rounds: ROUNDS, ratio: round(value / baseline, 3) },
    });
  }
  const { broken } = await verifyAccessLog(pool, []);
  if (broken !== null) throw new Error(`the chain is broken at row ${broken.seq}: ${broken.detail}`);
  for (const log of logs) await log.close();
  await pool.end();
  await server.drop(name);
}
