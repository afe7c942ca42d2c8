/** A campaign goes on only while its claim holds: what becomes of it when the server ends the connection that holds the claim. */
import { setTimeout as delay } from 'node:timers/promises';
import { Campaigns, type CampaignWork } from '#libs/dossiers';
import { openPool, type Pool } from '#libs/platform';
import type { PersonId } from '#libs/trajectory';
import { declare, registerPerson } from '../testing/persons';
import { activateBundled, activateCoveredOnly } from '../testing/policies';
import { RecordedAccesses } from '../testing/recorded-accesses';
import { TestApi } from '../testing/test-api';
import { startCampaignWorker } from './background';

const PATIENCE_MS = 20_000;
/** More than one group of sixteen. */
const PERSONS = 20;
const CLAIMS = `select pid from pg_locks where locktype = 'advisory' and classid = x'636d7067'::integer::oid and granted
  and database = (select oid from pg_database where datname = current_database())`;

describe('a campaign whose claim is lost', () => {
  let api: TestApi;
  /** Beside the connections of the API. */
  let pool: Pool;
  let campaigns: Campaigns;
  const persons: PersonId[] = [];

  beforeAll(async () => {
    api = await TestApi.start();
    pool = openPool(api.url, { max: 3, applicationName: 'test' });
    campaigns = new Campaigns(api.runtime.context, api.runtime.campaigns);
    for (let i = 0; i < PERSONS; i += 1) {
      const { personId, line } = await registerPerson(api);
      await declare(api, personId, [line(1)]);
      persons.push(personId as PersonId);
    }
  });
  afterAll(async () => {
    await pool?.end();
    await api?.stop();
  });

  async function until<T>(what: string, ask: () => Promise<T | null | undefined | false>): Promise<T> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await delay(20)) {
      const found = await ask();
      if (found !== null && found !== undefined && found !== false) return found;
    }
    throw new Error(`it did not come to that: ${what}`);
  }
  const claimants = async (): Promise<number[]> => (await pool.query<{ pid: number }>(CLAIMS)).rows.map(({ pid }) => pid);

  /** An approved campaign over the policy in effect. */
  async function approved(): Promise<string> {
    const order = { reason: 'another policy', canary: 0, tolerancePercent: 0, proposedBy: 'anna' };
    const { campaignId } = await campaigns.proposePolicy(order);
    const candidates = async function* (): AsyncGenerator<PersonId> {
      yield* await Promise.resolve(persons);
    };
    await campaigns.preview(campaignId, candidates);
    const { digest } = (await campaigns.read(campaignId)) ?? {};
    expect(await campaigns.approve(campaignId, 'bert', digest ?? '')).toBe('approved');
    return campaignId;
  }

  /** Ends the connection that holds the claim while the first group waits for this test to be recorded. */
  async function cutDuringAGroup(begin: () => void): Promise<void> {
    const holdUp = await pool.connect();
    try {
      await holdUp.query('begin');
      await holdUp.query('lock table corrections.campaign_person in share row exclusive mode');
      begin();
      await until('a group is under way', async () => {
        const { rows } = await pool.query(
          `select 1 from pg_locks where relation = 'corrections.campaign_person'::regclass and not granted`,
        );
        return rows.length > 0;
      });
      const [pid] = await claimants();
      await pool.query('select pg_terminate_backend($1)', [pid]);
      await until('the claim is gone', async () => !(await claimants()).includes(pid ?? 0));
    } finally {
      await holdUp.query('commit');
      holdUp.release();
    }
  }

  const decidedBy = async (digest: string): Promise<number[]> =>
    Promise.all(
      persons.map(async (personId) => {
        const [events = []] = await api.runtime.store.readStreams([{ stream: `dossier-${personId}` }]);
        return events.filter(
          ({ data }) =>
            (data as { policy?: { digest: string }; cause?: { type: string } }).cause?.type === 'ActivatePolicy' &&
            (data as { policy: { digest: string } }).policy.digest === digest,
        ).length;
      }),
    );

  it('stops after its group, stays running, and can be gone on with', async () => {
    const digest = await activateCoveredOnly(api);
    const id = await approved();
    let running: Promise<unknown> = Promise.resolve();
    await cutDuringAGroup(() => {
      running = campaigns.run(id).catch((error: unknown) => error);
    });
    expect(await running).toMatchObject({ name: 'CampaignClaimLostError', message: expect.stringMatching(/goes on/) as string });
    expect(await campaigns.read(id)).toMatchObject({ status: 'running' });
    expect(await campaigns.progress(id)).toMatchObject({ booked: 16, toDo: 4 });
    expect(await campaigns.run(id)).toMatchObject({ end: 'done', progress: { booked: PERSONS, exceptions: 0, toDo: 0 } });
    expect(await decidedBy(digest)).toEqual(persons.map(() => 1));
  });

  it('in the background is taken up again, and nobody is booked or put on record twice', async () => {
    await activateBundled(api);
    const id = await approved();
    const accesses = new RecordedAccesses(api);
    await accesses.since();
    const stop = startCampaignWorker(api.runtime);
    try {
      await cutDuringAGroup(() => {
        const otto = { subject: 'otto', roles: ['operator'] as const };
        void api.post(`/v1/campaigns/${id}/run`, {}, { as: otto }).catch(() => undefined);
      });
      await until<CampaignWork>('it is done', async () => {
        const work = await api.runtime.campaignWorks.latest(id);
        return work?.outcome === 'done' && work;
      });
    } finally {
      await stop();
    }
    expect(
      api.logged.filter((line) => line.includes('work at a campaign failed') && line.includes('CampaignClaimLost')),
    ).toHaveLength(1);
    expect(await campaigns.progress(id)).toMatchObject({ booked: PERSONS, exceptions: 0, toDo: 0 });
    const changed = (await accesses.since()).filter(({ event, person }) => event === 'run-campaign' && person !== null);
    expect(changed.map(({ person }) => person).sort()).toEqual([...persons].sort());
    expect(new Set(changed.map(({ user }) => user))).toEqual(new Set(['otto']));
    expect(await claimants()).toEqual([]);
  });
});
