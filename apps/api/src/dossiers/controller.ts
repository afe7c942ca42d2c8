import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { DossierEntity } from '#libs/read-models';
import { ApiRuntime } from '../api-runtime';
import { FromReadModels } from '../freshness/freshness.interceptor';
import { personPath, type PersonPath } from '../http/person-path';
import { notFound } from '../http/problem';
import { AnswersFromReadModels } from '../openapi/answers.decorator';
import { Problems } from '../openapi/problems.decorator';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { trajectorySummaryOf } from '../trajectories/trajectory-view';
import { workItemOf } from '../work-list/controller';
import { dossier, dossierQuery, type DossierAnswer } from './schema';

@ApiTags('Dossiers')
@Controller('v1/persons/:personId/dossier')
@FromReadModels()
export class DossiersController {
  constructor(private readonly runtime: ApiRuntime) {}

  @Get()
  @CallableBy('reader', 'corrector', 'approver')
  @ApiOperation({ operationId: 'dossier', summary: 'The dossier of a person; its ETag is the value for If-Match' })
  @AnswersFromReadModels(dossier, 'The dossier.')
  @Problems(400, 404)
  async one(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Query({ schema: dossierQuery }) _query: unknown,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DossierAnswer> {
    const view = await this.runtime.queries.dossier(personId);
    if (view === null) throw notFound('dossier');
    if (view.dossier.decidedRevision !== null) void reply.header('etag', `"${view.dossier.decidedRevision}"`);
    return {
      personId,
      erasedAt: view.dossier.erasedAt,
      insurance: view.dossier.insurancePeriods,
      packages: view.dossier.packages,
      diedOn: view.dossier.diedOn,
      reportedSwitches: view.dossier.reportedSwitches,
      lastDecision: lastDecisionOf(view.dossier),
      trajectories: view.trajectories.map(trajectorySummaryOf),
      workItems: view.workItems.map(workItemOf),
    };
  }
}

function lastDecisionOf(entity: DossierEntity): DossierAnswer['lastDecision'] {
  const { decidedRevision, decidedAt, policyDigest, policyVersion, engine } = entity;
  if (decidedRevision === null || decidedAt === null) return null;
  return {
    revision: decidedRevision,
    decidedAt,
    policy: { version: policyVersion ?? '', digest: policyDigest ?? '' },
    engine: engine ?? '',
  };
}
