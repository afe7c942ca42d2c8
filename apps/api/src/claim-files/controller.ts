import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { ClaimFileEntity } from '#libs/read-models';
import { ApiRuntime } from '../api-runtime';
import { FromReadModels } from '../freshness/freshness.interceptor';
import { notFound } from '../http/problem';
import { AnswersFromReadModels } from '../openapi/answers.decorator';
import { Problems } from '../openapi/problems.decorator';
import { CallableBy } from '../sign-in/callable-by.decorator';
import {
  claimFile,
  claimFilePath,
  claimFileQuery,
  claimFiles,
  claimFilesQuery,
  type ClaimFileAnswer,
  type ClaimFilePath,
  type ClaimFilesAnswer,
  type ClaimFilesQuery,
} from './schema';

@ApiTags('Claim files')
@Controller('v1/claim-files')
@FromReadModels()
export class ClaimFilesController {
  constructor(private readonly runtime: ApiRuntime) {}

  @Get()
  @CallableBy('ingest', 'reader', 'corrector', 'approver', 'auditor', 'operator')
  @ApiOperation({ operationId: 'claimFiles', summary: 'Claim files that came in' })
  @AnswersFromReadModels(claimFiles, 'A page of the files.')
  @Problems(400)
  async list(@Query({ schema: claimFilesQuery }) { limit, after }: ClaimFilesQuery): Promise<ClaimFilesAnswer> {
    const page = await this.runtime.queries.claimFiles({ limit, after });
    return { items: page.items.map(claimFileOf), next: page.next };
  }

  @Get(':fileId')
  @CallableBy('ingest', 'reader', 'corrector', 'approver', 'auditor', 'operator')
  @ApiOperation({ operationId: 'claimFile', summary: 'One claim file' })
  @AnswersFromReadModels(claimFile, 'The file.')
  @Problems(400, 404)
  async one(
    @Param({ schema: claimFilePath }) { fileId }: ClaimFilePath,
    @Query({ schema: claimFileQuery }) _query: unknown,
  ): Promise<ClaimFileAnswer> {
    const file = await this.runtime.queries.claimFile(fileId);
    if (file === null) throw notFound('claim file');
    return claimFileOf(file);
  }
}

function claimFileOf(file: ClaimFileEntity): ClaimFileAnswer {
  const { fileId, status, digest, bytes, standard, version, insurer, practice, invoice, invoiceDate, receivedOn } = file;
  const { declaredCents, grantedCents, returnDigest, problems, recordedAt } = file;
  return {
    ...{ fileId, status, digest, bytes, standard, version, insurer, practice, invoice, invoiceDate, receivedOn },
    lines: {
      announced: file.lines,
      processed: file.linesProcessed,
      decided: file.linesDecided,
      held: file.linesHeld,
      invalid: file.linesInvalid,
      refused: file.linesRefused,
      credited: file.linesCredited,
    },
    ...{ declaredCents, grantedCents, returnDigest, recordedAt },
    problems: problems.map(({ code, record, field, problem }) => ({ code, record, field, problem })),
  };
}
