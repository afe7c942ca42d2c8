/**
 * One message per practice and stage of a campaign, with the lines of all its persons. They are gathered as the log is followed, and written as messages once
 * the campaign rests: when its canary is booked, when it is done, or stopped.
 */
import { bookedAtRest } from '#libs/dossiers';
import type { Pool } from '#libs/platform';
import { byReference, messageId, type ClaimReference, type Confirmed } from './confirmation';

/** A longer message is told in parts: a mail of some hundred kilobytes is the most that every mailbox takes. */
export const MAX_LINES = 2_000;

/** What was gathered is told after so long, though the campaign neither ended nor waits: somebody may have left it paused. */
const LONGEST_WAIT_DAYS = 7;

interface Gathered {
  readonly cause: string;
  readonly confirmed: Confirmed;
  readonly lines: readonly ClaimReference[];
}

/** Writes what is due of all campaigns, practice by practice, each in a transaction. Answers how many messages are new. */
export async function writeCampaignMessages(pool: Pool, maxLines = MAX_LINES): Promise<number> {
  const { rows } = await pool.query<{ campaign: string; late: boolean }>(
    `select campaign, min(gathered_at) < now() - make_interval(days => $1) as late
     from outbox.campaign_line where not told group by campaign order by campaign`,
    [LONGEST_WAIT_DAYS],
  );
  let written = 0;
  for (const { campaign, late } of rows) {
    if (!late && !(await isWhole(pool, campaign))) continue;
    for (let practice = await untold(pool, campaign); practice !== null; practice = await untold(pool, campaign))
      written += await writeFor(pool, campaign, practice, maxLines);
  }
  return written;
}

/**
 * Whether the campaign rests and the decisions of all whom it has booked were followed: what another transaction still holds back is not in the log, and
 * would make a second message.
 */
async function isWhole(pool: Pool, campaign: string): Promise<boolean> {
  const booked = await bookedAtRest(pool, campaign);
  if (booked === null) return false;
  const { rows } = await pool.query<{ followed: number }>(
    'select count(distinct cause)::integer as followed from outbox.campaign_line where campaign = $1',
    [campaign],
  );
  return (rows[0]?.followed ?? 0) >= booked;
}

/** The next practice that is to be told something of the campaign. */
async function untold(pool: Pool, campaign: string): Promise<string | null> {
  const { rows } = await pool.query<{ practice: string }>(
    'select practice from outbox.campaign_line where campaign = $1 and not told order by practice limit 1',
    [campaign],
  );
  return rows[0]?.practice ?? null;
}

async function writeFor(pool: Pool, campaign: string, practice: string, maxLines: number): Promise<number> {
  const { rows } = await pool.query<Gathered>(
    'select cause, confirmed, lines from outbox.campaign_line where campaign = $1 and practice = $2 and not told order by cause',
    [campaign, practice],
  );
  const before = await pool.query<{ parts: number }>(
    'select coalesce(max(part), 0)::integer as parts from outbox.message where cause = $1 and practice = $2',
    [campaign, practice],
  );
  const first = (before.rows[0]?.parts ?? 0) + 1;
  const lines = rows.flatMap((each) => each.lines).sort(byReference);
  const messages = Array.from({ length: Math.ceil(lines.length / maxLines) }, (_, i) => ({
    ...{ id: messageId({ cause: campaign, practice }, first + i), part: first + i },
    lines: lines.slice(i * maxLines, (i + 1) * maxLines),
  }));
  await pool.query(
    `with told as (
       update outbox.campaign_line set told = true, lines = '[]' where practice = $2 and not told and cause = any($4::uuid[]) returning cause)
     insert into outbox.message (id, cause, practice, part, confirmed, lines)
     select each.id, $1::uuid, $2::text, each.part, $3::text, each.lines
       from jsonb_to_recordset($5::jsonb) as each(id uuid, part integer, lines jsonb) where exists (select from told)`,
    [campaign, practice, rows[0]?.confirmed, rows.map(({ cause }) => cause), JSON.stringify(messages)],
  );
  return messages.length;
}
