/** Bodies that are documents: bytes as they are, with their type in Content-Type; taken by the routes that say so, and by no other. */
import { applyDecorators } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { DOCUMENT_LIMIT_BYTES, DOCUMENT_TYPES, isDocumentType } from '#libs/identity';
import { jsonOnly } from '../http/map-error';
import { answer } from '../http/problem.filter';
import { ProblemError } from '../http/problem';

interface DocumentRoute {
  readonly takesDocument?: boolean;
}

/** The route's body is a document and nothing else. */
export const TakesDocument = (): MethodDecorator => applyDecorators(RouteConfig({ takesDocument: true } satisfies DocumentRoute));

const mediaTypeOf = ({ headers }: FastifyRequest): string =>
  (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

/** Reads documents of at most 10 MiB; a larger one is refused as soon as that is known, by its length or while it comes in. */
export function acceptDocuments(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    const { takesDocument = false } = request.routeOptions.config as DocumentRoute;
    if (takesDocument === isDocumentType(mediaTypeOf(request)) || (!takesDocument && request.method !== 'POST')) return;
    answer(reply, takesDocument ? notADocument() : jsonOnly(), request.id);
    return reply;
  });
  fastify.addContentTypeParser([...DOCUMENT_TYPES], async (request: FastifyRequest, payload: AsyncIterable<Buffer>) => {
    const announced = request.headers['content-length'] === undefined ? null : Number(request.headers['content-length']);
    if (announced !== null && announced > DOCUMENT_LIMIT_BYTES) throw documentTooLarge();
    const parts: Buffer[] = [];
    let bytes = 0;
    try {
      for await (const part of payload) {
        bytes += part.length;
        if (bytes > DOCUMENT_LIMIT_BYTES) throw documentTooLarge();
        parts.push(part);
      }
    } catch (error) {
      throw error instanceof ProblemError ? error : truncated();
    }
    if (announced !== null && announced !== bytes) throw truncated();
    return Buffer.concat(parts);
  });
}

const notADocument = (): ProblemError =>
  new ProblemError(
    415,
    'document-type-unknown',
    `Send the document itself as the body, with its type in Content-Type: ${DOCUMENT_TYPES.join(', ')}.`,
    { headers: { accept: DOCUMENT_TYPES.join(', ') } },
  );

// the rest of the body is not read: the connection ends with the answer
const documentTooLarge = (): ProblemError =>
  new ProblemError(
    413,
    'document-too-large',
    `A document has at most ${DOCUMENT_LIMIT_BYTES} bytes; scan it smaller, or send it in parts.`,
    {
      headers: { connection: 'close' },
    },
  );

const truncated = (): ProblemError =>
  new ProblemError(400, 'document-truncated', 'The document did not arrive whole, and nothing was kept; send it again.', {
    headers: { connection: 'close' },
  });
