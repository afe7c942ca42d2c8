import { Body, Controller, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Campaigns, type Campaign } from '#libs/dossiers';
import type { PersonId } from '#libs/trajectory';
import { Accesses, TouchesNoPerson } from '../access/accesses.decorator';
import { accessorOf } from '../access/caller';
import { ApiRuntime } from '../api-runtime';
import { KeyedEndpoint, Request, type CommandRequest } from '../commands/command-request';
import { PersonCommands } from '../commands/person-commands';
import { notFound, ProblemError } from '../http/problem';
import { Problems } from '../openapi/problems.decorator';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { CalledBy, type Caller } from '../sign-in/caller';
import {
  campaign,
  campaignAct,
  campaignApproval,
  campaignEnd,
  campaignList,
  campaignOutliers,
  campaignPath,
  campaignPersons,
  campaignQuery,
  campaignRequest,
  campaignShown,
  campaignUndoRequest,
  exceptionQuery,
  type CampaignAnswer,
  type CampaignList,
  type CampaignOutliers,
  type CampaignPath,
  type CampaignPersons,
  type CampaignQuery,
  type CampaignRequest,
  type CampaignShown,
  type CampaignUndoRequest,
  type ExceptionQuery,
} from './schema';
import { campaignOf, mappingRefused, notNow, personOf, shownOf } from './shown';

const PAGE = 50;

/** Campaigns up to their approval, and what is to be seen of them; `run-controller.ts` carries them out. */
@ApiTags('Campaigns')
@Controller('v1/campaigns')
export class CampaignsController {
  constructor(
    private readonly runtime: ApiRuntime,
    private readonly campaigns: Campaigns,
    private readonly commands: PersonCommands,
  ) {}

  @Get()
  @TouchesNoPerson()
  @CallableBy('corrector', 'approver', 'policy', 'auditor', 'operator')
  @ApiOperation({ operationId: 'listCampaigns', summary: 'Campaigns, the newest first' })
  @ApiResponse({ status: 200, description: 'A page of the list.', standardSchema: campaignList })
  async list(@Query({ schema: campaignQuery }) { limit = PAGE, after }: CampaignQuery): Promise<CampaignList> {
    const { items, next } = pageOf(await this.campaigns.list(limit + 1, after ?? null), limit, ({ campaignId }) => campaignId);
    return { campaigns: items.map(campaignOf), next };
  }

  @Get(':campaignId')
  @TouchesNoPerson()
  @CallableBy('corrector', 'approver', 'policy', 'auditor', 'operator')
  @ApiOperation({ operationId: 'showCampaign', summary: 'A campaign, how far it has come, and what is being done to it' })
  @ApiResponse({ status: 200, description: 'The campaign.', standardSchema: campaignShown })
  @Problems(404)
  async show(@Param({ schema: campaignPath }) { campaignId }: CampaignPath): Promise<CampaignShown> {
    const work = await this.runtime.campaignWorks.latest(campaignId);
    const progress = await this.campaigns.progress(campaignId);
    return shownOf(await this.found(campaignId), progress, work);
  }

  @Get(':campaignId/exceptions')
  @Accesses({
    ...{ event: 'campaign-exceptions', action: 'read', object: 'campaign', objectId: 'campaignId' },
    personsIn: ({ persons }: CampaignPersons) => persons.map(({ personId }) => personId),
  })
  @CallableBy('corrector', 'approver')
  @ApiOperation({ operationId: 'campaignExceptions', summary: 'Persons that are left alone, with why and what to do' })
  @ApiResponse({ status: 200, description: 'A page of the list.', standardSchema: campaignPersons })
  @Problems(404)
  async exceptions(
    @Param({ schema: campaignPath }) { campaignId }: CampaignPath,
    @Query({ schema: exceptionQuery }) { limit = PAGE, after }: ExceptionQuery,
  ): Promise<CampaignPersons> {
    await this.found(campaignId);
    const found = await this.campaigns.exceptionsAfter(campaignId, (after ?? null) as PersonId | null, limit + 1);
    const { items, next } = pageOf(found, limit, ({ personId }) => personId);
    return { persons: items.map(personOf), next };
  }

