/** What is asked of campaigns in the background, as the database keeps it, and what becomes of work that fails. */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import 'reflect-metadata';
import { openPool, type Pool } from '#libs/platform';
import { loadPolicyFiles } from '#libs/policy-files';
import type { PersonId } from '#libs/trajectory';
import { createTestDatabase, type TestDatabase } from '../../../../test/postgres/database';
import { ActivatePolicy } from '../activate-policy/command';
import { ActivatePolicyHandler } from '../activate-policy/handler';
import { openDossierRuntime, type DossierRuntime } from '../runtime';
import { Campaigns } from './campaigns';
import type { CampaignWork, NewCampaignWork } from './work-book';
import { CampaignWorker } from './worker';

const ASKED_BY = { user: 'otto', roles: ['operator'], purpose: null, source: 'host/api/1 127.0.0.1' };
const ORDER = { reason: 'new policy', canary: 0, tolerancePercent: 1, proposedBy: 'anna' };
const PATIENCE_MS = 10_000;

let database: TestDatabase;
let pool: Pool;
let runtime: DossierRuntime;
let campaigns: Campaigns;
let id: string;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = openPool(database.url, { max: 3, applicationName: 'test' });
  const value = randomBytes(32).toString('base64');
  runtime = await openDossierRuntime(
    { eventStore: { kind: 'postgres' }, keyEncryptionKey: { value, create: false } },
    database.url,
    'test',
  );
  await new ActivatePolicyHandler(runtime.context).execute(new ActivatePolicy(loadPolicyFiles(), 'test'));
  campaigns = new Campaigns(runtime.context, runtime.campaigns);
});
afterAll(async () => {
  await runtime?.close();
  await pool?.end();
  await database?.drop();
});
beforeEach(async () => {
  id = (await campaigns.proposePolicy(ORDER)).campaignId;
});

const nobody = async function* (): AsyncGenerator<PersonId> {
  yield* await Promise.resolve([]);
};
const work = (over: Partial<NewCampaignWork> = {}): NewCampaignWork => ({
  ...{ workId: randomUUID(), campaignId: id, kind: 'preview', anew: false, askedBy: ASKED_BY },
  ...over,
});
const latest = async (): Promise<CampaignWork> => (await runtime.campaignWorks.latest(id)) as CampaignWork;
const dueOf = async (): Promise<CampaignWork | undefined> =>
  (await runtime.campaignWorks.due(1_000)).find(({ campaignId }) => campaignId === id);

describe('work at campaigns', () => {
  it('is under way once per campaign, however many ask at once; the same order after its end asks for nothing', async () => {
    const asked = Array.from({ length: 6 }, () => work());
    await Promise.all(asked.map((each) => runtime.campaignWorks.ask(each)));
    const { rows } = await pool.query('select 1 from corrections.campaign_work where campaign_id = $1', [id]);
    expect(rows).toHaveLength(1);
    const first = await latest();
    expect(first).toMatchObject({ kind: 'preview', askedBy: ASKED_BY, outcome: null, looked: 0 });
    await runtime.campaignWorks.end(first, 'previewed');
    await runtime.campaignWorks.ask({ ...first });
    expect(await dueOf()).toBeUndefined();
    await runtime.campaignWorks.ask(work());
    expect(await dueOf()).toBeDefined();
  });

  it('of a run takes the place of a preview that nobody has ended', async () => {
    await runtime.campaignWorks.ask(work());
    const preview = await latest();
    await runtime.campaignWorks.ask(work());
    expect((await latest()).workId).toBe(preview.workId);
    const run = work({ kind: 'run' });
    await Promise.all([runtime.campaignWorks.ask(run), runtime.campaignWorks.ask(run)]);
    expect(await dueOf()).toMatchObject({ workId: run.workId, kind: 'run' });
    const ended = await pool.query('select outcome from corrections.campaign_work where work_id = $1', [preview.workId]);
    expect(ended.rows).toEqual([{ outcome: 'decided' }]);
    await runtime.campaignWorks.ask(work({ kind: 'run' }));
    expect((await latest()).workId).toBe(run.workId);
  });

  it('of a run does not end while the campaign is let go on, so that nobody waits for what nobody does', async () => {
    const run = work({ kind: 'run' });
    await runtime.campaignWorks.ask(run);
    await campaigns.preview(id, nobody);
    const { digest } = (await campaigns.read(id)) ?? {};
    expect(await campaigns.approve(id, 'bert', digest ?? '')).toBe('approved');
    expect(await campaigns.begin(id, ['approved'])).toBe(true);
    expect(await campaigns.pause(id, 'bert')).toBe(true);
    const paused = await latest();
    expect(await campaigns.begin(id, ['paused'])).toBe(true);
    await runtime.campaignWorks.end(paused, 'paused');
    expect((await latest()).endedAt).toBeNull();
    await campaigns.pause(id, 'bert');
    await runtime.campaignWorks.end(paused, 'paused');
    expect(await latest()).toMatchObject({ outcome: 'paused' });
  });

  it('that fails again and again is given up with a code, and is done when it is asked again', async () => {
    let isBroken = true;
    const logged: object[] = [];
    const worker = new CampaignWorker({
      ...{ campaigns, works: runtime.campaignWorks, faultOf: () => 'store-unavailable' },
      candidatesOf: () => {
        if (isBroken) throw new Error('the read models are away');
        return nobody();
      },
      logger: {
        info: () => undefined,
        warn: (fields) => void ((fields as { campaignId?: string }).campaignId === id && logged.push(fields)),
      },
      retry: { attempts: 2, firstPauseMs: 1, longestPauseMs: 2 },
    });
    const abort = new AbortController();
    const running = worker.run(abort.signal);
    const until = async (isReached: (each: CampaignWork) => boolean): Promise<CampaignWork> => {
      for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await delay(20)) {
        const each = await latest();
        if (isReached(each)) return each;
      }
      throw new Error(JSON.stringify(await latest()));
    };
    await runtime.campaignWorks.ask(work());
    expect(await until(({ outcome }) => outcome !== null)).toMatchObject({
      ...{ outcome: 'failed', fault: 'store-unavailable', attempts: 2 },
    });
    expect(logged).toHaveLength(2);
    isBroken = false;
    await runtime.campaignWorks.ask(work());
    expect(await until(({ outcome, attempts }) => outcome !== null && attempts === 0)).toMatchObject({ outcome: 'previewed' });
    abort.abort();
    await running;
  });
});
