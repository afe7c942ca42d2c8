/** The command side over EventStoreDB (the protocol double), with PostgreSQL for vault and policy, in this process: no command line. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { formatPm304, type Pm304LineInput } from '#libs/claims';
import {
  ActivatePolicy,
  ClaimFileIngestion,
  closingIds,
  type DossierContext,
  DossiersModule,
  loadPersons,
  MemberImport,
  openDossierRuntime,
  verify,
  type DossierRuntime,
  type VerifyFinding,
} from '#libs/dossiers';
import { openEventStoreDb, type EventStore } from '#libs/event-store';
import { loadPolicyFiles } from '#libs/policy-files';
import type { CommandId, PersonDecided, PersonFold, PersonId } from '#libs/trajectory';
import { EventStoreDbDouble, type StoredEvent } from '../eventstoredb-protocol';
import { createTestDatabase, type TestDatabase } from '../postgres/database';

export const BSN = '111222333';
type Line = Pick<Pm304LineInput, 'date' | 'reference' | 'csi'> & Partial<Pm304LineInput>;

@Module({})
class StoryModule {}

/** What one process of the product has open. */
export interface Process {
  readonly context: DossierContext;
  readonly commands: CommandBus;
  readonly members: MemberImport;
  readonly claims: ClaimFileIngestion;
}

export class Site {
  readonly #runtimes: DossierRuntime[] = [];
  readonly #stores: EventStore[] = [];

  private constructor(
    readonly double: EventStoreDbDouble,
    private readonly database: TestDatabase,
    private readonly folder: string,
  ) {}

  static async open(): Promise<Site> {
    const double = await EventStoreDbDouble.start();
    const site = new Site(double, await createTestDatabase(), await mkdtemp(join(tmpdir(), 'traject-esdb-')));
    try {
      const { commands } = await site.process();
      await commands.execute(new ActivatePolicy(loadPolicyFiles(), 'test'));
    } catch (error) {
      await site.close(); // else nothing would ever end the double
      throw error;
    }
    return site;
  }

  /** Opens everything as another process would. */
  async process(): Promise<Process> {
    const config = {
      eventStore: { kind: 'eventstoredb', connectionString: this.double.connectionString },
      keyEncryptionKey: { file: join(this.folder, 'key'), create: true },
    } as const;
    const runtime = await openDossierRuntime(config, this.database.url, `story ${this.#runtimes.length}`);
    this.#runtimes.push(runtime);
    // as the runtime opened it, only with a less patient store: every lost answer is waited for
    const store = openEventStoreDb({ connectionString: this.double.connectionString, appendTimeoutMs: 1_000, retryDelayMs: 20 });
    this.#stores.push(store);
    const prototype = Object.getPrototypeOf(runtime.context) as object;
    const context = Object.assign(Object.create(prototype) as DossierContext, runtime.context, { store });
    const app = await NestFactory.createApplicationContext(
      { module: StoryModule, imports: [DossiersModule.forContext(context)] },
      { logger: ['error'], abortOnError: false },
    );
    return { context, commands: app.get(CommandBus), members: app.get(MemberImport), claims: app.get(ClaimFileIngestion) };
  }

  async close(): Promise<void> {
    for (const store of this.#stores) await store.close();
    for (const runtime of this.#runtimes) await runtime.close();
    this.double.stop();
    await this.database.drop();
    await rm(this.folder, { recursive: true, force: true });
  }

  async write(name: string, content: string | Uint8Array): Promise<string> {
    const path = join(this.folder, name);
    await writeFile(path, content);
    return path;
  }

  /** A claim file of one person; lines are 40 euros under code 1000. */
  claimFile(name: string, lines: readonly Line[]): Promise<string> {
    const common = { performance: '1000', tariffCents: 4000, diagnosis: '9373', therapist: '04054321' };
    return this.write(
      name,
      formatPm304({
        header: {
          insurer: '3343',
          practice: '04012345',
          periodStart: '2023-01-01',
          periodEnd: '2024-12-31',
          invoice: name.replace(/\W/g, '').slice(0, 12),
          invoiceDate: '2025-01-02',
        },
        insured: [
          {
            bsn: BSN,
            birthDate: '1970-05-05',
            sex: '2',
            name: 'Voorbeeld',
            initials: 'V',
            houseNumber: 1,
            lines: lines.map((line) => ({ ...common, ...line })),
          },
        ],
      }),
    );
  }

  async personId({ context }: Process): Promise<PersonId> {
    return (await context.vault.resolveByBsn([BSN])).get(BSN)?.personId as PersonId;
  }

  async person(process: Process): Promise<PersonFold> {
    const id = await this.personId(process);
    const loaded = (await loadPersons(process.context.store, [id])).get(id);
    if (loaded === undefined || loaded.unseen.length > 0) throw new Error('the person is not fully booked');
    return loaded.fold;
  }

  async findings({ context }: Process): Promise<readonly VerifyFinding[]> {
    return (await verify(context.store, context.policies)).findings;
  }

  /** What lies in the double's log, as it was sent. */
  events(type: string): { readonly id: string; readonly stream: string; readonly data: unknown; readonly command: CommandId }[] {
    return this.double.log.events.filter((event) => event.type.startsWith(`${type}.`)).map(decoded);
  }

  decisions(): PersonDecided['data'][] {
    return this.events('PersonDecided').map((event) => event.data as PersonDecided['data']);
  }

  /** The commands of the decisions that closed one; a command that met another may have decided in part before. */
  closed(): CommandId[] {
    const closings = this.events('PersonDecided').filter(({ id, command, stream }) => closingIds(command, stream).includes(id));
    return closings.map(({ command }) => command);
  }
}

const text = new TextDecoder();
const decoded = ({ id, stream, data, metadata }: StoredEvent): ReturnType<Site['events']>[number] => ({
  id,
  stream,
  data: JSON.parse(text.decode(data)),
  command: (JSON.parse(text.decode(metadata)) as { commandId: CommandId }).commandId,
});

/** Position and purse of each line in the order of their positions, or its status. */
export const outline = (fold: PersonFold): string[] =>
  [...fold.decisions.values()]
    .sort((a, b) => (a.units[0]?.position ?? 0) - (b.units[0]?.position ?? 0))
    .map((each) =>
      each.status === 'decided' ? each.units.map((unit) => `${unit.position} ${unit.purse}`).join('+') : each.status,
    );
