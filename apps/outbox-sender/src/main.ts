/**
 * The sender of the outbox: follows the event log and tells practices what was processed, until it is told to stop (SIGTERM, SIGINT, or the end of the
 * parent that it talks to by IPC). Configured by environment variables, see `loadConfig`. Exit code 0 when it was stopped, 1 when it
 * could not go on; standard error says why, as JSON lines.
 */
import { openEventStore } from '#libs/event-store';
import { installOutbox, openTransport, runOutbox } from '#libs/outbox';
import { createLogger, loadConfig, openDatabase, openPool } from '#libs/platform';

async function main(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  process.once('disconnect', () => stop.abort());
  const config = loadConfig(process.env);
  const logger = createLogger('outbox-sender', config.logLevel);
  const database = await openDatabase(config);
  const pool = openPool(database.url, { max: 3, applicationName: 'traject outbox-sender' });
  const transport = openTransport(config.outbox.transport);
  try {
    await installOutbox(pool);
    const store = await openEventStore(config, database.url, {
      applicationName: 'traject outbox-sender events',
      maxConnections: 2,
    });
    try {
      const { addressesFile } = config.outbox;
      await runOutbox({ store, pool, transport, addressesFile, logger, signal: stop.signal });
    } finally {
      await store.close();
    }
  } finally {
    transport.close();
    await pool.end();
    await database.close();
  }
  logger.info({}, 'stopped');
}

main()
  .catch((error: unknown) => {
    createLogger('outbox-sender').fatal({ err: error }, 'the outbox sender cannot go on');
    process.exitCode = 1;
  })
  .finally(() => {
    // The channel to the parent would keep the process alive.
    if (process.connected === true) process.disconnect();
  });
