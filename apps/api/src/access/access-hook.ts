/** Before any answer of a marked route leaves, whoever gave it: a handler, a guard or a hook. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '#libs/platform';
import { mapError } from '../http/map-error';
import { PROBLEM_MEDIA_TYPE, problemBody } from '../http/problem';
import type { RouteMark } from './accesses.decorator';
import type { RequestAccesses } from './request-access';
import type { RouteName } from './route-marks';

/** Headers that tell something of what was not to be told. */
const TELLING = [
  'etag',
  'traject-position',
  'content-length',
  'content-digest',
  'content-disposition',
  'content-security-policy',
  'link',
];

export function addAccessHook(
  fastify: FastifyInstance,
  marks: ReadonlyMap<RouteName, RouteMark>,
  accesses: RequestAccesses,
  logger: Logger,
): void {
  fastify.addHook('onSend', async (request: FastifyRequest, reply: FastifyReply, payload: unknown) => {
    const mark = marks.get(routeOf(request));
    if (mark === undefined || mark === 'no-person') return payload;
    try {
      await accesses.outcome(request, mark, reply.statusCode);
      return payload;
    } catch (error) {
      logger.error({ err: error, requestId: request.id }, 'an access could not be recorded; its answer was withheld');
      const { problem } = mapError(error);
      for (const header of TELLING) reply.removeHeader(header);
      reply
        .code(problem.status)
        .headers(problem.options.headers ?? {})
        .type(PROBLEM_MEDIA_TYPE);
      return JSON.stringify(problemBody(problem, request.id));
    }
  });
}

/** HEAD is answered by the route of GET. */
const routeOf = ({ method, routeOptions }: FastifyRequest): RouteName =>
  `${method === 'HEAD' ? 'GET' : method} /${(routeOptions.url ?? '').replace(/^\//, '')}`;
