/** Problems as RFC 9457 has them: every fault of a request at once, nothing of our inside, nothing of what was sent. */
import { STATUS_CODES } from 'node:http';

/** Where in the request a fault lies. */
export type FaultPlace = 'body' | 'query' | 'path' | 'header';

export interface Fault {
  /** Stable code for programs. */
  readonly code: string;
  readonly in: FaultPlace;
  /** JSON pointer (RFC 6901) to the field within that part of the request; `` = the part itself. */
  readonly pointer: string;
  /** What is wrong and what to do; never repeats the value. */
  readonly problem: string;
  /** Line of a file that the field holds, from 1. */
  readonly line?: number;
}

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  /** `urn:uuid:` with the id of the request, which the log has too. */
  readonly instance?: string;
  readonly errors?: readonly Fault[];
  /** Faults beyond the first hundred, which are not told. */
  readonly furtherErrors?: number;
}

export interface ProblemOptions {
  readonly errors?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the body (RFC 9457, 3.2). */
  readonly members?: Readonly<Record<string, unknown>>;
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';
const TYPE_PREFIX = 'urn:traject:problem:';
/** Most faults that one answer tells. */
const MAX_FAULTS = 100;

/** Thrown anywhere below a controller; the filter turns it into the answer. `code` names the kind of problem for programs. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly options: ProblemOptions = {},
  ) {
    super(detail);
  }
}

/** The answer's body. `requestId` is a UUID. */
export function problemBody(problem: ProblemError, requestId?: string): ProblemBody {
  const { errors = [] } = problem.options;
  return {
    type: `${TYPE_PREFIX}${problem.code}`,
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.detail,
    ...(requestId === undefined ? {} : { instance: `urn:uuid:${requestId}` }),
    ...(errors.length === 0 ? {} : { errors: errors.slice(0, MAX_FAULTS) }),
    ...(errors.length > MAX_FAULTS ? { furtherErrors: errors.length - MAX_FAULTS } : {}),
    ...problem.options.members,
  };
}

export const notFound = (what: string): ProblemError => new ProblemError(404, 'not-found', `There is no such ${what}.`);

/** Not ready for this now; the same request may be given again after `retryAfterSeconds`. */
export const unavailable = (code: string, detail: string, retryAfterSeconds = 1): ProblemError =>
  new ProblemError(503, code, detail, { headers: { 'retry-after': String(retryAfterSeconds) } });
