import { applyDecorators, createParamDecorator, HttpCode, type ExecutionContext } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { namesPerson } from '../http/names-person';
import { HeaderSchema } from '../http/request-schemas.guard';
import { Problems } from '../openapi/problems.decorator';
import { callerOf } from '../sign-in/caller';

/** What every command's request carries beside its body. */
export interface CommandRequest {
  /** Method and route, without the values of its parameters. */
  readonly route: string;
  /** Who gives it: the subject that signed in; never a person's data. */
  readonly actor: string;
  readonly idempotencyKey: string;
  /** Revision that the dossier's last decision must have; null = any. */
  readonly expectedRevision: number | null;
}

const REVISION = /^"(\d{1,9})"$/;

const keyHeader = z.object({
  'Idempotency-Key': z
    .string('a command needs a key of its own of 8 to 64 characters, e.g. a UUID; give the same one to try again')
    .regex(/^[\x21-\x7e]{8,64}$/, { error: 'use 8 to 64 printable characters without spaces, e.g. a UUID', abort: true })
    .refine((key) => !namesPerson(key), 'it holds what looks like a BSN; use a random key'),
});
export const commandHeaders = keyHeader.extend({
  'If-Match': z.string().regex(REVISION, 'give the ETag of the dossier as it came, e.g. "12"').optional(),
});

/** Headers arrive with names in lower case; the faults name them as they are written. */
const headersByName = z.preprocess((headers) => {
  const given = headers as Readonly<Record<string, unknown>>;
  return { 'Idempotency-Key': given['idempotency-key'], 'If-Match': given['if-match'] };
}, commandHeaders);
const keyByName = z.preprocess(
  (headers) => ({ 'Idempotency-Key': (headers as Readonly<Record<string, unknown>>)['idempotency-key'] }),
  keyHeader,
);

/** A command that is not of one dossier: 200 with what it came to, its key, and how it may fail. */
export const KeyedEndpoint = (answer: z.ZodType, ...statuses: readonly number[]): MethodDecorator =>
  applyDecorators(
    HttpCode(200),
    HeaderSchema(keyByName),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'One key for one command: the same request with the same key has one effect and one answer. Kept for 30 days.',
      schema: { type: 'string', minLength: 8, maxLength: 64 },
    }),
    ApiResponse({ status: 200, description: 'It was carried out, now or before.', standardSchema: answer }),
    Problems(400, 409, 413, 415, 422, ...statuses),
  );

/** A command: 200 with what it did, its two headers, and how it may fail. */
export const CommandEndpoint = (answer: z.ZodType, ...statuses: readonly number[]): MethodDecorator =>
  applyDecorators(
    KeyedEndpoint(answer, 412, ...statuses),
    HeaderSchema(headersByName),
    ApiHeader({
      name: 'If-Match',
      required: false,
      description: 'ETag of the dossier. When a decision has been recorded since, the command is refused with 412.',
      schema: { type: 'string' },
    }),
  );

/** The command's headers; the guard has checked them. */
export const Request = createParamDecorator((_: unknown, context: ExecutionContext): CommandRequest => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const revision = REVISION.exec(String(request.headers['if-match'] ?? ''))?.[1];
  return {
    route: `${request.method} ${request.routeOptions.url ?? ''}`,
    actor: callerOf(request).subject,
    idempotencyKey: String(request.headers['idempotency-key']),
    expectedRevision: revision === undefined ? null : Number(revision),
  };
});
