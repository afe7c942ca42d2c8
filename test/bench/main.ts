/** `npm run bench [-- --only NAME] [--scale X]`: prints a JSON line per figure; progress goes to standard error. */
import { parseArgs } from 'node:util';
import { benchAppend } from './append';
import { benchIngest } from './ingest';
import { benchMemory } from './memory';
import { benchRebuild } from './rebuild';
import { note } from './result';
import { startBenchServer, type BenchServer } from './server';

const scaled = (count: number, scale: number): number => Math.max(4, Math.round(count * scale));

const BENCHES: Readonly<Record<string, (server: BenchServer, scale: number) => Promise<void>>> = {
  ingest: (server, scale) =>
    benchIngest(server, {
      name: 'ingest',
      persons: scaled(25_000, scale),
      sessions: 20,
      linesPerPerson: 4,
      inFile: scaled(25_000, scale),
      newPersons: scaled(2_500, scale),
      rounds: 3,
    }),
  'ingest-long': (server, scale) =>
    benchIngest(server, {
      name: 'ingest-long',
      persons: scaled(1_500, scale),
      sessions: 300,
      linesPerPerson: 4,
      inFile: scaled(1_500, scale),
      newPersons: 0,
      rounds: 3,
    }),
  rebuild: (server, scale) => benchRebuild(server, scaled(25_000, scale)),
  'append-8': (server) => benchAppend(server, 8),
  'append-32': (server) => benchAppend(server, 32),
  memory: (server, scale) => benchMemory(server, scaled(300_000, scale)),
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, scale: { type: 'string', default: '1' } } });
  const names = values.only === undefined ? Object.keys(BENCHES) : values.only.split(',');
  for (const name of names)
    if (BENCHES[name] === undefined) {
      note(`no bench ${name}; there are ${Object.keys(BENCHES).join(', ')}`);
      process.exitCode = 2;
      return;
    }
  const server = await startBenchServer();
  try {
    for (const name of names) await BENCHES[name]?.(server, Number(values.scale));
  } finally {
    await server.stop();
  }
}

void main();
