import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { StandardSchemaValidationPipe } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RateLimits, SignInConfig } from '#libs/platform';
import { AccessTokens } from '#libs/sign-in';
import { ApiModule } from './api.module';
import type { ApiRuntime } from './api-runtime';
import { acceptDocuments } from './documents/body';
import { BODY_LIMIT_BYTES, mapError } from './http/map-error';
import { NestLogger } from './http/nest-logger';
import { answer, ProblemFilter } from './http/problem.filter';
import { PROBLEM_MEDIA_TYPE, problemBody, ProblemError } from './http/problem';
import { addRequestHooks } from './http/request-hooks';
import { invalidRequest, RequestSchemasGuard } from './http/request-schemas.guard';
import { RouteTable } from './http/route-table';
import { faultsOf } from './http/faults';
import { DOCUMENT_PATH, DOCUMENTATION_PATH, openApiDocument } from './openapi/document';
import { refuseUndeclaredRoutes } from './sign-in/declared-access';
import { addSignIn } from './sign-in/sign-in';

const REQUEST_TIMEOUT_MS = 30_000;
/** Longest part of a path: twice the longest reference number, percent-encoded. */
const MAX_PARAM_LENGTH = 200;

/** Whom the API lets in, and how often. */
export interface ApiAccess {
  readonly signIn: SignInConfig;
  readonly limits: RateLimits;
}

/**
 * The whole API over a runtime, ready for `listen` or `inject`. Closing it leaves the runtime open. Throws when an endpoint does not
 * declare who may call it.
 */
export async function createApi(runtime: ApiRuntime, { signIn, limits }: ApiAccess): Promise<NestFastifyApplication> {
  const { logger } = runtime;
  const adapter = new FastifyAdapter({
    logger: false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    genReqId: () => randomUUID(),
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      answer(reply, mapError(error).problem, request.id),
    clientErrorHandler: refuseConnection,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  const routes = new RouteTable(fastify);
  refuseUndeclaredRoutes(fastify);
  addRequestHooks(fastify, logger, signIn.development);
  await addSignIn(fastify, new AccessTokens(signIn), limits, logger);
  // JSON alone: what a form of another site may send without being asked is refused
  fastify.removeContentTypeParser('text/plain');
  acceptDocuments(fastify);
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.forRuntime(runtime), adapter, {
    logger: new NestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalGuards(new RequestSchemasGuard());
  app.useGlobalPipes(
    new StandardSchemaValidationPipe({ exceptionFactory: (issues) => invalidRequest(faultsOf('body', issues, null)) }),
  );
  app.useGlobalFilters(new ProblemFilter(logger, routes));
  SwaggerModule.setup(DOCUMENTATION_PATH, app, openApiDocument(app), {
    jsonDocumentUrl: DOCUMENT_PATH,
    raw: ['json'],
    customSiteTitle: 'Traject API',
  });
  await app.init();
  await fastify.ready();
  return app;
}

/** A request that is not HTTP at all, or whose headers are too large, never reaches a route: it is answered on the socket. */
function refuseConnection(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const isLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const isLate = error.code === 'ERR_HTTP_REQUEST_TIMEOUT';
  const status = isLarge ? 431 : isLate ? 408 : 400;
  const body = JSON.stringify(problemBody(new ProblemError(status, 'request-unreadable', 'The request cannot be read as HTTP.')));
  const reason = isLarge ? 'Request Header Fields Too Large' : isLate ? 'Request Timeout' : 'Bad Request';
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\ncontent-type: ${PROBLEM_MEDIA_TYPE}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
      `connection: close\r\n\r\n${body}`,
  );
}
