import 'reflect-metadata';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommandBus } from '@nestjs/cqrs';
import { NestFactory } from '@nestjs/core';
import type { DossierContext } from './context';
import { COMMAND_HANDLERS, DossiersModule } from './dossiers.module';

/** Every command class that a use case's `command.ts` declares. */
function commandClasses(): (new (...args: never[]) => object)[] {
  const useCases = readdirSync(__dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return useCases.flatMap(({ name }) => {
    if (!readdirSync(join(__dirname, name)).includes('command.ts') || !readdirSync(join(__dirname, name)).includes('handler.ts'))
      return [];
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- the folders are found, not known
    const exported = require(join(__dirname, name, 'command.ts')) as Record<string, unknown>;
    return Object.values(exported).filter(
      (each): each is new (...args: never[]) => object => typeof each === 'function' && each.prototype instanceof Command,
    );
  });
}

describe('the command side', () => {
  it('has exactly one handler of every command: of two the bus would take the last without a word', async () => {
    const commands = commandClasses();
    expect(commands.length).toBe(COMMAND_HANDLERS.length);
    const context = { store: null } as unknown as DossierContext;
    const app = await NestFactory.createApplicationContext(DossiersModule.forContext(context), { logger: false });
    const bus = app.get<{ handlers: Map<string, unknown> }>(CommandBus);
    expect(bus.handlers.size).toBe(commands.length);
    await app.close();
  });
});
