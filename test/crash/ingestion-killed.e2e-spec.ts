import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Story } from '../stories/story';
import { CLAIM_FILE, ClaimMaterial, seededRandom } from './claim-material';
import { cloneOf, dropped } from './clone';
import { endOf, reached } from './kill';
import { digestOfStreams, eventCount, eventsDrawn, onlooker, whatIsThereTwice } from './log-of';

/** `npm run test:crash -- --cases N --seed S` sets these. */
const CASES = Number(process.env['TRAJECT_CRASH_CASES'] ?? 1);
const SEED = Number(process.env['TRAJECT_CRASH_SEED'] ?? 20250103);
const KILLS_PER_CASE = 6;
const PERSONS = 1500;

describe('Killed: the process that ingests a file is killed again and again', () => {
  let story: Story;
  let undisturbed: { returned: string; digest: string; before: number; events: number };
  const ingest = ['ingest', '--received-on', '2025-01-03', '--json'];

  /** Runs `work` with a database of its own and the claim file in a folder of its own. */
  async function inDatabase<T>(name: string, work: (url: string, file: string) => Promise<T>): Promise<T> {
    const url = await cloneOf(story.database.url);
    await mkdir(story.path(name));
    await copyFile(story.path(CLAIM_FILE), story.path(join(name, CLAIM_FILE)));
    try {
      return await work(url, join(name, CLAIM_FILE));
    } finally {
      await dropped(url);
    }
  }

  beforeAll(async () => {
    story = await Story.open();
    const material = new ClaimMaterial(PERSONS, SEED);
    await material.importMembers(story);
    await material.writeClaimFile(story);
    undisturbed = await inDatabase('undisturbed', async (url, file) => {
      const client = await onlooker(url);
      const before = await eventsDrawn(client);
      const run = await story.in(url).run([...ingest, file]);
      expect(run).toMatchObject({ code: 0 });
      const digest = await digestOfStreams(client);
      const events = await eventCount(client);
      await client.end();
      return { returned: await story.text(join('undisturbed', 'claims.pm305')), digest, before, events };
    });
  });
  afterAll(() => story.close());

  it.each(Array.from({ length: CASES }, (_, i) => SEED + i))(
    'seed %i: run to the end, the file is finished, nothing is lost and nothing is there twice',
    async (seed) => {
      const name = `seed-${seed}`;
      await inDatabase(name, async (url, file) => {
        const random = seededRandom(seed);
        const client = await onlooker(url);
        const site = story.in(url);
        let kills = 0;
        for (let n = 1; n <= KILLS_PER_CASE; n += 1) {
          // somewhere in the n-th part of the work; the very first may come before anything is recorded
          const { before, events } = undisturbed;
          const moment = before + Math.floor(((n - 1 + random()) / (KILLS_PER_CASE + 1)) * (events - before));
          const child = site.start([...ingest, file]);
          const ended = endOf(child);
          if ((await reached(ended, async () => ((await eventsDrawn(client)) >= moment ? true : null))) === null) break;
          child.kill('SIGKILL');
          expect((await ended).signal).toBe('SIGKILL');
          kills += 1;
        }
        expect(kills).toBeGreaterThanOrEqual(KILLS_PER_CASE - 2);
        expect(await site.run([...ingest, file])).toMatchObject({ code: 0 });
        expect(await story.text(join(name, 'claims.pm305'))).toBe(undisturbed.returned);
        expect(await whatIsThereTwice(client)).toEqual([]);
        expect(await eventCount(client)).toBe(undisturbed.events);
        expect(await digestOfStreams(client)).toBe(undisturbed.digest);
        await client.end();
        const verified = await site.json<{ findings: unknown[]; claimFiles: number }>(['verify']);
        expect(verified).toMatchObject({ findings: [], claimFiles: 1 });
        expect(await readdir(story.path(name))).toEqual(expect.arrayContaining([CLAIM_FILE, 'claims.pm305']));
      });
    },
    120_000,
  );
});
