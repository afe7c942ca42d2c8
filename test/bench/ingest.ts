/** `ingest`: lines decided and booked per second, against COPY of the same events. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyEventsPerSecond } from './copy-baseline';
import { insured, persons, shuffled, writeClaimFile, type BenchPerson } from './population';
import { median, NODE_FLAGS, note, print, round } from './result';
import { seedStore } from './seed';
import { withClient, type BenchServer } from './server';

const run = promisify(execFile);

export interface IngestScenario {
  readonly name: string;
  readonly persons: number;
  readonly sessions: number;
  /** Sessions per chunk of history in the seeding files. */
  readonly linesPerPerson: number;
  /** Persons in the measured file, of whom so many are new. */
  readonly inFile: number;
  readonly newPersons: number;
  readonly rounds: number;
}

export interface Measured {
  readonly seconds: number;
  readonly lines: number;
  readonly decided: number;
  readonly peakMegabytes: number;
}

export async function benchIngest(server: BenchServer, scenario: IngestScenario): Promise<void> {
  const kek = randomBytes(32).toString('base64');
  const all = persons(scenario.persons + scenario.newPersons, 42);
  const template = `seed_${scenario.persons}`;
  const url = await server.database(template);
  const seeded = all.slice(0, scenario.persons);
  note(`${scenario.name}: seeding ${scenario.persons} persons with ${scenario.sessions} sessions each`);
  const seedFile = join(server.folder, `${template}.pm304`);
  // A session every other day keeps 300 of them before 2025.
  await writeClaimFile(
    seedFile,
    '04000001',
    'SEED',
    seeded.map((person, n) => insured(person, `S${n}-`, 0, scenario.sessions, '2023-01-02', 2)),
  );
  const started = Date.now();
  await seedStore(url, kek, all, [seedFile]);
  note(`${scenario.name}: seeded in ${round((Date.now() - started) / 1000)} s`);
  const known = shuffled(
    seeded.map((person, n) => ({ person, n })),
    7,
  ).slice(0, scenario.inFile - scenario.newPersons);
  const fresh = all.slice(scenario.persons).map((person, i) => ({ person, n: scenario.persons + i }));
  const inFile = shuffled([...known, ...fresh], 8);
  const file = join(server.folder, `${scenario.name}.pm304`);
  const lines = scenario.linesPerPerson;
  const next = (entry: { person: BenchPerson; n: number }): number => (entry.n < scenario.persons ? scenario.sessions : 0);
  await writeClaimFile(
    file,
    '04000001',
    'BENCH',
    inFile.map((entry) => insured(entry.person, `S${entry.n}-`, next(entry), lines, '2023-01-02', 2)),
  );
  const runs: Measured[] = [];
  const copies: number[] = [];
  for (let i = 1; i <= scenario.rounds; i += 1) {
    const name = `${template}_${i}`;
    const copyUrl = await server.database(name, template);
    await withClient(copyUrl, (client) => client.query('vacuum analyze'));
    const before = await withClient(
      copyUrl,
      async (client) =>
        (await client.query<{ pos: string }>('select max(pos) as pos from eventstore.events')).rows[0]?.pos ?? '0',
    );
    await server.checkpoint();
    const { stdout } = await run(process.execPath, [...NODE_FLAGS, join(__dirname, 'ingest-process.js'), copyUrl, kek, file], {
      maxBuffer: 1 << 24,
    });
    const measured = JSON.parse(stdout) as Measured;
    const copy = await copyEventsPerSecond(copyUrl, before);
    runs.push(measured);
    copies.push(copy.perSecond);
    note(
      `${scenario.name} round ${i}: ${round(measured.lines / measured.seconds)} lines/s (${measured.decided} of ${measured.lines} decided), ${round(measured.peakMegabytes)} MB; copy ${round(copy.perSecond)} events/s of ${copy.rows}`,
    );
    await server.drop(name);
  }
  await server.drop(template);
  const value = median(runs.map((each) => each.lines / each.seconds));
  const baseline = median(copies);
  print({
    name: scenario.name,
    value: round(value),
    unit: 'lines/s',
    baseline: { name: 'copy', value: round(baseline) },
    settings: {
      ...scenario,
      lines: runs[0]?.lines,
      ratio: round(value / baseline, 4),
      bar: 0.05,
      peakMegabytes: round(Math.max(...runs.map((each) => each.peakMegabytes))),
    },
  });
}
