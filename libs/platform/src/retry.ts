import { setTimeout as delay } from 'node:timers/promises';

/** What to do when something fails, as a value. */
export interface RetryPolicy {
  /** In all, the first one included. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  /** The delay doubles up to this. */
  readonly maxDelayMs: number;
  /** Whether the failure may pass by itself; any other is thrown at once. */
  readonly mayPass: (error: unknown) => boolean;
}

/** For work that may safely be done twice while a database restarts: about a minute in all. */
export const DATABASE_RESTART: RetryPolicy = { attempts: 20, firstDelayMs: 50, maxDelayMs: 5_000, mayPass: isConnectionFailure };

/**
 * Runs `work` until it succeeds, at most `policy.attempts` times. `random` (0 ≤ r < 1) spreads the delays over their upper half,
 * so that many do not come back at the same moment.
 * @throws the last failure, or the signal's reason when aborted while waiting
 */
export async function withRetry<T>(
  policy: RetryPolicy,
  work: (attempt: number) => Promise<T>,
  { signal, random = Math.random }: { signal?: AbortSignal; random?: () => number } = {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work(attempt);
    } catch (error) {
      if (attempt >= policy.attempts || !policy.mayPass(error)) throw error;
      const most = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** (attempt - 1));
      await delay(most * (0.5 + random() / 2), undefined, { signal });
    }
  }
}

const SYSTEM_CODES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOENT', 'EHOSTUNREACH', 'ENETUNREACH']);

/** A lost or refused connection to PostgreSQL: whether the statement took effect is not known. */
export function isConnectionFailure(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  // class 08 connection; 57P01–57P03 shutting down, crashed, starting up; 53300 too many connections
  if (typeof code === 'string') return SYSTEM_CODES.has(code) || code.startsWith('08') || /^57P0[1-3]$|^53300$/.test(code);
  return /Connection terminated|connection timeout|timeout exceeded when trying to connect|Client has encountered a connection error/i.test(
    error.message,
  );
}
