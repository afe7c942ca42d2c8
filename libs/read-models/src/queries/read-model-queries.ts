/** Everything that is asked of the read models. */
import { Between, In, IsNull, MoreThan, type DataSource } from 'typeorm';
import { comparePositions, type LogPosition } from '#libs/event-store';
import {
  BookingEntity,
  CheckpointEntity,
  ClaimFileEntity,
  DossierEntity,
  ParkedPartitionEntity,
  PayerSplitMonthEntity,
  PolicyActivationEntity,
  SessionEntity,
  TrajectoryEntity,
  WorkItemEntity,
} from '../entities';
import { schemaOf } from '../migrations/schema';
import { isId } from '../projection';
import { CursorError, decodeCursor, encodeCursor } from './cursor';

/** Most rows of a page. */
export const MAX_PAGE = 500;
const DEFAULT_PAGE = 50;
/** Between two looks at the checkpoint while waiting for it. */
const POLL_MS = 20;

export interface Page<T> {
  readonly items: readonly T[];
  /** Hand it back as `after` to go on; null at the end. */
  readonly next: string | null;
}

export interface PageRequest {
  /** Default 50, at most 500. */
  readonly limit?: number;
  readonly after?: string | null;
}

export interface DossierView {
  readonly dossier: DossierEntity;
  /** By first session, then start. */
  readonly trajectories: readonly TrajectoryEntity[];
  readonly workItems: readonly WorkItemEntity[];
}

export interface TrajectoryView {
  readonly trajectory: TrajectoryEntity;
  /** The lines that count in it, credited ones too, by date, start time, practice and reference. */
  readonly sessions: readonly SessionEntity[];
}

export class ReadModelQueries {
  constructor(private readonly dataSource: DataSource) {}

  /** One person's insurance, trajectories and open work; null when nothing of the person has been projected. */
  async dossier(personId: string): Promise<DossierView | null> {
    // the same queries of somebody who is not there: how long it takes does not tell
    const [dossier, trajectories, workItems] = await Promise.all([
      this.dataSource.getRepository(DossierEntity).findOneBy({ personId }),
      this.dataSource.getRepository(TrajectoryEntity).find({
        where: { personId },
        order: { firstSession: { direction: 'ASC', nulls: 'LAST' }, startedAt: 'ASC', trajectoryId: 'ASC' },
      }),
      this.dataSource
        .getRepository(WorkItemEntity)
        .find({ where: { personId }, order: { since: 'ASC', subject: 'ASC', kind: 'ASC' } }),
    ]);
    return dossier === null ? null : { dossier, trajectories, workItems };
  }

  /** Of these persons, how many still have rows here as if nobody had erased them. */
  async notErasedAmong(personIds: readonly string[]): Promise<number> {
    return this.dataSource.getRepository(DossierEntity).countBy({ personId: In([...personIds]), erasedAt: IsNull() });
  }

  /** A trajectory with its sessions; null when it is not there. */
  async trajectory(trajectoryId: string): Promise<TrajectoryView | null> {
    const [trajectory, sessions] = await Promise.all([
      this.dataSource.getRepository(TrajectoryEntity).findOneBy({ trajectoryId }),
      this.dataSource.getRepository(SessionEntity).findBy({ trajectoryId }),
    ]);
    return trajectory === null ? null : { trajectory, sessions: inSessionOrder(sessions) };
  }

  /** All lines of a person over all trajectories, in session order. */
  async sessions(personId: string): Promise<SessionEntity[]> {
    return inSessionOrder(await this.dataSource.getRepository(SessionEntity).findBy({ personId }));
  }

  /** Postings of a person in the order of booking; of one line when given. */
  bookings(personId: string, line?: string): Promise<BookingEntity[]> {
    return this.dataSource
      .getRepository(BookingEntity)
      .find({ where: { personId, ...(line === undefined ? {} : { line }) }, order: { revision: 'ASC', ordinal: 'ASC' } });
  }

  /** What the back office has to do, oldest first. Throws CursorError. */
  async workList(request: PageRequest & { readonly kind?: string } = {}): Promise<Page<WorkItemEntity>> {
    const limit = pageSize(request.limit);
    const query = this.dataSource
      .getRepository(WorkItemEntity)
      .createQueryBuilder('item')
      .orderBy('item.since', 'ASC')
      .addOrderBy('item.subject', 'ASC')
      .addOrderBy('item.kind', 'ASC')
      .limit(limit + 1);
    if (request.kind !== undefined) query.andWhere('item.kind = :kind', { kind: request.kind });
    if (request.after != null) {
      const [since = '', subject = '', kind] = decodeCursor(request.after, 3);
      if (!isId(subject) || Number.isNaN(Date.parse(since))) throw new CursorError();
      query.andWhere('(item.since, item.subject, item.kind) > (:since::timestamptz, :subject::uuid, :kindAfter)', {
        since,
        subject,
        kindAfter: kind,
      });
    }
    const { entities, raw } = await query.addSelect('item.since::text', 'since_text').getRawAndEntities<{ since_text: string }>();
    const more = entities.length > limit;
    const last = more ? entities[limit - 1] : undefined;
    const next =
      last === undefined ? null : encodeCursor([(raw[limit - 1] as { since_text: string }).since_text, last.subject, last.kind]);
    return { items: entities.slice(0, limit), next };
  }

