/** Lets in who may call: a good token, a role that the endpoint declares, not too often. Before the body is read. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger, RateLimits } from '#libs/platform';
import { IssuerUnavailableError, TokenRefusedError, type AccessTokens } from '#libs/sign-in';
import { namesPerson } from '../http/names-person';
import { answer } from '../http/problem.filter';
import { ProblemError } from '../http/problem';
import { invalidRequest } from '../http/request-schemas.guard';
import type { DeclaredAccess } from './callable-by.decorator';
import { noteCaller, type Caller } from './caller';
import { isOpen } from './declared-access';
import { limitsOf, type Limits } from './limits';
import { issuerUnavailable, roleMissing, tokenMissing, tokenRefused, tooMany } from './problems';

const BEARER = /^bearer +([\w.~+/=-]+) *$/i;
/** A code and no sentence: it is kept with the access, where nothing can be erased. */
const PURPOSE = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** A pseudonym: what an e-mail address or a name would say of a clerk cannot be taken out of the events again. */
const SUBJECT = /^[\x21-\x3f\x41-\x7e]{1,128}$/;

/** Signs callers in, from now on, at every route that is registered and not open. */
export async function addSignIn(
  fastify: FastifyInstance,
  tokens: AccessTokens,
  rates: RateLimits,
  logger: Logger,
): Promise<void> {
  const signIn = new SignIn(tokens, await limitsOf(fastify, rates), logger);
  fastify.addHook('onRequest', async (request, reply) => {
    const { url, config } = request.routeOptions;
    // an address where nothing is: the answer tells so, and that there is nothing stands in the public document
    if (request.is404 || url === undefined || isOpen(url)) return;
    const problem = await signIn.refusal(request, config.access);
    if (problem === null) return;
    answer(reply, problem, request.id);
    return reply;
  });
}

class SignIn {
  constructor(
    private readonly tokens: AccessTokens,
    private readonly limits: Limits,
    private readonly logger: Logger,
  ) {}

  /** Why the request is not let in, or null: then its caller is noted. */
  async refusal(request: FastifyRequest, access: DeclaredAccess | undefined): Promise<ProblemError | null> {
    const caller = await this.callerBy(request);
    if (caller instanceof ProblemError) return caller.status === 401 ? this.counted(request, caller) : caller;
    noteCaller(request, caller);
    // a route without declared roles is refused at start; should one be there all the same, nobody may call it
    const roles = access?.roles ?? [];
    if (!roles.some((role) => caller.roles.includes(role))) return roleMissing(roles);
    if (request.headers['purpose'] !== undefined && caller.purpose === null) return purposeUnfit();
    const retryAfter = access?.limited === 'look-ups' ? await this.limits.lookUp(request) : null;
    return retryAfter === null ? null : tooMany('look-ups of persons by this subject', retryAfter);
  }

  private async callerBy(request: FastifyRequest): Promise<Caller | ProblemError> {
    const { authorization, purpose } = request.headers;
    if (authorization === undefined || !/^bearer( |$)/i.test(authorization)) return tokenMissing();
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) return this.refused(request, 'malformed', 'Send one access token: Authorization: Bearer <token>.');
    try {
      const { subject, roles } = await this.tokens.verify(token);
      if (!SUBJECT.test(subject) || namesPerson(subject))
        return this.refused(
          request,
          'subject',
          'The subject of the access token is not a pseudonym: it looks like a BSN, an e-mail address or a name, or is longer than 128 characters. The issuer must give another.',
        );
      return { subject, roles, purpose: isFitPurpose(purpose) ? purpose : null };
    } catch (error) {
      if (error instanceof TokenRefusedError) return this.refused(request, error.fault, error.advice);
      if (!(error instanceof IssuerUnavailableError)) throw error;
      this.logger.warn({ err: error, requestId: request.id }, 'a token could not be checked');
      return issuerUnavailable();
    }
  }

  private refused(request: FastifyRequest, fault: string, advice: string): ProblemError {
    this.logger.info({ fault, requestId: request.id }, 'a token was refused');
    return tokenRefused(advice);
  }

  /**
   * A good token is let in all the same: tokens cannot be guessed, and an address may be the gateway of a whole office, which one
   * wrong program behind it must not lock out.
   */
  private async counted(request: FastifyRequest, problem: ProblemError): Promise<ProblemError> {
    const retryAfter = await this.limits.failedSignIn(request);
    return retryAfter === null ? problem : tooMany('requests without a good access token from this address', retryAfter);
  }
}

const isFitPurpose = (purpose: unknown): purpose is string =>
  typeof purpose === 'string' && PURPOSE.test(purpose) && !namesPerson(purpose);

const purposeUnfit = (): ProblemError =>
  invalidRequest([
    {
      code: 'format-invalid',
      in: 'header',
      pointer: '/Purpose',
      problem: 'give a code of at most 64 letters, digits and . _ -, such as complaint-4711, and nothing of a person',
    },
  ]);
