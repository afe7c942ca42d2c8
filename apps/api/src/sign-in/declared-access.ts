/** An endpoint that does not say who may call it is not served: forgetting it must not open it. */
import type { FastifyInstance } from 'fastify';
import { DOCUMENT_PATH, DOCUMENTATION_PATH } from '../openapi/document';

/** Open to anybody: whether it runs, how to talk to it, and the public keys of statements. Nothing of a person, a claim or a caller is in these. */
const OPEN: ReadonlySet<string> = new Set([
  '/health/live',
  '/health/ready',
  '/.well-known/traject-statement-keys.json',
  DOCUMENT_PATH,
  DOCUMENTATION_PATH,
]);

export const isOpen = (url: string): boolean => OPEN.has(url) || url.startsWith(`${DOCUMENTATION_PATH}/`);

/** Refuses, from now on, every route that declares no roles and is not open. */
export function refuseUndeclaredRoutes(fastify: FastifyInstance): void {
  fastify.addHook('onRoute', ({ url, method, config }) => {
    if (isOpen(url) || (config?.access?.roles.length ?? 0) > 0) return;
    throw new Error(
      `${[method].flat().join(', ')} ${url} declares no role that may call it: add @CallableBy(…) to its handler, and a row to docs/access.md`,
    );
  });
}
