/** Which problem an error is, as far as its caller may know. */
import { HttpException, NotFoundException } from '@nestjs/common';
import { AccessLogUnavailableError } from '#libs/access-log';
import { CampaignClaimLostError, ContentionError, PolicyMissingError } from '#libs/dossiers';
import { isConnectionFailure } from '#libs/platform';
import { CursorError, PaymentChangesLackingError, ReadModelsBehindError } from '#libs/read-models';
import { ProblemError, unavailable } from './problem';

/** Largest body of a request. */
export const BODY_LIMIT_BYTES = 1_048_576;

const JSON_FAULTS = new Set([
  'FST_ERR_CTP_EMPTY_JSON_BODY',
  'FST_ERR_CTP_INVALID_JSON_BODY',
  'FST_ERR_CTP_INVALID_CONTENT_LENGTH',
]);

/** The problem to answer with; `unexpected` = a fault of ours, to be logged. */
export function mapError(error: unknown): { readonly problem: ProblemError; readonly unexpected: boolean } {
  const known = knownProblem(error);
  if (known !== null) return { problem: known, unexpected: false };
  const detail = 'The request could not be carried out. It was logged under the id of this request.';
  return { problem: new ProblemError(500, 'internal-error', detail), unexpected: true };
}

function knownProblem(error: unknown): ProblemError | null {
  if (error instanceof ProblemError) return error;
  if (error instanceof CursorError)
    return new ProblemError(400, 'invalid-request', 'The request is not as described.', {
      errors: [{ code: 'cursor-invalid', in: 'query', pointer: '/after', problem: error.message }],
    });
  if (error instanceof PaymentChangesLackingError)
    return unavailable('rebuild-needed', `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`, 3_600);
  if (error instanceof ReadModelsBehindError)
    return unavailable('not-fresh', 'The read models have not taken in all that was recorded yet. Try again.');
  if (error instanceof ContentionError)
    return new ProblemError(
      409,
      'contention',
      'Other commands kept changing the same dossier. Nothing was changed; give the command again with the same Idempotency-Key.',
      { headers: { 'retry-after': '1' } },
    );
  if (error instanceof PolicyMissingError)
    return unavailable('policy-missing', 'No policy version is active yet; activate one, then try again.', 30);
  if (error instanceof AccessLogUnavailableError)
    return unavailable(
      'access-log-unavailable',
      'The access could not be recorded, so nothing is answered. Try again; a command with the same Idempotency-Key is never carried out twice.',
    );
  if (error instanceof CampaignClaimLostError || isConnectionFailure(error))
    return unavailable(
      'store-unavailable',
      'The database does not answer. Try again; a command with the same Idempotency-Key is never carried out twice.',
    );
  return frameworkProblem(error);
}

/** Errors of fastify, and of Nest where it wraps them. */
function frameworkProblem(error: unknown): ProblemError | null {
  const source = error instanceof HttpException && error.cause instanceof Error ? error.cause : error;
  const { code, statusCode } = (source ?? {}) as { code?: unknown; statusCode?: unknown };
  if (typeof code === 'string' && JSON_FAULTS.has(code)) return malformed();
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return new ProblemError(413, 'body-too-large', `A request holds at most ${BODY_LIMIT_BYTES} bytes; send it in parts.`);
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return jsonOnly();
  if (code === 'FST_ERR_BAD_URL' || code === 'FST_ERR_ASYNC_CONSTRAINT')
    return new ProblemError(400, 'url-invalid', 'The URL is not well-formed.');
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') return new ProblemError(414, 'url-too-long', 'A part of the URL is too long.');
  if (source instanceof SyntaxError && statusCode === 400) return malformed();
  if (error instanceof NotFoundException) return new ProblemError(404, 'route-unknown', 'There is nothing at this address.');
  if (error instanceof HttpException && error.getStatus() < 500)
    return new ProblemError(error.getStatus(), 'request-refused', 'The request was refused.');
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500)
    return new ProblemError(statusCode, 'request-refused', 'The request was refused.');
  return null;
}

export const jsonOnly = (): ProblemError =>
  new ProblemError(415, 'media-type-unsupported', 'Send the body as application/json in UTF-8.', {
    headers: { accept: 'application/json' },
  });

const malformed = (): ProblemError => new ProblemError(400, 'json-malformed', 'The body is not well-formed JSON.');
