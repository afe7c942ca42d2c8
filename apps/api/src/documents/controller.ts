import { Controller, Get, HttpCode, Param, Post, Req, Res, StreamableFile } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DOCUMENT_EXTENSIONS, DOCUMENT_LIMIT_BYTES, DOCUMENT_TYPES, IdentityVaultError } from '#libs/identity';
import { ApiRuntime } from '../api-runtime';
import { personUnknown } from '../commands/refused';
import { personPath, type PersonPath } from '../http/person-path';
import { notFound, ProblemError } from '../http/problem';
import { Problems } from '../openapi/problems.decorator';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { TakesDocument } from './body';
import { documentPath, documentReceipt, type DocumentPath, type DocumentReceiptAnswer } from './schema';

const BYTES = Object.fromEntries(DOCUMENT_TYPES.map((type) => [type, { schema: {} }]));

@ApiTags('Documents')
@Controller('v1/persons/:personId/documents')
export class DocumentsController {
  constructor(private readonly runtime: ApiRuntime) {}

  @Post()
  @HttpCode(200)
  @TakesDocument()
  @CallableBy('corrector')
  @ApiOperation({
    operationId: 'keepDocument',
    summary: 'Keep a document of a person, encrypted under their key',
    description:
      `The body is the document itself, at most ${DOCUMENT_LIMIT_BYTES} bytes, and Content-Type says what it is: that is checked. No ` +
      'Idempotency-Key is needed, for the same document of the same person is kept once.',
  })
  @ApiBody({ required: true, content: BYTES } as never)
  @ApiResponse({ status: 200, description: 'It is kept.', standardSchema: documentReceipt })
  @Problems(400, 404, 413, 415, 422)
  async keep(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Req() request: FastifyRequest,
  ): Promise<DocumentReceiptAnswer> {
    const content = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const mediaType = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
    try {
      return { ...(await this.runtime.context.vault.sealDocument(personId, { mediaType, content })) };
    } catch (error) {
      throw problemOf(error);
    }
  }

  @Get(':documentId')
  @CallableBy('corrector', 'approver')
  @ApiOperation({ operationId: 'document', summary: 'A document of a person, as it was sent' })
  @ApiResponse({ status: 200, description: 'The bytes of the document.', content: BYTES })
  @Problems(400, 404)
  async one(
    @Param({ schema: documentPath }) { personId, documentId }: DocumentPath,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<StreamableFile> {
    const document = await this.runtime.context.vault.readDocument(personId, documentId);
    if (document === null) throw notFound('document of this person');
    const { content, mediaType, digest } = document;
    void reply.headers({
      // RFC 9530; and never shown by a browser as a page of this server
      'content-digest': `sha-256=:${Buffer.from(digest, 'hex').toString('base64')}:`,
      'content-security-policy': "default-src 'none'; sandbox",
    });
    const disposition = `attachment; filename="document-${documentId}.${DOCUMENT_EXTENSIONS[mediaType][0]}"`;
    return new StreamableFile(content, { type: mediaType, disposition, length: content.length });
  }
}

/** What the vault has against a document, as its sender is told it. */
function problemOf(error: unknown): unknown {
  if (!(error instanceof IdentityVaultError)) return error;
  if (error.code === 'person-unknown') return personUnknown();
  if (error.code !== 'document-empty' && error.code !== 'document-type-differs') return error;
  return new ProblemError(422, error.code, 'The document was refused and nothing was kept.', {
    errors: [
      {
        code: error.code,
        in: 'body',
        pointer: '',
        problem: `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`,
      },
    ],
  });
}
