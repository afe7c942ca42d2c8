import type { FastifyRequest } from 'fastify';
import { sourceOf, type Accessor } from '#libs/access-log';
import { callerIfKnown } from '../sign-in/caller';

/** Whoever did not sign in: their request is answered 401, or 503 when the issuer does not answer. */
const NOBODY = { subject: 'not signed in', roles: [], purpose: null } as const;

/** The caller as the access log names them. */
export function accessorOf(request: FastifyRequest): Accessor {
  const { subject, roles, purpose } = callerIfKnown(request) ?? NOBODY;
  return { user: subject, roles, purpose, source: `${sourceOf('api')} ${request.ip}` };
}
