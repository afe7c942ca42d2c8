/** `memory`: peak resident set of a cold process that ingests one file of 300,000 lines. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Measured } from './ingest';
import { insured, persons, writeClaimFile } from './population';
import { NODE_FLAGS, note, print, round } from './result';
import { seedStore } from './seed';
import type { BenchServer } from './server';

const run = promisify(execFile);

export async function benchMemory(server: BenchServer, lines: number): Promise<void> {
  const kek = randomBytes(32).toString('base64');
  const members = persons(Math.ceil(lines / 12), 42);
  const url = await server.database('memory');
  await seedStore(url, kek, members, []);
  const file = join(server.folder, 'memory.pm304');
  await writeClaimFile(
    file,
    '04000001',
    'LARGE',
    members.map((person, n) => insured(person, `S${n}-`, 0, 12, '2023-01-02', 7)),
  );
  note(`memory: one file of ${members.length * 12} lines`);
  const { stdout } = await run(process.execPath, [...NODE_FLAGS, join(__dirname, 'ingest-process.js'), url, kek, file], {
    maxBuffer: 1 << 24,
  });
  const measured = JSON.parse(stdout) as Measured;
  await server.drop('memory');
  print({
    name: 'memory',
    value: round(measured.peakMegabytes),
    unit: 'MB',
    baseline: { name: 'bar', value: 600 },
    settings: { lines: measured.lines, linesPerSecond: round(measured.lines / measured.seconds) },
  });
}
