import { Body, Controller, Param, Post, Req } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Campaigns, type Campaign } from '#libs/dossiers';
import { Accesses } from '../access/accesses.decorator';
import { accessorOf } from '../access/caller';
import { ApiRuntime } from '../api-runtime';
import { KeyedEndpoint, Request, type CommandRequest } from '../commands/command-request';
import { PersonCommands } from '../commands/person-commands';
import { notFound } from '../http/problem';
import { CallableBy } from '../sign-in/callable-by.decorator';
import {
  campaign,
  campaignAct,
  campaignEnd,
  campaignPath,
  campaignResume,
  type CampaignAnswer,
  type CampaignPath,
  type CampaignResume,
} from './schema';
import { campaignOf, notNow } from './shown';

/** Carries approved campaigns out, in the background: stage by stage, and between two groups of persons as somebody says. */
@ApiTags('Campaigns')
@Controller('v1/campaigns/:campaignId')
export class CampaignRunsController {
  constructor(
    private readonly runtime: ApiRuntime,
    private readonly campaigns: Campaigns,
    private readonly commands: PersonCommands,
  ) {}

  @Post('run')
  @Accesses({ event: 'run-campaign', action: 'change', object: 'campaign', objectId: 'campaignId' })
  @CallableBy('operator')
  @KeyedEndpoint(campaign, 404)
  @ApiOperation({
    operationId: 'runCampaign',
    summary: 'Carry out an approved campaign, to the end of its first stage',
    description: 'Runs in the background; poll the campaign. After the canary its status is `waiting`.',
  })
  run(
    @Param({ schema: campaignPath }) { campaignId }: CampaignPath,
    @Body({ schema: campaignAct }) _body: object,
    @Request() request: CommandRequest,
    @Req() http: FastifyRequest,
  ): Promise<CampaignAnswer> {
    return this.commands.once(request, { campaignId }, async (workId, again) => {
      const hasBegun = await this.campaigns.begin(campaignId, ['approved']);
      const found = await this.found(campaignId);
      if (!hasBegun && !(again && found.status === 'running'))
        throw notNow(found, 'one that is approved is run; one that has begun is resumed');
      return this.worked(found, workId, http);
    });
  }

  @Post('resume')
  @Accesses({ event: 'resume-campaign', action: 'change', object: 'campaign', objectId: 'campaignId' })
  @CallableBy('operator')
  @KeyedEndpoint(campaign, 404)
  @ApiOperation({
    operationId: 'resumeCampaign',
    summary: 'Go on after the canary, after a pause, or after it was given up because of a fault',
    description:
      'Names the status that was seen. One that has come elsewhere since does not go on, so that nobody lets the rest begin who has not seen the canary.',
  })
  resume(
    @Param({ schema: campaignPath }) { campaignId }: CampaignPath,
    @Body({ schema: campaignResume }) { from }: CampaignResume,
    @Request() request: CommandRequest,
    @Req() http: FastifyRequest,
  ): Promise<CampaignAnswer> {
    return this.commands.once(request, { campaignId, from }, async (workId, again) => {
      const hasBegun = from !== 'running' && (await this.campaigns.begin(campaignId, [from]));
      const found = await this.found(campaignId);
      if (!hasBegun && !(found.status === 'running' && (again || from === 'running')))
        throw notNow(
          found,
          `one that is waiting, paused or running goes on, and this one was to go on from ${from}; look at it again`,
        );
      return this.worked(found, workId, http);
    });
  }

  @Post('pause')
  @Accesses({ event: 'pause-campaign', action: 'change', object: 'campaign', objectId: 'campaignId' })
  @CallableBy('operator')
  @KeyedEndpoint(campaign, 404)
  @ApiOperation({ operationId: 'pauseCampaign', summary: 'Let it rest, as soon as the group of persons under way is booked' })
  pause(
    @Param({ schema: campaignPath }) { campaignId }: CampaignPath,
    @Body({ schema: campaignAct }) _body: object,
    @Request() request: CommandRequest,
  ): Promise<CampaignAnswer> {
    return this.commands.once(request, { campaignId }, async (_, again) => {
      const isPaused = await this.campaigns.pause(campaignId, request.actor);
      const found = await this.found(campaignId);
      if (!isPaused && !(again && found.status === 'paused')) throw notNow(found, 'one that is running is paused');
      return campaignOf(found);
    });
  }

  @Post('stop')
  @Accesses({ event: 'stop-campaign', action: 'change', object: 'campaign', objectId: 'campaignId' })
  @CallableBy('approver', 'operator')
  @KeyedEndpoint(campaign, 404)
  @ApiOperation({
    operationId: 'stopCampaign',
    summary: 'End it for good',
    description: 'What was booked stays booked; `undo` takes it back.',
  })
  stop(
    @Param({ schema: campaignPath }) { campaignId }: CampaignPath,
    @Body({ schema: campaignEnd }) { remark }: { remark: string },
    @Request() request: CommandRequest,
  ): Promise<CampaignAnswer> {
    return this.commands.once(request, { campaignId, remark }, async (_, again) => {
      const isStopped = await this.campaigns.stop(campaignId, request.actor, remark);
      const found = await this.found(campaignId);
      if (!isStopped && !(again && found.status === 'stopped'))
        throw notNow(found, 'one that is approved and has not ended is stopped; before that it is rejected');
      return campaignOf(found);
    });
  }

  /** Asks for the rest of the stage to be carried out, in the name of the caller. */
  private async worked(found: Campaign, workId: string, http: FastifyRequest): Promise<CampaignAnswer> {
    const { campaignId } = found;
    await this.runtime.campaignWorks.ask({ workId, campaignId, kind: 'run', anew: false, askedBy: accessorOf(http) });
    return campaignOf(found);
  }

  private async found(campaignId: string): Promise<Campaign> {
    const found = await this.campaigns.read(campaignId);
    if (found === null) throw notFound('campaign');
    return found;
  }
}
