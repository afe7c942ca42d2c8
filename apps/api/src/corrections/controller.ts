import { Body, Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { personsNamedIn } from '#libs/dossiers';
import { Accesses } from '../access/accesses.decorator';
import { commandAnswer, type CommandAnswer } from '../commands/command-answer';
import { CommandEndpoint, Request, type CommandRequest } from '../commands/command-request';
import { personPath, type PersonPath } from '../http/person-path';
import { Problems } from '../openapi/problems.decorator';
import { proposal, type ProposalAnswer } from '../proposals/schema';
import { CalledBy, type Caller } from '../sign-in/caller';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { CorrectionOrders } from './correction-orders';
import {
  correctionPreviewRequest,
  correctionRequest,
  preview,
  type CorrectionPreviewRequest,
  type CorrectionRequest,
  type PreviewAnswer,
} from './schema';

/** A correction may be about a second person. */
const personsNamed = (body: unknown): readonly string[] =>
  typeof body === 'object' && body !== null && 'input' in body ? personsNamedIn(body.input) : [];

@ApiTags('Corrections')
@Controller('v1/persons/:personId/corrections')
export class CorrectionsController {
  constructor(private readonly orders: CorrectionOrders) {}

  @Post('preview')
  @Accesses({ event: 'preview-correction', action: 'preview', object: 'dossier', personsNamed })
  @CallableBy('corrector', 'approver')
  @HttpCode(200)
  @ApiOperation({ operationId: 'previewCorrection', summary: 'What a correction would do; nothing is written' })
  @ApiResponse({ status: 200, description: 'What it would do now.', standardSchema: preview })
  @Problems(400, 404, 413, 415, 422)
  preview(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Body({ schema: correctionPreviewRequest }) { kind, input }: CorrectionPreviewRequest,
    @CalledBy() { subject }: Caller,
  ): Promise<PreviewAnswer> {
    return this.orders.preview(personId, kind, input, subject);
  }

  @Post()
  @Accesses({ event: 'correct', action: 'change', object: 'dossier', personsNamed })
  @CallableBy('corrector')
  @ApiOperation({
    operationId: 'correct',
    summary: 'Carry a correction out as it was previewed, or propose it where a second person must agree',
  })
  @CommandEndpoint(commandAnswer, 404)
  @ApiResponse({ status: 202, description: 'It waits for a second person; nothing was changed.', standardSchema: proposal })
  async correct(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Body({ schema: correctionRequest }) body: CorrectionRequest,
    @Request() request: CommandRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CommandAnswer | ProposalAnswer> {
    const answer = await this.orders.carryOut(request, personId, body);
    if (answer.kind === 'proposed') void reply.code(202);
    return answer.body;
  }
}
