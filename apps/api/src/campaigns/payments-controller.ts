import { Controller, Get, Param, Query, Req, Res, type StreamableFile } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Campaigns, paymentSpecifications } from '#libs/dossiers';
import { Accesses } from '../access/accesses.decorator';
import { notePersons } from '../access/noted-persons';
import { ApiRuntime } from '../api-runtime';
import { notFound } from '../http/problem';
import { Problems } from '../openapi/problems.decorator';
import { AnswersPaymentSpecifications, tell } from '../payment-specifications/answer';
import type { PaymentSpecificationPage } from '../payment-specifications/schema';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { campaignPath, campaignPaymentsQuery, type CampaignPath, type CampaignPaymentsQuery } from './schema';

const PERSONS = 50;

@ApiTags('Campaigns')
@Controller('v1/campaigns/:campaignId/payments')
export class CampaignPaymentsController {
  constructor(
    private readonly runtime: ApiRuntime,
    private readonly campaigns: Campaigns,
  ) {}

  @Get()
  @Accesses({ event: 'campaign-payments', action: 'read', object: 'campaign', objectId: 'campaignId' })
  @CallableBy('corrector', 'approver')
  @ApiOperation({
    operationId: 'campaignPayments',
    summary: 'Payment specifications of what a campaign has booked',
    description:
      'With what stood untold of its persons before. Read off what was recorded: it tells the same however often it is asked, once the campaign rests. In pages ' +
      'of persons, as JSON or CSV (`Accept: text/csv`).',
  })
  @AnswersPaymentSpecifications()
  @Problems(400, 404)
  async payments(
    @Param({ schema: campaignPath }) { campaignId }: CampaignPath,
    @Query({ schema: campaignPaymentsQuery }) { limit = PERSONS, after }: CampaignPaymentsQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PaymentSpecificationPage | StreamableFile> {
    const page = await this.campaigns.paymentsAfter(campaignId, after ?? null, limit);
    if (page === null) throw notFound('campaign');
    notePersons(request, page.persons);
    return tell(request, reply, {
      specifications: paymentSpecifications(page.moved, this.runtime.context.today()),
      next: page.next === null ? null : `${page.next.status}:${page.next.personId}`,
      fileName: `payments-${campaignId}`,
    });
  }
}
