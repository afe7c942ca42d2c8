import { Controller, Get, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { CallableBy } from './callable-by.decorator';
import { refuseUndeclaredRoutes } from './declared-access';

@Controller('v1/things')
class DeclaredController {
  @Get()
  @CallableBy('reader')
  read(): string {
    return 'a thing';
  }
}

@Controller('v1/forgotten')
class ForgottenController {
  @Post(':id')
  change(): void {}
}

@Controller('health')
class FurtherHealthController {
  @Get('details')
  details(): void {}
}

/** Starts an API with these controllers; in its routes is what they declare. */
async function start(...controllers: (new () => object)[]): Promise<FastifyInstance> {
  @Module({ controllers })
  class Api {}
  const adapter = new FastifyAdapter({ logger: false });
  const fastify = adapter.getInstance<FastifyInstance>();
  refuseUndeclaredRoutes(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(Api, adapter, { logger: false, abortOnError: false });
  await app.init();
  await fastify.ready();
  return fastify;
}

describe('an endpoint that does not say who may call it', () => {
  test('keeps the API from starting, and the message says which and what to do', async () => {
    await expect(start(DeclaredController, ForgottenController)).rejects.toThrow(
      /^POST \/v1\/forgotten\/:id declares no role that may call it: add @CallableBy/,
    );
  });

  test('also beside those of health, which are open by their names', async () => {
    await expect(start(FurtherHealthController)).rejects.toThrow(/^GET \/health\/details declares no role/);
  });

  test('one that says so is served', async () => {
    const fastify = await start(DeclaredController);
    expect(fastify.hasRoute({ method: 'GET', url: '/v1/things' })).toBe(true);
    await fastify.close();
  });
});
