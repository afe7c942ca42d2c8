import { applyDecorators } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import { PROBLEM_MEDIA_TYPE } from '../http/problem';

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The request is not as described; every fault is listed.',
  404: 'There is no such thing.',
  409: 'Other commands kept changing the same dossier; give the command again with the same key.',
  412: 'The dossier has moved since the revision of If-Match.',
  413: 'The body is larger than 1 MiB.',
  415: 'The body is not application/json.',
  422: 'The command was refused, every reason is listed; or its key belongs to another request.',
  503: 'Not now: the database does not answer, the access could not be recorded, or the read models are not as fresh as asked. See Retry-After.',
};

/** The statuses that an operation may fail with, beside 500 and 503 which each may. */
export const Problems = (...statuses: readonly number[]): MethodDecorator & ClassDecorator =>
  applyDecorators(
    ...[...new Set([...statuses, 500, 503])].map((status) =>
      ApiResponse({
        status,
        description: DESCRIPTIONS[status] ?? 'A fault of ours; it was logged under the id of the request.',
        content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
      }),
    ),
  );
