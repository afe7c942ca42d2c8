import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { FLOWS, type BookingEntity, type Flow, type SessionEntity } from '#libs/read-models';
import { lineKey } from '#libs/trajectory';
import { ApiRuntime } from '../api-runtime';
import { FromReadModels } from '../freshness/freshness.interceptor';
import { notFound } from '../http/problem';
import { AnswersFromReadModels } from '../openapi/answers.decorator';
import { Problems } from '../openapi/problems.decorator';
import { reasonOf, sessionOf } from '../trajectories/session-view';
import { decisionOf, DecisionRecords, type DecisionEvent } from './decision-records';
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
    const ofLine = (await this.records.since(personId)).filter(({ data }) => concerns(data, line));
    const current = session.withdrawn
      ? ofLine.findLast(({ data }) => data.withdrawn.some((each) => each === line))
      : ofLine.find(({ revision }) => revision === session.decidedRevision);
    const last = current?.revision ?? Number.MAX_SAFE_INTEGER;
    return {
      personId,
      session: sessionOf(session, await this.reason(session, current)),
      decision: current === undefined ? null : { ...recordOf(current), engine: current.data.engine },
      earlier: ofLine.filter(({ revision }) => revision < last).map((event) => earlierOf(event, line)),
      bookings: bookings.map(postingOf),
      booked: sumOf(bookings),
    };
  }

  private async reason(session: SessionEntity, event: DecisionEvent | undefined) {
    const decision = decisionOf(session);
    if (decision === null || event === undefined) return null;
    return reasonOf(decision, await this.records.explain(decision, event.data.policy.digest, session.date));
  }
}

const concerns = ({ decisions, withdrawn }: DecisionEvent['data'], line: string): boolean =>
  decisions.some((each) => each.line === line) || withdrawn.some((each) => each === line);

const recordOf = ({ revision, recordedAt, data, metadata }: DecisionEvent) => ({
  revision,
  recordedAt,
  cause: { command: data.cause.command, type: data.cause.type, actor: metadata.actor },
  policy: { version: data.policy.version, digest: data.policy.digest },
});

function earlierOf(event: DecisionEvent, line: string): LineDecisionAnswer['earlier'][number] {
  const decision = event.data.decisions.find((each) => each.line === line);
  return {
    ...recordOf(event),
    status: decision?.status ?? 'withdrawn',
    rule: decision?.reason.rule ?? null,
    split: decision?.split ?? null,
  };
}

const postingOf = ({ revision, flow, cents, commandId, commandType, policyDigest, recordedAt }: BookingEntity) => ({
  ...{ revision, flow, cents, policyDigest, recordedAt },
  cause: { command: commandId, type: commandType },
});

function sumOf(bookings: readonly BookingEntity[]): Record<Flow, number> {
  const sum = Object.fromEntries(FLOWS.map((flow) => [flow, 0])) as Record<Flow, number>;
  for (const { flow, cents } of bookings) sum[flow] += cents;
  return sum;
}
