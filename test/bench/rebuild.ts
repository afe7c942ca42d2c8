/** `rebuild`: all read models from the log, against reading and parsing the same log plus COPY of the rows that result. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openReadModels } from '#libs/read-models';
import { copyRows } from './copy-baseline';
import { insured, persons, writeClaimFile } from './population';
import { median, note, print, round } from './result';
import { seedStore } from './seed';
import { withClient, type BenchServer } from './server';

const run = promisify(execFile);
const ROUNDS = 3;

interface Timed {
  readonly seconds: number;
  readonly events: number;
  readonly peakMegabytes: number;
}

export async function benchRebuild(server: BenchServer, count: number): Promise<void> {
  const kek = randomBytes(32).toString('base64');
  const members = persons(count, 42);
  const url = await server.database('rebuild');
  const file = join(server.folder, 'rebuild.pm304');
  await writeClaimFile(
    file,
    '04000001',
    'SEED',
    members.map((person, n) => insured(person, `S${n}-`, 0, 20, '2023-01-02', 2)),
  );
  note(`rebuild: seeding ${count} persons with 20 sessions each`);
  await seedStore(url, kek, members, [file]);
  await (await openReadModels({ url })).destroy();
  const job = async (name: 'rebuild' | 'read'): Promise<Timed> =>
    JSON.parse((await run(process.execPath, [join(__dirname, 'rebuild-process.js'), name, url])).stdout) as Timed;
  const rebuilds: Timed[] = [];
  const baselines: number[] = [];
  let rows = 0;
  for (let i = 1; i <= ROUNDS; i += 1) {
    await server.checkpoint();
    rebuilds.push(await job('rebuild'));
    await server.checkpoint();
    const read = await job('read');
    const copied = await withClient(url, async (client) => {
      const { rows: tables } = await client.query<{ name: string }>(
        `select quote_ident(tablename) as name from pg_tables where schemaname = 'read' and tablename <> 'migration' order by 1`,
      );
      let seconds = 0;
      rows = 0;
      for (const { name } of tables) {
        const copy = await copyRows(client, `read.${name}`, '');
        seconds += copy.seconds;
        rows += copy.rows;
      }
      return seconds;
    });
    baselines.push(read.seconds + copied);
    note(
      `rebuild round ${i}: ${round(rebuilds.at(-1)?.seconds ?? 0, 2)} s for ${read.events} events and ${rows} rows; read ${round(read.seconds, 2)} s + copy ${round(copied, 2)} s; ${round(rebuilds.at(-1)?.peakMegabytes ?? 0)} MB`,
    );
  }
  await server.drop('rebuild');
  const value = median(rebuilds.map((each) => each.seconds));
  const baseline = median(baselines);
  print({
    name: 'rebuild',
    value: round(value, 2),
    unit: 's',
    baseline: { name: 'read and parse the log + COPY the rows', value: round(baseline, 2) },
    settings: {
      persons: count,
      sessions: 20,
      events: rebuilds[0]?.events,
      rows,
      rounds: ROUNDS,
      ratio: round(value / baseline, 2),
      bar: 3,
      peakMegabytes: round(Math.max(...rebuilds.map((each) => each.peakMegabytes))),
    },
  });
}
