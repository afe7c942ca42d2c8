/** Payment specifications as JSON, or as the CSV file that a practice is sent. */
import { applyDecorators, StreamableFile } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { paymentSpecificationCsv, type PaymentSpecification } from '#libs/dossiers';
import { prefersCsv } from '../http/accept';
import type { PaymentSpecificationPage } from './schema';

const CSV = 'text/csv';

export interface SpecificationsToTell {
  readonly specifications: readonly PaymentSpecification[];
  /** `after` of the page that follows; null at the end. */
  readonly next: string | null;
  /** Of the CSV file, without its ending. */
  readonly fileName: string;
}

/** As the caller asks for it; a CSV file says in `Link` where the next one is. */
export function tell(
  request: FastifyRequest,
  reply: FastifyReply,
  { specifications, next, fileName }: SpecificationsToTell,
): PaymentSpecificationPage | StreamableFile {
  void reply.header('vary', 'Accept');
  if (!prefersCsv(request.headers.accept))
    return {
      specifications: specifications.map((each) => ({ ...each, cause: { ...each.cause }, lines: [...each.lines] })),
      next,
    };
  if (next !== null) void reply.header('link', `<${addressAfter(request, next)}>; rel="next"`);
  const content = Buffer.from(paymentSpecificationCsv(specifications), 'utf8');
  const disposition = `attachment; filename="${fileName}.csv"`;
  return new StreamableFile(content, { type: `${CSV}; charset=utf-8`, disposition, length: content.length });
}

/** The address that was asked, for the page after. */
function addressAfter({ url }: FastifyRequest, next: string): string {
  const asked = new URL(url, 'http://localhost');
  asked.searchParams.set('after', next);
  return `${asked.pathname}${asked.search}`;
}

/** 200 with payment specifications in either form. */
export const AnswersPaymentSpecifications = (headers: Record<string, object> = {}): MethodDecorator =>
  applyDecorators(
    ApiResponse({
      status: 200,
      description: 'A page of specifications. As CSV one row a line, each page with the names of its columns.',
      content: {
        'application/json': { schema: { $ref: '#/components/schemas/PaymentSpecificationPage' } },
        [CSV]: { schema: {} },
      },
      headers: {
        ...headers,
        Link: {
          description: 'Of CSV: the next page, as `<address>; rel="next"`; absent at the end.',
          schema: { type: 'string' },
        },
      },
    }),
  );
