/** One run of a command that works on the store: database located, everything opened, closed at the end whatever happens. */
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { Module, type INestApplicationContext } from '@nestjs/common';
import {
  Campaigns,
  ClaimFileIngestion,
  DossiersModule,
  Corrections,
  MemberImport,
  openDossierRuntime,
  Proposals,
  ActivatePolicy,
  type DossierRuntime,
} from '#libs/dossiers';
import { installOutbox } from '#libs/outbox';
import { loadConfig, openDatabase, openPool, type OpenDatabase, type TrajectConfig } from '#libs/platform';
import { loadPolicyFiles } from '#libs/policy-files';

@Module({})
class CommandLineModule {}

export interface Session {
  readonly config: TrajectConfig;
  readonly database: OpenDatabase;
  readonly runtime: DossierRuntime;
  readonly commands: CommandBus;
  readonly corrections: Corrections;
  readonly proposals: Proposals;
  readonly campaigns: Campaigns;
  readonly members: MemberImport;
  readonly claims: ClaimFileIngestion;
  close(): Promise<void>;
}

/** Opens everything. Activates the bundled policy when no version is active yet: a new store decides by something. */
export async function openSession(processName: string, env: NodeJS.ProcessEnv = process.env): Promise<Session> {
  const config = loadConfig(env);
  const database = await openDatabase(config);
  const runtime = await openRuntime(config, database.url, processName).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
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
      corrections: app.get(Corrections),
      proposals: app.get(Proposals),
      campaigns: new Campaigns(runtime.context, runtime.campaigns),
      members: app.get(MemberImport),
      claims: app.get(ClaimFileIngestion),
      close: async () => {
        await opened.close();
        await runtime.close();
        await database.close();
      },
    };
  } catch (error) {
    await app?.close();
    await runtime.close();
    await database.close();
    throw error;
  }
}

/** The log itself is in the database and whole: that its end is not noted elsewhere is told, and stops nobody. */
const onHeadsFault = (error: Error): void =>
  void process.stderr.write(
    `traject: where the access log ended could not be noted: ${error.message}; set TRAJECT_ACCESS_LOG_HEADS\n`,
  );

async function openRuntime(config: TrajectConfig, databaseUrl: string, processName: string): Promise<DossierRuntime> {
  // before anything is recorded: the outbox tells what is recorded from then on
  const pool = openPool(databaseUrl, { max: 1, applicationName: `traject ${processName}` });
  await installOutbox(pool).finally(() => pool.end());
  return openDossierRuntime(config, databaseUrl, processName, { onHeadsFault });
}

async function activateBundledPolicyIfNone(runtime: DossierRuntime, commands: CommandBus): Promise<void> {
  const [events = []] = await runtime.store.readStreams([{ stream: 'policy-book' }]);
  if (events.length === 0) await commands.execute(new ActivatePolicy(loadPolicyFiles(), 'traject'));
}
