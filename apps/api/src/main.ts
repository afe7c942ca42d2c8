/** The process of the API. Started alone, or by a parent that waits for `{ ready: true, address }` and ends it. */
import { createLogger, loadConfig, openDatabase, type Logger } from '#libs/platform';
import { openApiRuntime } from './api-runtime';
import { serve } from './serve';

/** Longest that stopping takes, all in all. */
const CLOSING_MS = 10_000;

async function main(): Promise<void> {
  const config = loadConfig(process.env);
  const logger = createLogger('api', config.logLevel);
  const database = await openDatabase(config);
  try {
    const runtime = await openApiRuntime(config, database.url, logger);
    const api = await serve(runtime, config).catch(async (error: unknown) => {
      await runtime.close();
      throw error;
    });
    logger.info({ address: api.address }, 'listening');
    process.send?.({ ready: true, address: api.address });
    stopOnce(logger, async () => {
      await api.close();
      await runtime.close();
      await database.close();
    });
  } catch (error) {
    await database.close();
    throw error;
  }
}

/**
 * Stops on a signal, and when the parent that started this process is gone. Further ones change nothing: Ctrl-C in a terminal
 * reaches parent and child, and the parent then sends its own.
 */
function stopOnce(logger: Logger, close: () => Promise<void>): void {
  let isStopping = false;
  const stop = (why: string): void => {
    if (isStopping) return;
    isStopping = true;
    logger.info({ why }, 'stopping');
    setTimeout(() => process.exit(1), CLOSING_MS).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'it did not stop cleanly');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  process.on('disconnect', () => stop('the parent is gone'));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
  // a process that failed to start holds nothing that is worth waiting for
  setTimeout(() => process.exit(1), 1_000).unref();
});
