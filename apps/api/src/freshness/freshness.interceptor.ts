import {
  applyDecorators,
  Injectable,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { z } from 'zod';
import type { LogPosition } from '#libs/event-store';
import { ApiRuntime } from '../api-runtime';
import { position } from '../http/fields';
import { unavailable } from '../http/problem';
import { HeaderSchema } from '../http/request-schemas.guard';

export const POSITION_HEADER = 'Traject-Position';
export const AT_LEAST_HEADER = 'Traject-At-Least';
/** Longest wait for the read models. */
const PATIENCE_MS = 5_000;
/** Most requests that wait at a time; each looks at the checkpoint again and again. */
const MAX_WAITING = 50;

const freshnessHeaders = z.preprocess(
  (headers) => ({ [AT_LEAST_HEADER]: (headers as Readonly<Record<string, unknown>>)[AT_LEAST_HEADER.toLowerCase()] }),
  z.object({ [AT_LEAST_HEADER]: position.optional() }),
);

/**
 * Answers from read models that are at least as fresh as asked, and says how fresh: the answer holds everything up to
 * `Traject-Position`, and may hold what came while it was being read.
 */
@Injectable()
export class FreshnessInterceptor implements NestInterceptor {
  #waiting = 0;

  constructor(private readonly runtime: ApiRuntime) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const asked = [(request.query as { atLeast?: string }).atLeast, request.headers[AT_LEAST_HEADER.toLowerCase()]];
    for (const each of asked) if (typeof each === 'string') await this.waitFor(each as LogPosition);
    const { position: reached } = await this.runtime.queries.checkpoint();
    http.getResponse<FastifyReply>().header(POSITION_HEADER, reached ?? '0-0');
    return next.handle();
  }

  private async waitFor(asked: LogPosition): Promise<void> {
    if (this.#waiting >= MAX_WAITING) throw notFresh();
    this.#waiting += 1;
    try {
      if (!(await this.runtime.queries.waitUntil(asked, PATIENCE_MS))) throw notFresh();
    } finally {
      this.#waiting -= 1;
    }
  }
}

const notFresh = (): Error =>
  unavailable(
    'not-fresh',
    'The read models have not reached this position yet; try again, or ask without it for what is there.',
    2,
  );

/** An endpoint that reads from the read models: its queries carry `...freshQuery` as well. */
export const FromReadModels = (): MethodDecorator & ClassDecorator =>
  applyDecorators(
    UseInterceptors(FreshnessInterceptor),
    HeaderSchema(freshnessHeaders),
    ApiHeader({
      name: AT_LEAST_HEADER,
      required: false,
      description: 'Position that the read models must have taken in; the same as the query field `atLeast`.',
      schema: { type: 'string' },
    }),
  );
