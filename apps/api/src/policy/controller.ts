import { Controller, Get } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { ENGINE_VERSION } from '#libs/coverage';
import { ROLES } from '#libs/sign-in';
import { POLICY_BOOK_STREAM } from '#libs/trajectory';
import { ApiRuntime } from '../api-runtime';
import { Problems } from '../openapi/problems.decorator';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { policyInEffect, type PolicyAnswer } from './schema';

@ApiTags('Policy')
@Controller('v1/policy')
export class PolicyController {
  constructor(private readonly runtime: ApiRuntime) {}

  @Get()
  @CallableBy(...ROLES)
  @ApiOperation({ operationId: 'policyInEffect', summary: 'The policy version that is in effect' })
  @ApiResponse({ status: 200, description: 'The version.', standardSchema: policyInEffect })
  @Problems()
  async inEffect(): Promise<PolicyAnswer> {
    const { store, context } = this.runtime;
    const { book, activation } = await context.policies.inEffect();
    const [events = []] = await store.readStreams([{ stream: POLICY_BOOK_STREAM }]);
    const event = events.find(({ id }) => id === activation);
    if (event === undefined) throw new Error('the activation of the policy in effect is not in its stream');
    return {
      version: book.version,
      digest: book.digest,
      activatedAt: event.recordedAt,
      activation,
      engine: ENGINE_VERSION,
    };
  }
}
