import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { SPLIT_PARTS, type SplitPart } from '#libs/read-models';
import { ApiRuntime } from '../api-runtime';
import { FromReadModels } from '../freshness/freshness.interceptor';
import { AnswersFromReadModels } from '../openapi/answers.decorator';
import { Problems } from '../openapi/problems.decorator';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { payerSplit, payerSplitQuery, type PayerSplitAnswer, type PayerSplitQuery } from './schema';

const nothing = (): Record<SplitPart, number> =>
  Object.fromEntries(SPLIT_PARTS.map((part) => [part, 0])) as Record<SplitPart, number>;

@ApiTags('Reports')
@Controller('v1/payer-split')
@FromReadModels()
export class PayerSplitController {
  constructor(private readonly runtime: ApiRuntime) {}

  @Get()
  @CallableBy('reader', 'corrector', 'approver', 'policy', 'auditor')
  @ApiOperation({ operationId: 'payerSplit', summary: 'Who pays what, per month and insurer' })
  @AnswersFromReadModels(payerSplit, 'The split, by month and insurer.')
  @Problems(400)
  async split(@Query({ schema: payerSplitQuery }) { from, through, insurer }: PayerSplitQuery): Promise<PayerSplitAnswer> {
    const rows = await this.runtime.queries.payerSplit(from, through, insurer);
    const months = new Map<string, PayerSplitAnswer['months'][number]>();
    const total = nothing();
    for (const row of rows) {
      const key = `${row.month}/${row.insurer}`;
      const entry = months.get(key) ?? { month: row.month, insurer: row.insurer, cents: nothing(), sessions: nothing() };
      months.set(key, entry);
      entry.cents[row.purse] = row.cents;
      entry.sessions[row.purse] = row.sessions;
      total[row.purse] += row.cents;
    }
    return { from, through, months: [...months.values()], total };
  }
}