  @Get(':campaignId/outliers')
  @Accesses({
    ...{ event: 'campaign-outliers', action: 'read', object: 'campaign', objectId: 'campaignId' },
    personsIn: ({ persons }: CampaignOutliers) => persons.map(({ personId }) => personId),
  })
  @CallableBy('corrector', 'approver')
  @ApiOperation({ operationId: 'campaignOutliers', summary: 'Those of whom most cents move, as previewed; at most twenty' })
  @ApiResponse({ status: 200, description: 'The persons, most cents first.', standardSchema: campaignOutliers })
  @Problems(404)
  async outliers(@Param({ schema: campaignPath }) { campaignId }: CampaignPath): Promise<CampaignOutliers> {
    await this.found(campaignId);
    const shown = await this.campaigns.show(campaignId);
    return { persons: (shown?.outliers ?? []).map(personOf) };
  }

  @Post()
  @Accesses({ event: 'propose-campaign', action: 'change', object: 'campaign' })
  @CallableBy('corrector')
  @KeyedEndpoint(campaign)
  @ApiOperation({
    operationId: 'proposeCampaign',
    summary: 'Propose a campaign, and have it previewed',
    description:
      'The preview runs in the background; poll the campaign until its status is `previewed`. Nobody is changed by it.',
  })
  propose(
    @Body({ schema: campaignRequest }) body: CampaignRequest,
    @Request() request: CommandRequest,
    @Req() http: FastifyRequest,
  ): Promise<CampaignAnswer> {
    const { reason, canary, tolerancePercent } = body;
    return this.commands.once(request, body, async (campaignId) => {
      const order = { reason, canary, tolerancePercent, proposedBy: request.actor, campaignId };
      if (body.kind === 'policy') return this.previewed(await this.campaigns.proposePolicy(order), campaignId, http);
      const proposed = await this.campaigns.proposeMapping(new TextEncoder().encode(body.mapping), order);
      if (proposed.outcome === 'refused') throw mappingRefused(proposed.problems);
      return this.previewed(proposed.campaign, campaignId, http);
    });
  }

  @Post(':campaignId/undo')
  @Accesses({ event: 'undo-campaign', action: 'change', object: 'campaign', objectId: 'campaignId' })
  @CallableBy('corrector')
  @KeyedEndpoint(campaign, 404)
  @ApiOperation({
    operationId: 'undoCampaign',
    summary: 'Propose to take back what a campaign over a mapping has booked, and have that previewed',
    description: 'Once it has ended. Answers another campaign, which a second person approves. What others did meanwhile stays.',
  })
  undo(
    @Param({ schema: campaignPath }) { campaignId: undone }: CampaignPath,
    @Body({ schema: campaignUndoRequest }) body: CampaignUndoRequest,
    @Request() request: CommandRequest,
    @Req() http: FastifyRequest,
  ): Promise<CampaignAnswer> {
    return this.commands.once(request, { undone, body }, async (campaignId) => {
      const found = await this.found(undone);
      const undo = await this.campaigns.proposeUndo(undone, { ...body, proposedBy: request.actor, campaignId });
      if (undo === null) throw notNow(found, 'one over a mapping that is done or stopped can be undone; stop it first');
      return this.previewed(undo, campaignId, http);
    });
  }

  @Post(':campaignId/preview')
  @Accesses({ event: 'preview-campaign', action: 'preview', object: 'campaign', objectId: 'campaignId' })
  @CallableBy('corrector', 'approver')
  @KeyedEndpoint(campaign, 404)
  @ApiOperation({
    operationId: 'previewCampaign',
    summary: 'Have it previewed anew, or let a preview that was given up go on',
    description: 'Runs in the background; poll the campaign. It may not be approved yet.',
  })
  preview(
    @Param({ schema: campaignPath }) { campaignId }: CampaignPath,
    @Body({ schema: campaignAct }) _body: object,
    @Request() request: CommandRequest,
    @Req() http: FastifyRequest,
  ): Promise<CampaignAnswer> {
    return this.commands.once(request, { campaignId }, async (workId) => {
      const found = await this.found(campaignId);
      if (found.status !== 'draft' && found.status !== 'previewed')
        throw notNow(found, 'its preview stays as it is; propose another campaign');
      return this.previewed(found, workId, http);
    });
  }

