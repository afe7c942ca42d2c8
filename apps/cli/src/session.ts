/** One run of a command that works on the store: database located, everything opened, closed at the end whatever happens. */
import { mkdir } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { Module, type INestApplicationContext } from '@nestjs/common';
import {
  ClaimFileIngestion,
  DossiersModule,
  MemberImport,
  openDossierRuntime,
  ActivatePolicy,
  type DossierRuntime,
} from '#libs/dossiers';
import { loadConfig, startEmbeddedPostgres, type EmbeddedPostgres, type TrajectConfig } from '#libs/platform';
import { loadPolicyFiles } from '#libs/policy-files';

/** Name of the database in the embedded server. */
export const DATABASE = 'traject';

@Module({})
class CommandLineModule {}

export interface Database {
  readonly url: string;
  /** The server that Traject brings; null when one is configured. */
  readonly embedded: EmbeddedPostgres | null;
}

/** The configured database, or the embedded one, started or adopted. */
export async function openDatabase(config: TrajectConfig): Promise<Database> {
  if (config.database.kind === 'server') return { url: config.database.url, embedded: null };
  await mkdir(config.dataDirectory, { recursive: true });
  const embedded = await startEmbeddedPostgres({ dataDirectory: config.dataDirectory });
  await embedded.createDatabaseIfMissing(DATABASE);
  return { url: embedded.url(DATABASE), embedded };
}

export interface Session {
  readonly config: TrajectConfig;
  readonly database: Database;
  readonly runtime: DossierRuntime;
  readonly commands: CommandBus;
  readonly members: MemberImport;
  readonly claims: ClaimFileIngestion;
  close(): Promise<void>;
}

/** Opens everything. Activates the bundled policy when no version is active yet: a new store decides by something. */
export async function openSession(processName: string, env: NodeJS.ProcessEnv = process.env): Promise<Session> {
  const config = loadConfig(env);
  const database = await openDatabase(config);
  const runtime = await openDossierRuntime(config, database.url, processName);
  let app: INestApplicationContext | null = null;
  try {
    app = await NestFactory.createApplicationContext(
      { module: CommandLineModule, imports: [DossiersModule.forContext(runtime.context)] },
      { logger: ['error', 'warn'], abortOnError: false },
    );
    const commands = app.get(CommandBus);
    await activateBundledPolicyIfNone(runtime, commands);
    const opened = app;
    return {
      config,
      database,
      runtime,
      commands,
      members: app.get(MemberImport),
      claims: app.get(ClaimFileIngestion),
      close: async () => {
        await opened.close();
        await runtime.close();
        // A server that was running before stays; one that this run started for itself goes with it.
        if (database.embedded !== null && !database.embedded.adopted) await database.embedded.stop();
      },
    };
  } catch (error) {
    await app?.close();
    await runtime.close();
    if (database.embedded !== null && !database.embedded.adopted) await database.embedded.stop();
    throw error;
  }
}

async function activateBundledPolicyIfNone(runtime: DossierRuntime, commands: CommandBus): Promise<void> {
  const [events = []] = await runtime.store.readStreams([{ stream: 'policy-book' }]);
  if (events.length === 0) await commands.execute(new ActivatePolicy(loadPolicyFiles(), 'traject'));
}
