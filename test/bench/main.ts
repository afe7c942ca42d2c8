/** `npm run bench [-- --only NAME] [--scale X]`: prints a JSON line per figure; progress goes to standard error. */
import { parseArgs } from 'node:util';
import { benchAccessLog } from './access-log';
import { benchAppend } from './append';
import { benchCampaign } from './campaign';
import { benchDecide } from './decide';
import { benchIngest } from './ingest';
import { benchMemory } from './memory';
import { benchRebuild } from './rebuild';
import { benchPreview } from './preview';
import { note } from './result';
import { startBenchServer, type BenchServer } from './server';

const scaled = (count: number, scale: number): number => Math.max(4, Math.round(count * scale));

/** These need no store: no server is started for them. */
const WITHOUT_STORE: Readonly<Record<string, (scale: number) => Promise<void>>> = {
  decide: (scale) => benchDecide(scaled(2_000, scale)),
};

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
  campaign: (server, scale) => benchCampaign(server, scaled(100_000, scale)),
  preview: (server, scale) => benchPreview(server, scaled(300, scale)),
  'append-8': (server) => benchAppend(server, 8),
  'append-32': (server) => benchAppend(server, 32),
  'access-log-8': (server) => benchAccessLog(server, 8),
  memory: (server, scale) => benchMemory(server, scaled(300_000, scale)),
};

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { only: { type: 'string' }, scale: { type: 'string', default: '1' } } });
  const all = [...Object.keys(WITHOUT_STORE), ...Object.keys(BENCHES)];
  const names = values.only === undefined ? all : values.only.split(',');
  for (const name of names)
    if (!all.includes(name)) {
      note(`no bench ${name}; there are ${all.join(', ')}`);
      process.exitCode = 2;
      return;
    }
  for (const name of names) await WITHOUT_STORE[name]?.(Number(values.scale));
  if (names.every((name) => BENCHES[name] === undefined)) return;
  const server = await startBenchServer();
  try {
    for (const name of names) await BENCHES[name]?.(server, Number(values.scale));
  } finally {
    await server.stop();
  }
}

void main();
