/** The messages of the outbox as they are kept: written once per cause and practice, then sent, retried or parked. */
import { campaignsByCommand } from '#libs/dossiers';
import type { LogPosition } from '#libs/event-store';
import type { Pool } from '#libs/platform';
import type { CommandId, PersonId } from '#libs/trajectory';
import { messageId, type CampaignConfirmation, type Confirmation } from './confirmation';

/** `unaddressed`: waits for an address of the practice. `parked`: given up until somebody asks for it again. */
export type MessageState = 'waiting' | 'unaddressed' | 'parked' | 'sent';

export interface Message extends Confirmation {
  readonly id: string;
  /** Of a campaign, from 1; 0 = the cause has one message for the practice. */
  readonly part: number;
  readonly createdAt: Date;
  readonly state: MessageState;
  /** Deliveries begun, the one under way included. */
  readonly attempts: number;
  readonly nextAttemptAt: Date;
  /** A code of what went wrong last, never a text of a server. */
  readonly fault: string | null;
  readonly sentAt: Date | null;
}

/** The follower's position is not where this process left it: another one follows too. Nothing was written. */
export class FollowerMovedError extends Error {
  override readonly name = 'FollowerMovedError';
}

const COLUMNS = `id, cause, practice, part, confirmed, lines, created_at as "createdAt", state, attempts,
  next_attempt_at as "nextAttemptAt", fault, sent_at as "sentAt"`;

export class MessageBook {
  constructor(private readonly pool: Pool) {}

  /** Up to where the log was followed, and since when what is recorded is told. */
  async followed(): Promise<{ readonly position: LogPosition | null; readonly since: Date }> {
    const { rows } = await this.pool.query<{ position: LogPosition | null; since: Date }>(
      'select position, since from outbox.follower where id = 1',
    );
    const [row] = rows;
    if (row === undefined)
      throw new Error('outbox.follower has lost its row; insert it again: insert into outbox.follower default values');
    return row;
  }

  /**
   * Writes the confirmations of a page of the log and that it was followed, in one transaction; one that is there already is left as
   * it is. Those of campaigns are gathered: with an empty practice where a command of one tells nobody. Answers how many messages are new. Throws
   * FollowerMovedError.
   */
  async add(
    confirmations: readonly Confirmation[],
    checkpoint: LogPosition,
    after: LogPosition | null,
    ofCampaigns: readonly CampaignConfirmation[] = [],
  ): Promise<number> {
    const { rows } = await this.pool.query<{ moved: number; added: number }>(
      `with moved as (
         update outbox.follower set position = $1 where id = 1 and position is not distinct from $2 returning id),
       added as (
         insert into outbox.message (id, cause, practice, confirmed, lines)
         select each.id, each.cause, each.practice, each.confirmed, each.lines
           from moved, jsonb_to_recordset($3::jsonb) as each(id uuid, cause uuid, practice text, confirmed text, lines jsonb)
         on conflict do nothing returning id),
       gathered as (
         insert into outbox.campaign_line (campaign, cause, practice, confirmed, lines, told)
         select each.campaign, each.cause, each.practice, each.confirmed, each.lines,
                each.practice = '' or exists (select from outbox.message where cause = each.cause and practice = each.practice)
           from moved, jsonb_to_recordset($4::jsonb) as each(campaign uuid, cause uuid, practice text, confirmed text, lines jsonb)
         on conflict do nothing)
       select (select count(*)::int from moved) as moved, (select count(*)::int from added) as added`,
      [
        ...[checkpoint, after, JSON.stringify(confirmations.map((each) => ({ id: messageId(each), ...each })))],
        JSON.stringify(ofCampaigns),
      ],
    );
    const [{ moved, added } = { moved: 0, added: 0 }] = rows;
    if (moved === 0) throw new FollowerMovedError('another process follows the log for the outbox; this one stops');
    return added;
  }

  /** Which commands of these persons a campaign gave. */
  campaignsOf(persons: readonly PersonId[]): Promise<ReadonlyMap<CommandId, string>> {
    return campaignsByCommand(this.pool, persons);
  }

  /** The next that is due and was not tried since `before`; null when there is none. */
  async nextDue(before: string): Promise<Message | null> {
    const { rows } = await this.pool.query<Message>(
      `select ${COLUMNS} from outbox.message where state = 'waiting' and next_attempt_at <= $1::timestamptz
       order by next_attempt_at, created_at, id limit 1`,
      [before],
    );
    return rows[0] ?? null;
  }

  /**
   * The present moment by the clock that the messages are kept by, as its text: a Date ends at the millisecond, and what became due
   * in the microseconds after it would have to wait for the next run.
   */
  async now(): Promise<string> {
    const { rows } = await this.pool.query<{ now: string }>('select clock_timestamp()::text as now');
    const [row] = rows;
    if (row === undefined) throw new Error('PostgreSQL did not say what time it is');
    return row.now;
  }

  /** Before a delivery: it counts, whatever becomes of this process, and is due again after the pause. */
  async begin(id: string, pauseMs: number): Promise<void> {
    await this.pool.query(
      `update outbox.message set attempts = attempts + 1, next_attempt_at = clock_timestamp() + $2 * interval '1 millisecond'
       where id = $1`,
      [id, pauseMs],
    );
  }

  async sent(id: string): Promise<void> {
    await this.pool.query(`update outbox.message set state = 'sent', sent_at = clock_timestamp(), fault = null where id = $1`, [
      id,
    ]);
  }

  async failed(id: string, fault: string, isGivenUp: boolean): Promise<void> {
    await this.pool.query(
      `update outbox.message set fault = $2, state = case when $3 then 'parked' else state end where id = $1`,
      [id, fault, isGivenUp],
    );
  }

  async unaddressed(id: string): Promise<void> {
    await this.pool.query(`update outbox.message set state = 'unaddressed' where id = $1`, [id]);
  }

  /** Lets those be sent that waited for an address: of these practices, or null = of all, where none is needed. */
  async addressed(practices: readonly string[] | null): Promise<void> {
    await this.pool.query(
      `update outbox.message set state = 'waiting', next_attempt_at = clock_timestamp()
       where state = 'unaddressed' and ($1::text[] is null or practice = any($1::text[]))`,
      [practices],
    );
  }

  /** Makes everything that waits due, whatever its pause. */
  async makeDue(): Promise<void> {
    await this.pool.query(`update outbox.message set next_attempt_at = clock_timestamp() where state = 'waiting'`);
  }

  /** Parked ones are tried again from the first attempt on: all, or those of these ids. Answers how many. */
  async retry(ids: readonly string[] | null): Promise<number> {
    const { rowCount } = await this.pool.query(
      `update outbox.message set state = 'waiting', attempts = 0, next_attempt_at = clock_timestamp()
       where state = 'parked' and ($1::uuid[] is null or id = any($1::uuid[]))`,
      [ids],
    );
    return rowCount ?? 0;
  }

  /** The newest first; of these states, or of all that were not sent. */
  async list(states: readonly MessageState[], limit: number): Promise<readonly Message[]> {
    const { rows } = await this.pool.query<Message>(
      `select ${COLUMNS} from outbox.message where state = any($1::text[]) order by created_at desc, id limit $2`,
      [states, limit],
    );
    return rows;
  }

  async counts(): Promise<Readonly<Record<MessageState, number>>> {
    const { rows } = await this.pool.query<{ state: MessageState; messages: number }>(
      'select state, count(*)::int as messages from outbox.message group by state',
    );
    const counts = { waiting: 0, unaddressed: 0, parked: 0, sent: 0 };
    for (const { state, messages } of rows) counts[state] = messages;
    return counts;
  }
}
