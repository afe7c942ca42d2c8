import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { accessesOf } from '#libs/access-log';
import { ApiRuntime } from '../api-runtime';
import { personPath, type PersonPath } from '../http/person-path';
import { Problems } from '../openapi/problems.decorator';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { Accesses } from './accesses.decorator';
import { accessLogPage, accessLogQuery, type AccessLogAnswer, type AccessLogQuery } from './schema';

/** For the auditor: the person's right to see who looked. */
@ApiTags('Access log')
@Controller('v1/persons/:personId/access-log')
export class AccessLogController {
  constructor(private readonly runtime: ApiRuntime) {}

  @Get()
  @CallableBy('auditor')
  @Accesses({ event: 'access-log', action: 'read', object: 'access-log' })
  @ApiOperation({ operationId: 'accessLog', summary: 'Who looked at, and who changed, the data of a person' })
  @ApiResponse({
    status: 200,
    description: 'A page of the log; empty of somebody who is unknown.',
    standardSchema: accessLogPage,
  })
  @Problems(400)
  async ofPerson(
    @Param({ schema: personPath }) { personId }: PersonPath,
    @Query({ schema: accessLogQuery }) { from, through, limit, after }: AccessLogQuery,
  ): Promise<AccessLogAnswer> {
    const { items, next } = await accessesOf(this.runtime.pool, {
      ...{ personId, limit, after },
      from: from ?? null,
      through: through ?? null,
    });
    return { personId, items: [...items], next };
  }
}