  @Post(':campaignId/approval')
  @Accesses({ event: 'approve-campaign', action: 'change', object: 'campaign', objectId: 'campaignId' })
  @CallableBy('approver')
  @HttpCode(200)
  @ApiOperation({ operationId: 'approveCampaign', summary: 'Agree to the preview of a campaign, as another person' })
  @ApiResponse({ status: 200, description: 'It is approved; nothing is booked yet.', standardSchema: campaign })
  @Problems(400, 403, 404, 409, 412, 413, 415)
  async approve(
    @Param({ schema: campaignPath }) { campaignId }: CampaignPath,
    @Body({ schema: campaignApproval }) { digest }: { digest: string },
    @CalledBy() { subject }: Caller,
  ): Promise<CampaignAnswer> {
    switch (await this.campaigns.approve(campaignId, subject, digest)) {
      case 'unknown':
        throw notFound('campaign');
      case 'own':
        throw new ProblemError(403, 'own-campaign', 'You proposed it yourself; another person has to approve it.');
      case 'decided':
        throw notNow(await this.found(campaignId), 'only one whose preview has ended, and that nobody has decided, is approved');
      case 'other-digest':
        throw new ProblemError(412, 'preview-moved', 'That is not what was previewed last; look at the campaign again.', {
          errors: [{ code: 'preview-moved', in: 'body', pointer: '/digest', problem: 'Not the digest of its preview.' }],
        });
      case 'other-policy':
        throw new ProblemError(
          412,
          'policy-moved',
          'Another policy version has taken effect since the preview; preview it anew.',
        );
      case 'approved':
        return campaignOf(await this.found(campaignId));
    }
  }

  @Post(':campaignId/rejection')
  @Accesses({ event: 'reject-campaign', action: 'change', object: 'campaign', objectId: 'campaignId' })
  @CallableBy('corrector', 'approver')
  @HttpCode(200)
  @ApiOperation({ operationId: 'rejectCampaign', summary: 'Say no to a campaign, or take back your own, before it is approved' })
  @ApiResponse({ status: 200, description: 'It is rejected.', standardSchema: campaign })
  @Problems(400, 404, 409, 413, 415)
  async reject(
    @Param({ schema: campaignPath }) { campaignId }: CampaignPath,
    @Body({ schema: campaignEnd }) { remark }: { remark: string },
    @CalledBy() { subject }: Caller,
  ): Promise<CampaignAnswer> {
    const isRejected = await this.campaigns.reject(campaignId, subject, remark);
    const found = await this.found(campaignId);
    if (!isRejected) throw notNow(found, 'only one that is not decided yet is rejected');
    return campaignOf(found);
  }

  /** Asks for the preview, in the name of the caller. */
  private async previewed(found: Campaign, workId: string, http: FastifyRequest): Promise<CampaignAnswer> {
    const { campaignId, status } = found;
    const work = { workId, campaignId, kind: 'preview' as const, anew: status === 'previewed', askedBy: accessorOf(http) };
    await this.runtime.campaignWorks.ask(work);
    return campaignOf(found);
  }

  private async found(campaignId: string): Promise<Campaign> {
    const found = await this.campaigns.read(campaignId);
    if (found === null) throw notFound('campaign');
    return found;
  }
}

/** @param found one more than the page holds, where there is one */
function pageOf<T>(found: readonly T[], limit: number, cursorOf: (item: T) => string) {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return { items, next: found.length > limit && last !== undefined ? cursorOf(last) : null };
}
