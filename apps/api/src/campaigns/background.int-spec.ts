/** A campaign that is run while its claim is lost, or while another user lets it go on. */
import { setTimeout as delay } from 'node:timers/promises';
import type { AccessEntry } from '#libs/access-log';
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

describe('a campaign that is run', () => {
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

  /** Does something while the first group of a run waits for this test to be recorded. */
  async function duringAGroup(begin: () => void, act: () => Promise<void>): Promise<void> {
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
      await act();
    } finally {
      await holdUp.query('commit');
      holdUp.release();
    }
  }
  const cutTheClaim = async (): Promise<void> => {
    const [pid] = await claimants();
    await pool.query('select pg_terminate_backend($1)', [pid]);
    await until('the claim is gone', async () => !(await claimants()).includes(pid ?? 0));
  };
  const order = (id: string, what: string, body: object, user: string) =>
    api.post(`/v1/campaigns/${id}/${what}`, body, { as: { subject: user, roles: ['operator'] } });
  const done = (id: string): Promise<CampaignWork> =>
    until<CampaignWork>('it is done', async () => {
      const work = await api.runtime.campaignWorks.latest(id);
      return work?.outcome === 'done' && work;
    });

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

  it('leaves off after its group when its claim is lost, stays running, and can be gone on with', async () => {
    const digest = await activateCoveredOnly(api);
    const id = await approved();
    let running: Promise<unknown> = Promise.resolve();
    await duringAGroup(() => {
      running = campaigns.run(id).catch((error: unknown) => error);
    }, cutTheClaim);
    expect(await running).toMatchObject({ name: 'CampaignClaimLostError', message: expect.stringMatching(/goes on/) as string });
    expect(await campaigns.read(id)).toMatchObject({ status: 'running' });
    expect(await campaigns.progress(id)).toMatchObject({ booked: 16, toDo: 4 });
    expect(await campaigns.run(id)).toMatchObject({ end: 'done', progress: { booked: PERSONS, exceptions: 0, toDo: 0 } });
    expect(await decidedBy(digest)).toEqual(persons.map(() => 1));
  });

  describe('in the background', () => {
    let accesses: RecordedAccesses;
    let stop: () => Promise<void>;
    beforeEach(async () => {
      accesses = new RecordedAccesses(api);
      await accesses.since();
      stop = startCampaignWorker(api.runtime);
    });
    afterEach(() => stop());
    const changed = async (): Promise<AccessEntry[]> =>
      (await accesses.since()).filter(({ event, person }) => event === 'run-campaign' && person !== null);

    it('is taken up again when its claim is lost, and nobody is booked or put on record twice', async () => {
      await activateBundled(api);
      const id = await approved();
      await duringAGroup(() => void order(id, 'run', {}, 'otto'), cutTheClaim);
      await done(id);
      const failed = api.logged.filter((line) => line.includes('work at a campaign failed'));
      expect(failed).toEqual([expect.stringContaining('CampaignClaimLost')]);
      expect(await campaigns.progress(id)).toMatchObject({ booked: PERSONS, exceptions: 0, toDo: 0 });
      const entries = await changed();
      expect(entries.map(({ person }) => person).sort()).toEqual([...persons].sort());
      expect(new Set(entries.map(({ user }) => user))).toEqual(new Set(['otto']));
      expect(await claimants()).toEqual([]);
    });

    it('goes on in the name of whoever let it go on, also where it had not yet come to rest', async () => {
      await activateCoveredOnly(api);
      const id = await approved();
      await duringAGroup(
        () => void order(id, 'run', {}, 'otto'),
        async () => {
          expect((await order(id, 'pause', {}, 'otto')).status).toBe(200);
          expect((await order(id, 'resume', { from: 'paused' }, 'olga')).status).toBe(200);
        },
      );
      expect((await done(id)).askedBy.user).toBe('olga');
      const entries = await changed();
      expect(entries.filter(({ user }) => user === 'otto')).toHaveLength(16);
      expect(entries.filter(({ user }) => user === 'olga')).toHaveLength(4);
    });
  });
});

describe('a campaign that is previewed while the read models lack what was recorded', () => {
  it('waits: nobody is left out unseen, and what it waits for is told', async () => {
    const api = await TestApi.start({ projector: false, campaigns: true });
    try {
      const { personId, line } = await registerPerson(api);
      await declare(api, personId, [line(1)]);
      const asked = await api.post('/v1/campaigns', { kind: 'policy', reason: 'another threshold' });
      const id = String(asked.body.campaignId);
      const work = async (): Promise<CampaignWork | null> => api.runtime.campaignWorks.latest(id);
      for (const end = Date.now() + PATIENCE_MS; (await work())?.fault == null && Date.now() < end; await delay(100));
      expect(await work()).toMatchObject({ fault: 'not-fresh', looked: 0, outcome: null });
      const shown = await api.get(`/v1/campaigns/${id}`);
      expect(shown.body).toMatchObject({ campaign: { status: 'draft' }, work: { fault: 'not-fresh' } });
    } finally {
      await api.stop();
    }
  });
});
