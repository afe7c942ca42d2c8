/** One cold process that ingests one file; prints what it measured of itself as JSON. */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { ClaimFileIngestion, DossiersModule, openDossierRuntime } from '#libs/dossiers';

@Module({})
class BenchModule {}

async function main(): Promise<void> {
  const [url = '', kek = '', ...files] = process.argv.slice(2);
  const config = { eventStore: { kind: 'postgres' as const }, keyEncryptionKey: { value: kek, create: false as const } };
  const runtime = await openDossierRuntime(config, url, 'bench');
  const app = await NestFactory.createApplicationContext(
    { module: BenchModule, imports: [DossiersModule.forContext(runtime.context)] },
    { logger: ['error', 'warn'] },
  );
  const start = process.hrtime.bigint();
  let lines = 0;
  let decided = 0;
  for (const file of files) {
    const report = await app.get(ClaimFileIngestion).ingest(file, { actor: 'bench', receivedOn: '2025-01-03' });
    lines += report.lines;
    decided += report.byOutcome.decided;
  }
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  process.stdout.write(
    `${JSON.stringify({ seconds, lines, decided, peakMegabytes: process.resourceUsage().maxRSS / 1024, cpuSeconds: (process.cpuUsage().user + process.cpuUsage().system) / 1e6 })}\n`,
  );
  await app.close();
  await runtime.close();
}

void main();