  /** How many items of each kind are open. */
  async workListCounts(): Promise<ReadonlyMap<string, number>> {
    const rows: { kind: string; count: string }[] = await this.dataSource.query(
      `select kind, count(*) as count from ${schemaOf(this.dataSource)}.work_item group by kind order by kind`,
    );
    return new Map(rows.map(({ kind, count }) => [kind, Number(count)]));
  }

  /** The payer split of the months `YYYY-MM` from the first through the last, of one insurer (UZOVI) or all. */
  payerSplit(fromMonth: string, throughMonth: string, insurer?: string): Promise<PayerSplitMonthEntity[]> {
    return this.dataSource.getRepository(PayerSplitMonthEntity).find({
      where: { month: Between(fromMonth, throughMonth), ...(insurer === undefined ? {} : { insurer }) },
      order: { month: 'ASC', insurer: 'ASC', purse: 'ASC' },
    });
  }

  claimFile(fileId: string): Promise<ClaimFileEntity | null> {
    return this.dataSource.getRepository(ClaimFileEntity).findOneBy({ fileId });
  }

  /** Claim files by id. Throws CursorError. */
  async claimFiles(request: PageRequest = {}): Promise<Page<ClaimFileEntity>> {
    const limit = pageSize(request.limit);
    const after = request.after == null ? null : (decodeCursor(request.after, 1)[0] as string);
    if (after !== null && !isId(after)) throw new CursorError();
    const rows = await this.dataSource
      .getRepository(ClaimFileEntity)
      .find({ where: after === null ? {} : { fileId: MoreThan(after) }, order: { fileId: 'ASC' }, take: limit + 1 });
    const items = rows.slice(0, limit);
    return { items, next: rows.length > limit ? encodeCursor([(items.at(-1) as ClaimFileEntity).fileId]) : null };
  }

  /** Policy versions in the order of their activation; the last is in effect. */
  policyActivations(): Promise<PolicyActivationEntity[]> {
    return this.dataSource.getRepository(PolicyActivationEntity).find({ order: { revision: 'ASC' } });
  }

  /** Persons and streams that wait because an event of theirs could not be projected. */
  parked(limit = MAX_PAGE): Promise<ParkedPartitionEntity[]> {
    return this.dataSource
      .getRepository(ParkedPartitionEntity)
      .find({ order: { since: 'ASC', partition: 'ASC' }, take: pageSize(limit) });
  }

  /** How many wait, as a metric. */
  parkedCount(): Promise<number> {
    return this.dataSource.getRepository(ParkedPartitionEntity).count();
  }

  /** How far the read models are: position, events taken in, moment of the last write. */
  checkpoint(): Promise<CheckpointEntity> {
    return this.dataSource.getRepository(CheckpointEntity).findOneByOrFail({ id: 1 });
  }

  /** Waits until the read models have taken in `position`; false when they have not within `timeoutMs`. */
  async waitUntil(position: LogPosition, timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs;
    for (;;) {
      const reached = (await this.checkpoint()).position as LogPosition | null;
      if (reached !== null && comparePositions(reached, position) >= 0) return true;
      const left = deadline - Date.now();
      if (left <= 0) return false;
      await new Promise((resolve) => setTimeout(resolve, Math.min(POLL_MS, left)));
    }
  }
}

/** By date, start time (none first), practice and reference, in byte order whatever the database's collation. */
function inSessionOrder(sessions: SessionEntity[]): SessionEntity[] {
  const key = ({ date, startTime, practice, reference }: SessionEntity): string[] => [date, startTime ?? '', practice, reference];
  return sessions.sort((a, b) => {
    const [left, right] = [key(a), key(b)];
    const i = left.findIndex((part, n) => part !== right[n]);
    return i < 0 ? 0 : Buffer.compare(Buffer.from(left[i] as string), Buffer.from(right[i] as string));
  });
}

const pageSize = (limit: number | undefined): number => Math.max(1, Math.min(MAX_PAGE, Math.trunc(limit ?? DEFAULT_PAGE)));
