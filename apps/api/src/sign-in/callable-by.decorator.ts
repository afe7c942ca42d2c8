import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiHeader, ApiSecurity } from '@nestjs/swagger';
import type { Role } from '#libs/sign-in';
import { Problems, problemResponse } from '../openapi/problems.decorator';

/** Name of the token in the OpenAPI document. */
export const ACCESS_TOKEN = 'accessToken';
export const PURPOSE_HEADER = 'Purpose';

/** What an endpoint says of who may call it; travels in the configuration of its route. */
export interface DeclaredAccess {
  readonly roles: readonly Role[];
  readonly limited: 'look-ups' | null;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: DeclaredAccess;
  }
}

/** Who may call the endpoint: whoever has one of these roles. The table of all endpoints is docs/access.md. */
export const CallableBy = (...roles: readonly [Role, ...Role[]]): MethodDecorator => declare({ roles, limited: null });

/** The same, and no more often than the configuration allows one subject to look persons up. */
export const LooksUpPersonsFor = (...roles: readonly [Role, ...Role[]]): MethodDecorator =>
  applyDecorators(
    declare({ roles, limited: 'look-ups' }),
    problemResponse(429, 'Too many look-ups by this subject, or too many requests without a good token; see Retry-After.'),
  );

const declare = (access: DeclaredAccess): MethodDecorator =>
  applyDecorators(
    RouteConfig({ access }),
    // one requirement per role: any of them is enough
    ...access.roles.map((role) => ApiSecurity(ACCESS_TOKEN, [role])),
    ApiHeader({
      name: PURPOSE_HEADER,
      required: false,
      description: 'What it is asked for, as a code such as `complaint-4711`; noted with the access. Nothing of a person.',
      schema: { type: 'string', maxLength: 64 },
    }),
    Problems(400),
    problemResponse(401, 'There is no access token, or it is not a good one; WWW-Authenticate says why.'),
    problemResponse(403, `The caller has none of the roles ${access.roles.join(', ')}.`),
    problemResponse(429, 'Too many requests without a good token from this address; see Retry-After.'),
  );
