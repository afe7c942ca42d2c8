/** How often may be asked. Each process counts for itself, in memory. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RateLimits } from '#libs/platform';
import { callerOf } from './caller';

const MINUTE_MS = 60_000;

/** Counts the request. Seconds after which it may be tried again when it is one too many, else null. */
export type Count = (request: FastifyRequest) => Promise<number | null>;

export interface Limits {
  /** Per subject. */
  readonly lookUp: Count;
  /** Per address; of IPv6 the network of 64 bits. */
  readonly failedSignIn: Count;
}

export async function limitsOf(fastify: FastifyInstance, limits: RateLimits): Promise<Limits> {
  await fastify.register(rateLimit, { global: false });
  const count = (max: number, keyGenerator?: (request: FastifyRequest) => string): Count => {
    const limiter = fastify.createRateLimit({
      max,
      timeWindow: MINUTE_MS,
      ...(keyGenerator === undefined ? {} : { keyGenerator }),
    });
    return async (request) => {
      const counted = await limiter(request);
      return !counted.isAllowed && counted.isExceeded ? Math.max(1, counted.ttlInSeconds) : null;
    };
  };
  return {
    lookUp: count(limits.lookUpsPerMinute, (request) => callerOf(request).subject),
    failedSignIn: count(limits.failedSignInsPerMinute),
  };
}
