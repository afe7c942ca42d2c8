/** The command side over a real database with an outbox, and a person with lines of two practices to correct. */
import 'reflect-metadata';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import {
  ActivatePolicy,
  DeclareClaimLines,
  DossiersModule,
  ImportHistory,
  openDossierRuntime,
  RecordSwitch,
  RegisterPersons,
  RemapDiagnosis,
  RetractHistory,
  type CommandResult,
  type DebitLine,
  type DossierRuntime,
  type HistoryInput,
} from '#libs/dossiers';
import type { LogPosition } from '#libs/event-store';
import { openPool, type Pool } from '#libs/platform';
import { loadPolicyFiles } from '#libs/policy-files';
import type { CommandId, HistoryImportId, PersonId } from '#libs/trajectory';
import { createTestDatabase } from '../../../../test/postgres/database';
import { MessageBook } from '../message-book';
import { installOutbox } from '../schema';

export const PRACTICE_A = '04012345';
export const PRACTICE_B = '04099999';

export class Site {
  readonly book: MessageBook;
  #lines = 0;

  private constructor(
    readonly url: string,
    readonly pool: Pool,
    readonly runtime: DossierRuntime,
    private readonly app: INestApplicationContext,
    private readonly drop: () => Promise<void>,
  ) {
    this.book = new MessageBook(pool);
  }

  static async open(): Promise<Site> {
    const { url, drop } = await createTestDatabase();
    const pool = openPool(url, { max: 4, applicationName: 'test' });
    await installOutbox(pool);
    const value = randomBytes(32).toString('base64');
    const config = { eventStore: { kind: 'postgres' as const }, keyEncryptionKey: { value, create: false as const } };
    const runtime = await openDossierRuntime(config, url, 'test');
    const module = { module: class {}, imports: [DossiersModule.forContext(runtime.context)] };
    const app = await NestFactory.createApplicationContext(module, { logger: ['error'] });
    await app.get(CommandBus).execute(new ActivatePolicy(loadPolicyFiles(), 'test'));
    return new Site(url, pool, runtime, app, drop);
  }

  /**
   * Resolves once the log shows everything that was recorded: it holds back what is younger than the oldest open transaction of the
   * whole PostgreSQL server, and the tests of other files run on the same one.
   */
  async shown(): Promise<void> {
    for (;;) {
      const { rows } = await this.pool.query<{ recorded: number }>('select count(*)::int as recorded from eventstore.events');
      let visible = 0;
      for (let after: LogPosition | null = null; ;) {
        const { events, checkpoint } = await this.runtime.store.readLog(after, 1_000);
        if (events.length === 0 || checkpoint === null) break;
        visible += events.length;
        after = checkpoint;
      }
      if (visible === rows[0]?.recorded) return;
      await delay(20);
    }
  }

  async close(): Promise<void> {
    await this.app.close();
    await this.runtime.close();
    await this.pool.end();
    await this.drop();
  }

  /** Registered, with three held lines of practice A and two of practice B under the code. */
  async personWithLines(diagnosis = '9373'): Promise<PersonId> {
    const personId = randomUUID() as PersonId;
    const insurance = [{ insurer: '3343', from: '2020-01-01', through: null }];
    const member = { ...{ personId, commandId: command(), insurance }, diedOn: null, packages: [], switches: [] };
    await this.bus.execute(new RegisterPersons([member], 'test'));
    await this.bus.execute(new RecordSwitch(base(personId), { switchDate: '2023-06-01', diagnosis, previousInsurer: '7095' }));
    await this.declare(
      personId,
      [1, 2, 3].map((n) => this.line(PRACTICE_A, `2023-07-0${n}`, diagnosis)),
    );
    await this.declare(
      personId,
      [4, 5].map((n) => this.line(PRACTICE_B, `2023-07-0${n}`, diagnosis)),
    );
    return personId;
  }

  async declare(personId: PersonId, lines: readonly DebitLine[]): Promise<void> {
    await this.bus.execute(
      new DeclareClaimLines([{ personId, birthDate: '1970-05-05', commandId: command(), lines }], '2024-01-03', 'test'),
    );
  }

  line(practice: string, date: string, diagnosis: string): DebitLine {
    this.#lines += 1;
    return {
      ...{
        kind: 'debit',
        source: { command: 'test' },
        practice,
        reference: `R-${this.#lines}`,
        invoice: `F-${practice.slice(-1)}`,
      },
      ...{ date, declaredCents: 4000, calculatedCents: 4000, tariffCents: 4000, list: '012', performance: '1000', quantity: 1 },
      ...{ diagnosis, csi: '008', insurer: '3343' },
    };
  }

  /** Answers the id of the import, and of the command. */
  async importHistory(
    personId: PersonId,
    over: Partial<HistoryInput> = {},
  ): Promise<{ importId: HistoryImportId; cause: CommandId }> {
    const { commandId } = await this.done(
      new ImportHistory(base(personId), {
        ...{ diagnosis: '9373', startedOn: '2022-03-06', count: 14, throughDate: '2023-05-18', scope: 'elsewhere' },
        ...{ source: 'form', statedBy: 'practice', document: { reference: `BH-${randomUUID()}` }, status: 'asserted' },
        ...over,
      }),
    );
    const person = await this.pool.query<{ id: HistoryImportId }>(
      `select data->>'importId' as id from eventstore.events where type like 'HistoryImported.%' order by pos desc limit 1`,
    );
    return { importId: person.rows[0]?.id as HistoryImportId, cause: commandId };
  }

  retract(personId: PersonId, importId: HistoryImportId): Promise<{ commandId: CommandId }> {
    return this.done(new RetractHistory(base(personId), { importId, reason: 'of somebody else' }));
  }

  remap(personId: PersonId, from: string, to: string): Promise<{ commandId: CommandId }> {
    return this.done(
      new RemapDiagnosis(base(personId), { from, to, effectiveDate: '2023-07-04', reason: 'code closed', absorb: true }),
    );
  }

  private get bus(): CommandBus {
    return this.app.get(CommandBus);
  }

  private async done(given: ImportHistory | RetractHistory | RemapDiagnosis): Promise<{ commandId: CommandId }> {
    const result: CommandResult = await this.bus.execute(given);
    if (result.outcome === 'refused') throw new Error(JSON.stringify(result.refusals));
    return result;
  }
}

const command = (): CommandId => randomUUID() as CommandId;
const base = (personId: PersonId) => ({ personId, commandId: command(), actor: 'test' });
