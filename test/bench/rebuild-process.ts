/** One cold process that rebuilds the read models (`rebuild`), or reads and parses the whole log (`read`); prints its seconds. */
import { openPostgresEventStore, type LogPosition } from '#libs/event-store';
import { rebuildReadModels } from '#libs/read-models';

const PAGE = 10_000;

async function main(): Promise<void> {
  const [job, url = ''] = process.argv.slice(2);
  const store = await openPostgresEventStore({ connectionString: url, maxConnections: 2 });
  const start = process.hrtime.bigint();
  let events = 0;
  if (job === 'rebuild') events = (await rebuildReadModels({ store, connection: { url } })).eventsDone;
  else
    for (let after: LogPosition | null = null; ;) {
      const page = await store.readLog(after, PAGE);
      if (page.events.length === 0) break;
      events += page.events.length;
      after = page.checkpoint;
    }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  await store.close();
  process.stdout.write(`${JSON.stringify({ seconds, events, peakMegabytes: process.resourceUsage().maxRSS / 1024 })}\n`);
}

void main();
