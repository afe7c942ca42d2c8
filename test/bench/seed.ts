/** Fills a store: members, and their earlier sessions through the product's own ingestion. Never timed. */
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CommandBus } from '@nestjs/cqrs';
import { v4 as uuid } from 'uuid';
import {
  ActivatePolicy,
  ClaimFileIngestion,
  DossiersModule,
  openDossierRuntime,
  RegisterPersons,
  type Member,
} from '#libs/dossiers';
import { loadPolicyFiles } from '#libs/policy-files';
import type { CommandId, PersonId } from '#libs/trajectory';
import type { BenchPerson } from './population';

@Module({})
class SeedModule {}

export async function seedStore(
  url: string,
  kek: string,
  members: readonly BenchPerson[],
  files: readonly string[],
): Promise<void> {
  const runtime = await openDossierRuntime(
    { eventStore: { kind: 'postgres' }, keyEncryptionKey: { value: kek, create: false } },
    url,
    'seed',
  );
  const app = await NestFactory.createApplicationContext(
    { module: SeedModule, imports: [DossiersModule.forContext(runtime.context)] },
    { logger: ['error', 'warn'] },
  );
  const bus = app.get(CommandBus);
  await bus.execute(new ActivatePolicy(loadPolicyFiles(), 'bench'));
  for (let i = 0; i < members.length; i += 500) {
    const batch = members.slice(i, i + 500);
    const ids = await runtime.context.vault.registerPersons(batch.map(({ bsn, birthDate }) => ({ bsn, birthDate })));
    const insurance = [{ insurer: '3343', from: '2015-01-01', through: null }];
    const packages = [{ insurer: '3343', package: 'Benfit', from: '2018-01-01', through: null }];
    const registered = batch.map(({ bsn }): Member => ({
      personId: ids.get(bsn) as PersonId,
      commandId: uuid() as CommandId,
      insurance,
      packages,
      diedOn: null,
      switches: [],
    }));
    await bus.execute(new RegisterPersons(registered, 'bench'));
  }
  for (const file of files) await app.get(ClaimFileIngestion).ingest(file, { actor: 'seed', receivedOn: '2025-01-02' });
  await app.close();
  await runtime.close();
}
