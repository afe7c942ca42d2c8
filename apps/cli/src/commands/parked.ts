import type { Command } from 'commander';
import { holdToErasureList } from '#libs/dossiers';
import { openEventStore } from '#libs/event-store';
import { loadConfig, openDatabase } from '#libs/platform';
import { personsNamed, recordAlone } from '../access';
import { EXIT } from '../exit-codes';
import { Terminal } from '../output/terminal';
import { readModelsLibrary } from '../read-models';

export function addParked(program: Command): void {
  program
    .command('parked')
    .description('list persons and streams whose read models wait because an event could not be projected')
    .option('--retry', 'project them again from their streams')
    .option('--json', 'print the result as JSON')
    .action(async (options: { retry?: boolean; json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      const { openReadModels, ReadModelProjector, ReadModelQueries } = await readModelsLibrary();
      const config = loadConfig(process.env);
      const database = await openDatabase(config);
      try {
        await holdToErasureList(config, database.url, 'parked');
        const readModels = await openReadModels({ url: database.url, poolSize: 2 });
        const store = await openEventStore(config, database.url, { applicationName: 'traject parked', maxConnections: 2 });
        try {
          const queries = new ReadModelQueries(readModels);
          if (options.retry === true) {
            const projector = new ReadModelProjector(readModels);
            for (const { partition } of await queries.parked()) {
              const retried = await projector.retryParked(store, partition);
              terminal.line(`${partition}: ${retried.outcome}`);
            }
          }
          const parked = await queries.parked();
          const persons = parked.flatMap(({ partition }) => personsNamed(partition));
          const access = {
            event: 'parked',
            action: options.retry === true ? 'change' : 'read',
            object: 'read-models',
            persons,
          } as const;
          await recordAlone(config, database.url, 'parked', access);
          terminal.value(parked);
          for (const { partition, eventId, error } of parked) terminal.line(`${partition} waits at event ${eventId}: ${error}`);
          terminal.line(parked.length === 0 ? 'Nothing is parked.' : `${await queries.parkedCount()} parked`);
          process.exitCode = parked.length === 0 ? EXIT.ok : EXIT.findings;
        } finally {
          await store.close();
          await readModels.destroy();
        }
      } finally {
        await database.close();
      }
    });
}
