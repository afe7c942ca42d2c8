/**
 * The ingest worker: takes claim files from a folder (TRAJECT_INBOX) until it is told to stop (SIGTERM, SIGINT, or the end of the
 * parent that it talks to by IPC). Answers lie in `done` or `refused` beside their claim file.
 */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { ClaimFileIngestion, DossiersModule, openDossierRuntime } from '#libs/dossiers';
import { createLogger, loadConfig, openDatabase } from '#libs/platform';
import { workInbox } from './inbox';

@Module({})
class IngestWorkerModule {}

async function main(): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  process.once('disconnect', () => stop.abort());
  const config = loadConfig(process.env);
  const logger = createLogger('ingest-worker', config.logLevel);
  const database = await openDatabase(config);
  try {
    const runtime = await openDossierRuntime(config, database.url, 'ingest-worker', {
      role: 'ingest',
      onHeadsFault: (error) => logger.warn({ err: error }, 'where the access log ended could not be noted'),
    });
    try {
      const app = await NestFactory.createApplicationContext(
        { module: IngestWorkerModule, imports: [DossiersModule.forContext(runtime.context)] },
        { logger: ['error', 'warn'] },
      );
      logger.info({}, 'ready');
      await workInbox({ folder: config.inboxDirectory, ingestion: app.get(ClaimFileIngestion), logger, signal: stop.signal });
      await app.close();
    } finally {
      await runtime.close();
    }
  } finally {
    await database.close();
  }
  logger.info({}, 'stopped');
}

main()
  .catch((error: unknown) => {
    createLogger('ingest-worker').fatal({ err: error }, 'the ingest worker cannot go on');
    process.exitCode = 1;
  })
  .finally(() => {
    if (process.connected === true) process.disconnect();
  });
