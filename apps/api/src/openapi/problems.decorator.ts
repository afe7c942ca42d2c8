import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { PROBLEM_MEDIA_TYPE } from '../http/problem';

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The request is not as described; every fault is listed.',
  404: 'There is no such thing.',
  409: 'Other commands kept changing the same dossier; give the command again with the same key.',
  403: 'Not you: what you proposed yourself another person has to approve.',
  412: 'The dossier has moved since the revision of If-Match, or the effects since the preview that was agreed to.',
  413: 'The body is larger than 1 MiB, or the document than 10 MiB.',
  415: 'The body is not application/json, or no type of a document.',
  422: 'The command was refused, every reason is listed; or its key belongs to another request.',
  503: 'Not now: the database or the issuer of tokens does not answer, or the read models are not as fresh as asked. See Retry-After.',
};

/** The statuses that an operation may fail with, beside 500 and 503 which each may. */
export const Problems = (...statuses: readonly number[]): MethodDecorator & ClassDecorator =>
  applyDecorators(
    ...[...new Set([...statuses, 500, 503])].map((status) =>
      problemResponse(status, DESCRIPTIONS[status] ?? 'A fault of ours; it was logged under the id of the request.'),
    ),
  );

/** One status that an operation may fail with. */
export const problemResponse = (status: number, description: string): MethodDecorator & ClassDecorator =>
  ApiResponse({
    status,
    description,
    content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
  });
