import { Controller, Get, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { TouchesNoPerson } from '../access/accesses.decorator';
import { HealthChecks } from './checks';
import { liveness, readiness, type Liveness, type Readiness } from './schema';

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(private readonly checks: HealthChecks) {}

  @Get('live')
  @TouchesNoPerson()
  @ApiOperation({ operationId: 'live', summary: 'Whether the process answers' })
  @ApiResponse({ status: 200, description: 'It does.', standardSchema: liveness })
  live(): Liveness {
    return { status: 'up' };
  }

  @Get('ready')
  @TouchesNoPerson()
  @ApiOperation({ operationId: 'ready', summary: 'Whether the parts it needs answer, and how far the read models are behind' })
  @ApiResponse({ status: 200, description: 'All parts answer.', standardSchema: readiness })
  @ApiResponse({ status: 503, description: 'A part does not answer.', standardSchema: readiness })
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const result = await this.checks.readiness();
    void reply.code(result.status === 'up' ? 200 : 503);
    return result;
  }
}
