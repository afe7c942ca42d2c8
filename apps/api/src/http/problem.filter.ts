import { Catch, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '#libs/platform';
import { mapError } from './map-error';
import { PROBLEM_MEDIA_TYPE, problemBody, ProblemError } from './problem';
import type { RouteTable } from './route-table';

/** Every error leaves as a problem. What is a fault of ours goes to the log, with the id of the request, and not to the caller. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly logger: Logger,
    private readonly routes: RouteTable,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const otherMethods = error instanceof NotFoundException ? this.routes.methodsAt(request.url.split('?')[0] ?? '') : [];
    if (otherMethods.length > 0) {
      const allowed = otherMethods.join(', ');
      const headers = { allow: allowed };
      answer(reply, new ProblemError(405, 'method-not-allowed', `At this address: ${allowed}.`, { headers }), request.id);
      return;
    }
    const { problem, unexpected } = mapError(error);
    if (unexpected) this.logger.error({ err: error, requestId: request.id }, 'a request failed');
    answer(reply, problem, request.id);
  }
}

export function answer(reply: FastifyReply, problem: ProblemError, requestId: string): void {
  if (reply.sent) return;
  void reply
    .code(problem.status)
    .headers(problem.options.headers ?? {})
    .type(PROBLEM_MEDIA_TYPE)
    .serializer((body) => JSON.stringify(body))
    .send(problemBody(problem, requestId));
}
