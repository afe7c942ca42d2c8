import type { FastifyRequest } from 'fastify';
import { isPurpose, sourceOf, type Accessor } from '#libs/access-log';
import { ACTOR } from '../commands/command-request';

export interface Caller {
  readonly subject: string;
  readonly roles: readonly string[];
  /** From the header `Purpose`; null = not stated, or no code. */
  readonly purpose: string | null;
}

/** Who called. Until there is sign-in, everybody is the one constant actor. */
export function callerOf(request: FastifyRequest): Caller {
  const purpose = request.headers['purpose'];
  return { subject: ACTOR, roles: [], purpose: typeof purpose === 'string' && isPurpose(purpose) ? purpose : null };
}

/** The caller as the access log names them. */
export function accessorOf(request: FastifyRequest): Accessor {
  const { subject, roles, purpose } = callerOf(request);
  return { user: subject, roles, purpose, source: `${sourceOf('api')} ${request.ip}` };
}
