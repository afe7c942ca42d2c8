import { Story } from '../stories/story';
import { seededRandom } from './claim-material';
import { cloneOf, dropped } from './clone';
import { closedCode } from './closed-code';
import { endOf, reached } from './kill';
import { digestOfStreams, eventCount, eventsDrawn, onlooker, whatIsThereTwice } from './log-of';

const PERSONS = 240;
const KILLS = 4;
const SEED = 20250103;

interface Previewed {
  readonly campaign: { readonly campaignId: string; readonly digest: string; readonly proposedBy: string };
  readonly totals: { readonly persons: number };
}
interface Report {
  readonly end: string;
  readonly progress: { readonly booked: number; readonly exceptions: number; readonly bookedTotals: object };
}

describe('Killed: the process that runs a campaign is killed again and again', () => {
  let story: Story;
  let previewed: Previewed;
  let undisturbed: { digest: string; before: number; events: number };
  let approvedUrl: string;

  beforeAll(async () => {
    story = await Story.open();
    const random = seededRandom(SEED);
    const persons = await closedCode(story, PERSONS, random);
    const run = await story.run(['campaign', 'map', 'mapping.csv', '--reason', 'code list', '--canary', '10', '--json']);
    expect(run).toMatchObject({ code: 5 });
    previewed = JSON.parse(run.stdout) as Previewed;
    const { campaignId, digest } = previewed.campaign;
    const own = await story.run(['campaign', 'approve', campaignId, '--digest', digest]);
    expect([own.code, own.stderr]).toEqual([3, expect.stringMatching(/another person has to approve it/)]);
    const client = await onlooker(story.database.url);
    // the other user of the machine
    await client.query(
      `update corrections.campaign set status = 'approved', decided_by = 'cli:somebody else', decided_at = now() where campaign_id = $1`,
      [campaignId],
    );
    await client.end();
    approvedUrl = story.database.url;
    const url = await cloneOf(approvedUrl);
    const looking = await onlooker(url);
    const before = await eventsDrawn(looking);
    const canary = await story.in(url).run(['campaign', 'run', campaignId, '--json']);
    expect([canary.code, (JSON.parse(canary.stdout) as Report).progress.booked]).toEqual([5, 10]);
    const rest = await story.in(url).json<Report>(['campaign', 'resume', campaignId]);
    expect(rest).toMatchObject({ end: 'done', progress: { booked: persons, exceptions: 0 } });
    undisturbed = { digest: await digestOfStreams(looking), before, events: await eventCount(looking) };
    await looking.end();
    await dropped(url);
  }, 300_000);
  afterAll(() => story.close());

  it('run to the end, every person is booked once, as if nothing had happened', async () => {
    const { campaignId } = previewed.campaign;
    const url = await cloneOf(approvedUrl);
    const client = await onlooker(url);
    const site = story.in(url);
    const random = seededRandom(SEED);
    let kills = 0;
    for (let n = 1; n <= KILLS; n += 1) {
      const moment =
        undisturbed.before + Math.floor(((n - 1 + random()) / (KILLS + 1)) * (undisturbed.events - undisturbed.before));
      const child = site.start(['campaign', n === 1 ? 'run' : 'resume', campaignId]);
      const ended = endOf(child);
      const isThere = await reached(ended, async () => ((await eventsDrawn(client)) >= moment ? true : null));
      // the canary may end before the moment: the next one goes on with the rest
      if (isThere === null) continue;
      child.kill('SIGKILL');
      expect((await ended).signal).toBe('SIGKILL');
      kills += 1;
    }
    expect(kills).toBeGreaterThanOrEqual(KILLS - 2);
    let last = await site.run(['campaign', 'resume', campaignId, '--json']);
    if (last.code === 5) last = await site.run(['campaign', 'resume', campaignId, '--json']);
    expect(JSON.parse(last.stdout)).toMatchObject({ end: 'done', progress: { booked: previewed.totals.persons, exceptions: 0 } });
    expect(await whatIsThereTwice(client)).toEqual([]);
    expect(await eventCount(client)).toBe(undisturbed.events);
    expect(await digestOfStreams(client)).toBe(undisturbed.digest);
    await client.end();
    expect(await site.json<{ findings: unknown[] }>(['verify'])).toMatchObject({ findings: [] });
    await dropped(url);
  }, 300_000);
});
