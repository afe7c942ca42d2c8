/** What a request that is not let in is answered, with the challenge of RFC 6750. */
import type { Role } from '#libs/sign-in';
import { ProblemError, unavailable } from '../http/problem';

const REALM = 'Bearer realm="traject"';

export const tokenMissing = (): ProblemError =>
  new ProblemError(401, 'token-missing', 'Send an access token of the issuer: Authorization: Bearer <token>.', {
    headers: { 'www-authenticate': REALM },
  });

/** `advice`: ASCII without quotes and without anything of the token. */
export const tokenRefused = (advice: string): ProblemError =>
  new ProblemError(401, 'token-refused', advice, {
    headers: { 'www-authenticate': `${REALM}, error="invalid_token", error_description="${advice}"` },
  });

export const roleMissing = (roles: readonly Role[]): ProblemError =>
  new ProblemError(
    403,
    'role-missing',
    `This needs ${roles.length === 1 ? 'the role' : 'one of the roles'} ${roles.join(', ')}, which the access token does not give.`,
    { headers: { 'www-authenticate': `${REALM}, error="insufficient_scope", scope="${roles.join(' ')}"` } },
  );

export const issuerUnavailable = (): ProblemError =>
  unavailable(
    'issuer-unavailable',
    'Whether the access token is good cannot be found out now: its issuer does not answer as it should. Nobody is let in meanwhile; try again.',
    5,
  );

export const tooMany = (what: string, retryAfterSeconds: number): ProblemError =>
  new ProblemError(429, 'too-many-requests', `Too many ${what}; try again after ${retryAfterSeconds} seconds.`, {
    headers: { 'retry-after': String(retryAfterSeconds) },
  });
