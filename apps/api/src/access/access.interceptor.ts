import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { tap, type Observable } from 'rxjs';
import { markOf } from './accesses.decorator';
import type { RequestAccesses } from './request-access';

/** Around every handler: a change is recorded before it is carried out, and whose data an answer holds is kept for its outcome. */
export class AccessInterceptor implements NestInterceptor {
  constructor(private readonly accesses: RequestAccesses) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const mark = markOf(context.getHandler(), context.getClass());
    if (mark === undefined || mark === 'no-person') return next.handle();
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (mark.action === 'change') await this.accesses.attempt(request, mark);
    return next.handle().pipe(tap((answer) => this.accesses.answered(request, mark, answer)));
  }
}
