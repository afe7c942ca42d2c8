import { Campaigns } from '#libs/dossiers';
import type { PersonId } from '#libs/trajectory';
import { writeCampaignMessages } from './campaign-messages';
import { messageId } from './confirmation';
import { followLog } from './follow';
import type { Message } from './message-book';
import { PRACTICE_A, PRACTICE_B, Site } from './testing/site';

const MAPPING = new TextEncoder().encode('old_code,new_code,effective_date\n9376,3176,2023-07-04\n');
const PERSONS = 5;

let site: Site;
let campaigns: Campaigns;
let persons: PersonId[];
const never = new AbortController().signal;
const follow = async (pageEvents?: number): Promise<number> => {
  await site.shown();
  return followLog(site.runtime.store, site.book, never, pageEvents);
};
const messagesOf = async (cause: string): Promise<readonly Message[]> =>
  (await site.book.list(['waiting'], 1_000))
    .filter((each) => each.cause === cause)
    .sort((a, b) => (a.practice + String(a.part) < b.practice + String(b.part) ? -1 : 1));

beforeAll(async () => {
  site = await Site.open();
  campaigns = new Campaigns(site.runtime.context, site.runtime.campaigns);
});
afterAll(() => site.close());
/** Persons whose lines of both practices the remap decides anew. */
beforeEach(async () => {
  persons = [];
  for (let n = 0; n < PERSONS; n += 1) {
    const person = await site.personWithLines('9376');
    await site.importHistory(person, { diagnosis: '9376' });
    await site.declare(person, [site.line(PRACTICE_A, '2023-08-01', '3176'), site.line(PRACTICE_B, '2023-08-02', '3176')]);
    persons.push(person);
  }
  await follow();
});

async function* candidates(): AsyncGenerator<PersonId> {
  for (const each of persons) yield await Promise.resolve(each);
}
async function approved(canary: number): Promise<string> {
  const order = { reason: 'code list', canary, tolerancePercent: 100, proposedBy: 'anna' };
  const proposed = await campaigns.proposeMapping(MAPPING, order);
  if (proposed.outcome === 'refused') throw new Error(JSON.stringify(proposed.problems));
  return approvedOf(proposed.campaign.campaignId);
}
async function approvedOf(id: string): Promise<string> {
  const shown = await campaigns.preview(id, candidates);
  if (typeof shown === 'string') throw new Error(shown);
  expect(shown.totals.persons).toBe(PERSONS);
  expect(await campaigns.approve(id, 'bert', shown.campaign.digest ?? '')).toBe('approved');
  return id;
}
const run = async (id: string) => (await campaigns.run(id)).end;

describe('a campaign is told', () => {
  it('to each practice in one message a stage, of all persons, once, however often the log is followed', async () => {
    const id = await approved(2);
    expect(await run(id)).toBe('waiting');
    expect([await follow(), await writeCampaignMessages(site.pool)]).toEqual([0, 2]);
    const canary = await messagesOf(id);
    expect(canary.map(({ practice, part, confirmed }) => [practice, part, confirmed])).toEqual([
      [PRACTICE_A, 1, 'remap'],
      [PRACTICE_B, 1, 'remap'],
    ]);
    expect(canary.map((each) => each.id)).toEqual(
      [PRACTICE_A, PRACTICE_B].map((practice) => messageId({ cause: id, practice }, 1)),
    );
    expect(canary.map(({ lines }) => lines.length)).toEqual([2, 6]);
    expect(await run(id)).toBe('done');
    expect([await follow(1), await writeCampaignMessages(site.pool)]).toEqual([0, 2]);
    await site.pool.query('update outbox.follower set position = null');
    expect([await follow(3), await writeCampaignMessages(site.pool)]).toEqual([0, 0]);
    const all = await messagesOf(id);
    expect(all.map(({ practice, part }) => [practice, part])).toEqual([
      [PRACTICE_A, 1],
      [PRACTICE_A, 2],
      [PRACTICE_B, 1],
      [PRACTICE_B, 2],
    ]);
    const references = all.flatMap(({ practice, lines }) => lines.map(({ reference }) => `${practice}/${reference}`));
    expect(new Set(references).size).toBe(4 * PERSONS);
    const { rows } = await site.pool.query<{ row: string }>(
      `select to_jsonb(m)::text as row from outbox.message m where cause = $1 union all select to_jsonb(l)::text from outbox.campaign_line l`,
      [id],
    );
    for (const { row } of rows) for (const person of persons) expect(row).not.toContain(person);
  });

  it('is not told while it is paused, nor before all of it was followed, nor while a process is at it; once it is stopped, it is', async () => {
    const id = await approved(0);
    const paused = await campaigns.run(id, { onProgress: () => void campaigns.pause(id, 'bert') });
    // five persons are one group: paused or done, they are booked
    expect(paused.progress?.booked).toBe(PERSONS);
    if (paused.end === 'paused') {
      await follow();
      expect(await writeCampaignMessages(site.pool)).toBe(0);
      await campaigns.stop(id, 'bert', 'the wrong list');
    }
    const others = await site.runtime.campaigns.claimed(id, async () => {
      await follow();
      return writeCampaignMessages(site.pool);
    });
    expect(others).toBe(0);
    expect(await writeCampaignMessages(site.pool)).toBe(2);
  });

  it('in several messages where one would be too long, and is undone in others', async () => {
    const id = await approved(0);
    expect(await run(id)).toBe('done');
    await follow();
    await writeCampaignMessages(site.pool, 2);
    const parts = (await messagesOf(id)).filter(({ practice }) => practice === PRACTICE_A);
    expect(parts.map(({ part, lines }) => [part, lines.length])).toEqual([
      [1, 2],
      [2, 2],
      [3, 1],
    ]);
    const undo = await campaigns.proposeUndo(id, { reason: 'wrong', canary: 0, tolerancePercent: 0, proposedBy: 'anna' });
    expect(await run(await approvedOf(undo?.campaignId ?? ''))).toBe('done');
    await follow();
    await writeCampaignMessages(site.pool);
    expect((await messagesOf(undo?.campaignId ?? '')).map(({ confirmed }) => confirmed)).toEqual([
      'remap-reverted',
      'remap-reverted',
    ]);
  });
});
