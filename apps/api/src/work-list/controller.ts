import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { WorkItemEntity } from '#libs/read-models';
import { ApiRuntime } from '../api-runtime';
import { FromReadModels } from '../freshness/freshness.interceptor';
import { AnswersFromReadModels } from '../openapi/answers.decorator';
import { Problems } from '../openapi/problems.decorator';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { workItem, workList, workListQuery, type WorkListAnswer, type WorkListQuery } from './schema';
import type { z } from 'zod';

@ApiTags('Work list')
@Controller('v1/work-list')
@FromReadModels()
export class WorkListController {
  constructor(private readonly runtime: ApiRuntime) {}

  @Get()
  @CallableBy('reader', 'corrector', 'approver')
  @ApiOperation({ operationId: 'workList', summary: 'What the back office has to do' })
  @AnswersFromReadModels(workList, 'A page of the list.')
  @Problems(400)
  async list(@Query({ schema: workListQuery }) { kind, limit, after }: WorkListQuery): Promise<WorkListAnswer> {
    const page = await this.runtime.queries.workList({ kind, limit, after });
    return { items: page.items.map(workItemOf), next: page.next };
  }
}

export const workItemOf = ({ kind, personId, trajectoryId, lines, since }: WorkItemEntity): z.infer<typeof workItem> => ({
  kind,
  personId,
  trajectoryId,
  lines,
  since,
});
