import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Trace } from '#libs/coverage';
import { lineRecords, type LineRecord } from '#libs/dossiers';
import { FLOWS, type BookingEntity, type Flow, type SessionEntity } from '#libs/read-models';
import { lineKey } from '#libs/trajectory';
import { Accesses } from '../access/accesses.decorator';
import { ApiRuntime } from '../api-runtime';
import { FromReadModels } from '../freshness/freshness.interceptor';
import { notFound } from '../http/problem';
import { AnswersFromReadModels } from '../openapi/answers.decorator';
import { Problems } from '../openapi/problems.decorator';
import { CallableBy } from '../sign-in/callable-by.decorator';
import { reasonOf, sessionOf } from '../trajectories/session-view';
import { decisionOf, DecisionRecords } from './decision-records';
import { sentencesIn, traceOf } from './trace-view';
import { decisionQuery, lineDecision, linePath, type LineDecisionAnswer, type LinePath } from './schema';

@ApiTags('Dossiers')
@Controller('v1/persons/:personId/decisions/:practice/:reference')
@FromReadModels()
export class DecisionsController {
  constructor(
    private readonly runtime: ApiRuntime,
    private readonly records: DecisionRecords,
  ) {}

  @Get()
  @Accesses({ event: 'explain', action: 'read', object: 'decision' })
  @CallableBy('reader', 'corrector', 'approver')
  @ApiOperation({ operationId: 'lineDecision', summary: 'Why this cent: the decision on one line, with everything behind it' })
  @AnswersFromReadModels(lineDecision, 'The decision.')
  @Problems(400, 404)
  async one(
    @Param({ schema: linePath }) { personId, practice, reference }: LinePath,
    @Query({ schema: decisionQuery }) _query: unknown,
  ): Promise<LineDecisionAnswer> {
    const line = lineKey(practice, reference);
    const [session, bookings] = await Promise.all([
      this.runtime.queries.sessions(personId).then((sessions) => sessions.find((each) => each.line === line)),
      this.runtime.queries.bookings(personId, line),
    ]);
    if (session === undefined) throw notFound('line of this person');
    const ofLine = lineRecords(line, await this.records.since(personId), session.creditReference !== null);
    const current = session.withdrawn
      ? ofLine.findLast(({ decision }) => decision === null)
      : ofLine.find(({ revision }) => revision === session.decidedRevision);
    const last = current?.revision ?? Number.MAX_SAFE_INTEGER;
    const trace = await this.trace(session, current);
    return {
      personId,
      session: sessionOf(session, await this.reason(session, current)),
      decision: current === undefined ? null : { ...recordOf(current), engine: current.engine },
      trace: trace === null ? null : traceOf(trace),
      sentences: trace === null ? null : sentencesIn(trace),
      known: ofLine.filter(({ revision }) => revision <= last).map(knownOf),
      earlier: ofLine.filter(({ revision }) => revision < last).map(earlierOf),
      bookings: bookings.map(postingOf),
      booked: sumOf(bookings),
    };
  }

  private async reason(session: SessionEntity, record: LineRecord | undefined) {
    const decision = decisionOf(session);
    if (decision === null || record === undefined) return null;
    return reasonOf(decision, await this.records.explain(decision, record.policy.digest, session.date));
  }

  private async trace(session: SessionEntity, record: LineRecord | undefined): Promise<Trace | null> {
    const decision = decisionOf(session);
    return decision === null || record === undefined ? null : this.records.trace(decision, record.policy.digest, session);
  }
}

const recordOf = ({ revision, recordedAt, cause, policy }: LineRecord) => ({ revision, recordedAt, cause, policy });

const earlierOf = (record: LineRecord): LineDecisionAnswer['earlier'][number] => ({
  ...recordOf(record),
  status: record.status,
  rule: record.decision?.reason.rule ?? null,
  split: record.decision?.split ?? null,
});

const knownOf = (record: LineRecord): LineDecisionAnswer['known'][number] => ({ ...earlierOf(record), engine: record.engine });

const postingOf = ({ revision, flow, cents, commandId, commandType, policyDigest, recordedAt }: BookingEntity) => ({
  ...{ revision, flow, cents, policyDigest, recordedAt },
  cause: { command: commandId, type: commandType },
});

function sumOf(bookings: readonly BookingEntity[]): Record<Flow, number> {
  const sum = Object.fromEntries(FLOWS.map((flow) => [flow, 0])) as Record<Flow, number>;
  for (const { flow, cents } of bookings) sum[flow] += cents;
  return sum;
}
