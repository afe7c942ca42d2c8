/**
 * The projector: follows the event log into the read models until it is told to stop (SIGTERM, SIGINT, or the end of the parent
 * that it talks to by IPC). Configured by environment variables, see `loadConfig`. Exit code 0 when it was stopped, 1 when it
 * could not go on; standard error says why, as JSON lines.
 */
import { createLogger, loadConfig } from '#libs/platform';
import { runProjector, type ProjectorMessage } from './run';

async function main(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  process.once('disconnect', () => stop.abort());
  const config = loadConfig(process.env);
  const logger = createLogger('projector', config.logLevel);
  const tellParent = (message: ProjectorMessage): void => {
    if (process.connected === true) process.send?.(message);
  };
  await runProjector(config, { logger, signal: stop.signal, tell: tellParent });
  logger.info({}, 'stopped');
}

main()
  .catch((error: unknown) => {
    createLogger('projector').fatal({ err: error }, 'the projector cannot go on');
    process.exitCode = 1;
  })
  .finally(() => {
    // The channel to the parent would keep the process alive.
    if (process.connected === true) process.disconnect();
  });
