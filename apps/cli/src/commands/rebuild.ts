import type { Command } from 'commander';
import { holdToErasureList } from '#libs/dossiers';
import { openEventStore } from '#libs/event-store';
import { loadConfig, openDatabase } from '#libs/platform';
import { Terminal } from '../output/terminal';
import { readModelsLibrary } from '../read-models';

export function addRebuild(program: Command): void {
  program
    .command('rebuild')
    .description('build all read models anew from the event log, beside the live ones, and switch over')
    .option('--status', 'say how far a rebuild is and what may be asked for next')
    .option('--abort', 'give up an unfinished rebuild')
    .option('--json', 'print the result as JSON')
    .action(async (options: { status?: boolean; abort?: boolean; json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      const { abortRebuild, openReadModels, rebuildReadModels, rebuildStatus } = await readModelsLibrary();
      const config = loadConfig(process.env);
      const database = await openDatabase(config);
      await holdToErasureList(config, database.url, 'rebuild');
      const connection = { url: database.url };
      const live = await openReadModels(connection);
      try {
        if (options.abort === true) await abortRebuild(connection);
        if (options.status === true || options.abort === true) {
          const status = await rebuildStatus(live);
          terminal.value(status);
          terminal.line(JSON.stringify(status));
          return;
        }
        const store = await openEventStore(config, database.url, { applicationName: 'traject rebuild', maxConnections: 2 });
        try {
          const bar = terminal.progress('Rebuild', 'events');
          const done = await rebuildReadModels({
            store,
            connection,
            onProgress: (progress) => bar.update(progress.eventsDone, progress.eventsTotal),
          });
          bar.end();
          terminal.value(done);
          terminal.line(`Rebuilt from ${done.eventsDone} events, ${done.eventsPerSecond} events a second.`);
        } finally {
          await store.close();
        }
      } finally {
        await live.destroy();
        await database.close();
      }
    });
}
