import { Controller, Get, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { specificationsByPractice } from '#libs/dossiers';
import { paymentChangesOn } from '#libs/read-models';
import { Accesses } from '../access/accesses.decorator';
import { notePersons } from '../access/noted-persons';
import { ApiRuntime } from '../api-runtime';
import { FromReadModels } from '../freshness/freshness.interceptor';
import { POSITION_ANSWERED } from '../openapi/answers.decorator';
import { Problems } from '../openapi/problems.decorator';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { AnswersPaymentSpecifications, tell } from './answer';
import { paymentsOnQuery, type PaymentSpecificationPage, type PaymentsOnQuery } from './schema';

const PAGE = 1_000;

@ApiTags('Payment specifications')
@Controller('v1/payment-specifications')
@FromReadModels()
export class PaymentSpecificationsController {
  constructor(private readonly runtime: ApiRuntime) {}

  @Get()
  @Accesses({ event: 'payment-specifications', action: 'read', object: 'payment-specification' })
  @CallableBy('reader', 'corrector', 'approver')
  @ApiOperation({
    operationId: 'paymentSpecifications',
    summary: 'What practices are paid otherwise for lines declared earlier, by what was recorded on a day',
    description:
      'Whatever it was booked by: a correction, claim lines, a campaign, an activated policy. By practice, cause, invoice and reference; each line once under ' +
      'a cause, from its first grant of the day to its last. In pages, as JSON or CSV (`Accept: text/csv`). Lines of persons who were erased are not in it.',
  })
  @AnswersPaymentSpecifications(POSITION_ANSWERED)
  @Problems(400)
  async on(
    @Query({ schema: paymentsOnQuery }) { on, practice, limit = PAGE, after }: PaymentsOnQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentSpecificationPage | StreamableFile> {
    const { items, next } = await paymentChangesOn(this.runtime.readModels, { on, practice, limit, after: after ?? null });
    notePersons(request, [...new Set(items.flatMap(({ personIds }) => personIds))]);
    const fileName = ['payments', practice, on].filter((each) => each !== undefined).join('-');
    return tell(request, reply, { specifications: specificationsByPractice(items, on), next, fileName });
  }
}
