/** What happens to every request, whatever it asks: who may ask, what is logged, which headers go with the answer. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLoopback, type Logger } from '#libs/platform';
import { answer } from './problem.filter';
import { ProblemError } from './problem';

export const REQUEST_ID_HEADER = 'Traject-Request-Id';

/** `thisMachineOnly`: it answers only who asks for this machine by its own name. */
export function addRequestHooks(fastify: FastifyInstance, logger: Logger, thisMachineOnly: boolean): void {
  fastify.addHook('onRequest', async (request, reply) => {
    void reply.headers({
      [REQUEST_ID_HEADER]: request.id,
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
    // tokens of an issuer for development can be had by anybody on this machine, so also by a page of another site that has its
    // name point here
    if (thisMachineOnly && !isLoopback(hostOf(request))) {
      answer(reply, new ProblemError(421, 'host-unknown', 'Ask this server by the address it is bound to.'), request.id);
      return reply;
    }
  });
  // the route and never the URL: what a caller puts in there is not for a log
  fastify.addHook('onResponse', (request: FastifyRequest, reply: FastifyReply, done) => {
    const route = request.routeOptions.url ?? 'none';
    const fields = { method: request.method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) };
    if (!route.startsWith('/health')) logger.info({ ...fields, requestId: request.id }, 'request');
    done();
  });
}

/** The name by which the server was asked, without port; `::1` without its brackets. */
const hostOf = ({ host }: FastifyRequest): string =>
  host
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
