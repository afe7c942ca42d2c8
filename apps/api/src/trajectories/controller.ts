import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { SessionEntity } from '#libs/read-models';
import { trajectoryStream, type TrajectoryId } from '#libs/trajectory';
import { ApiRuntime } from '../api-runtime';
import { decisionOf, DecisionRecords, type DecisionEvent } from '../decisions/decision-records';
import { FromReadModels } from '../freshness/freshness.interceptor';
import { notFound } from '../http/problem';
import { AnswersFromReadModels } from '../openapi/answers.decorator';
import { Problems } from '../openapi/problems.decorator';
import { CallableBy } from '../sign-in/callable-by.decorator';
import {
  eventsQuery,
  trajectory,
  trajectoryEvents,
  trajectoryPath,
  trajectoryQuery,
  type EventsQuery,
  type TrajectoryAnswer,
  type TrajectoryEventsAnswer,
  type TrajectoryPath,
} from './schema';
import type { SessionAnswer } from './session-schema';
import { reasonOf, sessionOf } from './session-view';
import { trajectorySummaryOf } from './trajectory-view';

@ApiTags('Dossiers')
@Controller('v1/trajectories/:trajectoryId')
export class TrajectoriesController {
  constructor(
    private readonly runtime: ApiRuntime,
    private readonly decisions: DecisionRecords,
  ) {}

  @Get()
  @FromReadModels()
  @CallableBy('reader', 'corrector', 'approver')
  @ApiOperation({ operationId: 'trajectory', summary: 'A trajectory with its sessions, and why each was decided as it was' })
  @AnswersFromReadModels(trajectory, 'The trajectory.')
  @Problems(400, 404)
  async one(
    @Param({ schema: trajectoryPath }) { trajectoryId }: TrajectoryPath,
    @Query({ schema: trajectoryQuery }) _query: unknown,
  ): Promise<TrajectoryAnswer> {
    const view = await this.runtime.queries.trajectory(trajectoryId);
    if (view === null) throw notFound('trajectory');
    const records = await this.decisions.of(view.trajectory.personId, view.sessions);
    const sessions = await Promise.all(view.sessions.map((session) => this.explained(session, records)));
    return { trajectory: trajectorySummaryOf(view.trajectory), sessions };
  }

  @Get('events')
  @CallableBy('reader', 'corrector', 'approver')
  @ApiOperation({ operationId: 'trajectoryEvents', summary: 'The stream of a trajectory, as it is stored' })
  @ApiResponse({ status: 200, description: 'A page of the stream.', standardSchema: trajectoryEvents })
  @Problems(400, 404)
  async events(
    @Param({ schema: trajectoryPath }) { trajectoryId }: TrajectoryPath,
    @Query({ schema: eventsQuery }) { limit, after }: EventsQuery,
  ): Promise<TrajectoryEventsAnswer> {
    const stream = trajectoryStream(trajectoryId as TrajectoryId);
    const fromRevision = after === undefined ? 0 : after + 1;
    const [events = []] = await this.runtime.store.readStreams([{ stream, fromRevision }]);
    const [first] = events;
    if (first === undefined && after === undefined) throw notFound('trajectory');
    if (await this.isErased(first?.metadata.personId)) throw notFound('trajectory');
    const items = events.slice(0, limit).map(({ id, revision, type, data, metadata, position, recordedAt }) => ({
      ...{ id, revision, type, position, recordedAt },
      data: data as Record<string, unknown>,
      metadata: { ...metadata },
    }));
    return { stream, items, next: events.length > limit ? (items.at(-1)?.revision ?? null) : null };
  }

  /** The facts of somebody who was erased are kept for the totals, and shown to nobody. */
  private async isErased(personId: string | undefined): Promise<boolean> {
    if (personId === undefined) return false;
    return (await this.runtime.context.vault.erasedPersons()).has(personId);
  }

  private async explained(session: SessionEntity, records: ReadonlyMap<number, DecisionEvent>): Promise<SessionAnswer> {
    const decision = decisionOf(session);
    const record = records.get(session.decidedRevision ?? -1);
    if (decision === null || record === undefined) return sessionOf(session, null);
    const explanation = await this.decisions.explain(decision, record.data.policy.digest, session.date);
    return sessionOf(session, reasonOf(decision, explanation));
  }
}
