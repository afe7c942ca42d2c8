/** Who asks: known from the moment that the token was found good, to whatever handles the request afterwards. */
import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Role } from '#libs/sign-in';

export interface Caller {
  /** The token's subject; never a person's data. It stands in the metadata of what the caller changes. */
  readonly subject: string;
  readonly roles: readonly Role[];
  /** What the caller asks for, as a code; null when the request does not say. */
  readonly purpose: string | null;
}

const callers = new WeakMap<FastifyRequest, Caller>();

export const noteCaller = (request: FastifyRequest, caller: Caller): void => void callers.set(request, caller);

/** Null before the token was found good, and at endpoints that are open to anybody. */
export const callerIfKnown = (request: FastifyRequest): Caller | null => callers.get(request) ?? null;

/** The caller of an endpoint that declares its roles. Throws at any other: there is nobody who could be named. */
export function callerOf(request: FastifyRequest): Caller {
  const caller = callers.get(request);
  if (caller === undefined) throw new Error(`nobody has signed in for ${request.method} ${request.routeOptions.url ?? 'none'}`);
  return caller;
}

/** The caller as a parameter of a handler. */
export const CalledBy = createParamDecorator((_: unknown, context: ExecutionContext): Caller =>
  callerOf(context.switchToHttp().getRequest<FastifyRequest>()),
);
