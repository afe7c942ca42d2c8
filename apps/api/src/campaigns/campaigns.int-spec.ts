/** Campaigns over HTTP, from the mapping to the last person and back; the work in the background runs as it does in the served API. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { AccessEntry } from '#libs/access-log';
import { declare, registerPerson, type Registered } from '../testing/persons';
import type { Caller } from '../testing/sign-in';
import { RecordedAccesses } from '../testing/recorded-accesses';
import { TestApi, type Answer } from '../testing/test-api';
import type { CampaignAnswer, CampaignShown } from './schema';

const HEADER = 'old_code,new_code,effective_date';
const ANNA: Caller = { subject: 'anna', roles: ['corrector', 'approver'] };
const BERT: Caller = { subject: 'bert', roles: ['approver'] };
const OTTO: Caller = { subject: 'otto', roles: ['operator'] };
const PATIENCE_MS = 20_000;

describe('campaigns over HTTP', () => {
  let api: TestApi;
  let persons: Registered[];
  /** Codes that no other test uses: one test's campaign finds nobody of another's. */
  const pairs = [
    ['9376', '3176'],
    ['3276', '3176'],
  ] as const;

  beforeAll(async () => {
    api = await TestApi.start({ campaigns: true });
  });
  afterAll(() => api.stop());

  /** Persons of whom a remap moves lines: the one under the closed code joins the count of the other. */
  async function treated(count: number, [from, to]: readonly [string, string]): Promise<Registered[]> {
    const all: Registered[] = [];
    for (let i = 0; i < count; i += 1) {
      const person = await registerPerson(api);
      await declare(api, person.personId, [
        ...Array.from({ length: 19 }, (_, n) => person.line(n, { diagnosis: from })),
        person.line(70, { diagnosis: to }),
        person.line(71, { diagnosis: to }),
      ]);
      all.push(person);
    }
    const { personId, line } = all.at(-1) as Registered;
    const { body } = await declare(api, personId, [line(90, { diagnosis: '3117' })]);
    // whom a campaign may be about is read from the read models
    expect((await api.get(`/v1/persons/${personId}/dossier?atLeast=${String(body.position)}`)).status).toBe(200);
    return all;
  }
  const post = (path: string, body: unknown, as: Caller, key?: string): Promise<Answer> =>
    api.post(`/v1/campaigns${path}`, body, { as, ...(key === undefined ? {} : { key }) });
  const show = async (id: string): Promise<CampaignShown> =>
    (await api.ask('GET', `/v1/campaigns/${id}`, { as: OTTO })).body as unknown as CampaignShown;
  async function until(id: string, isReached: (shown: CampaignShown) => boolean): Promise<CampaignShown> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await delay(50)) {
      const shown = await show(id);
      if (isReached(shown)) return shown;
    }
    throw new Error(`it did not come to that: ${JSON.stringify(await show(id))}`);
  }
  const isAt =
    (status: CampaignAnswer['status']) =>
    ({ campaign, work }: CampaignShown): boolean =>
      campaign.status === status && (work === null || work.endedAt !== null);
  async function previewed(order: object, key = randomUUID()): Promise<CampaignShown> {
    const proposed = await post('', { reason: 'code list of 1 July 2024', ...order }, ANNA, key);
    expect([proposed.status, proposed.body.status]).toEqual([200, 'draft']);
    return until(String(proposed.body.campaignId), isAt('previewed'));
  }
  const mapping = ([from, to]: readonly [string, string]) => ({
    kind: 'mapping',
    mapping: `${HEADER}\n${from},${to},2024-07-01\n`,
  });
  async function approved(order: object): Promise<string> {
    const { campaign } = await previewed(order);
    const answer = await post(`/${campaign.campaignId}/approval`, { digest: campaign.digest }, BERT);
    expect([answer.status, answer.body.status]).toEqual([200, 'approved']);
    return campaign.campaignId;
  }
  const told = ({ status, body }: Answer): unknown[] => [status, body.type];
  const problem = (code: string): string => `urn:traject:problem:${code}`;

  describe('a mapping with faults', () => {
    test('is refused with every one of them, by line, and nothing is kept', async () => {
      const rows = ['3176,3276,2024-07-01', '3276,3176,2024-07-01', '9376,0000,2024-07-01', '9376,0000,2024-07-01'];
      const answer = await post('', { kind: 'mapping', reason: 'x', mapping: [HEADER, ...rows].join('\n') }, ANNA);
      expect(told(answer)).toEqual([422, problem('mapping-refused')]);
      expect(answer.body.errors).toEqual([
        expect.objectContaining({
          pointer: '/mapping',
          line: 2,
          problem: expect.stringMatching(/^new_code: .*a cycle/) as string,
        }),
        expect.objectContaining({ line: 3, problem: expect.stringMatching(/a cycle/) as string }),
        expect.objectContaining({ line: 4, problem: expect.stringMatching(/0000 is in no code list/) as string }),
        expect.objectContaining({ line: 5, problem: expect.stringMatching(/0000 is in no code list/) as string }),
        expect.objectContaining({ line: 5, problem: expect.stringMatching(/says what line 4 says/) as string }),
      ]);
      expect((await api.ask('GET', '/v1/campaigns', { as: OTTO })).body.campaigns).toEqual([]);
    });

    test('of form is refused too, and so is an order that is out of bounds, all at once', async () => {
      const answer = await post('', { kind: 'mapping', reason: 'x', mapping: 'old_code,new_code\n1,2' }, ANNA);
      expect(told(answer)).toEqual([422, problem('mapping-refused')]);
      const order = { kind: 'mapping', reason: 'of 111222333', mapping: '', canary: -1, tolerancePercent: 101 };
      const bounds = await post('', order, ANNA);
      expect(told(bounds)).toEqual([400, problem('invalid-request')]);
      expect((bounds.body.errors as { pointer: string }[]).map(({ pointer }) => pointer).sort()).toEqual([
        ...['/canary', '/mapping', '/reason', '/tolerancePercent'],
      ]);
    });
  });

  describe('over persons', () => {
    let accesses: RecordedAccesses;
    beforeAll(async () => {
      persons = await treated(20, pairs[0]);
    });
    beforeEach(async () => {
      accesses = new RecordedAccesses(api);
      await accesses.since();
    });
    const ids = (): string[] => persons.map(({ personId }) => personId).sort();
    const ofPersons = (entries: readonly AccessEntry[], event: string): AccessEntry[] =>
      entries.filter((entry) => entry.event === event && entry.person !== null);

    test('the same order with the same key is one campaign, and its preview puts each person on record once', async () => {
      const key = randomUUID();
      const { campaign, work } = await previewed(mapping(pairs[0]), key);
      expect(campaign).toMatchObject({
        kind: 'mapping',
        proposedBy: 'anna',
        canary: 16,
        totals: { persons: 20, centsMoved: 77_000 },
      });
      expect(work).toMatchObject({ kind: 'preview', askedBy: 'anna', looked: 20, outcome: 'previewed' });
      const again = await post('', { reason: 'code list of 1 July 2024', ...mapping(pairs[0]) }, ANNA, key);
      expect(again.body.campaignId).toBe(campaign.campaignId);
      const looked = ofPersons(await accesses.since(), 'preview-campaign');
      expect(looked.map(({ person }) => person).sort()).toEqual(ids());
      expect(looked[0]).toMatchObject({
        ...{ action: 'preview', outcome: 'attempted', user: 'anna', role: 'approver, corrector' },
        object: `campaign/${campaign.campaignId}`,
      });
      const outliers = await api.ask('GET', `/v1/campaigns/${campaign.campaignId}/outliers`, { as: BERT });
      expect(outliers.body.persons).toHaveLength(20);
      expect(ofPersons(await accesses.since(), 'campaign-outliers')).toHaveLength(20);
      expect((await post(`/${campaign.campaignId}/preview`, {}, BERT)).status).toBe(200);
      await until(campaign.campaignId, ({ work: last }) => last?.askedBy === 'bert' && last.outcome === 'previewed');
      expect(ofPersons(await accesses.since(), 'preview-campaign').map(({ user }) => user)).toEqual(Array(20).fill('bert'));
      const rejection = await post(`/${campaign.campaignId}/rejection`, { remark: 'not now' }, ANNA);
      expect(rejection.body).toMatchObject({ status: 'rejected', remark: 'not now (anna)' });
      expect(told(await post(`/${campaign.campaignId}/preview`, {}, ANNA))).toEqual([409, problem('campaign-status')]);
    });

    test('nobody approves their own, nor what was not previewed last, nor twice', async () => {
      const { campaign } = await previewed(mapping(pairs[0]));
      const { campaignId, digest } = campaign;
      expect(told(await post(`/${campaignId}/run`, {}, OTTO))).toEqual([409, problem('campaign-status')]);
      expect(told(await post(`/${campaignId}/approval`, { digest }, ANNA))).toEqual([403, problem('own-campaign')]);
      const other = await post(`/${campaignId}/approval`, { digest: 'f'.repeat(64) }, BERT);
      expect(told(other)).toEqual([412, problem('preview-moved')]);
      expect((await post(`/${campaignId}/approval`, { digest }, BERT)).status).toBe(200);
      expect(told(await post(`/${campaignId}/approval`, { digest }, BERT))).toEqual([409, problem('campaign-status')]);
      expect(told(await post(`/${campaignId}/rejection`, { remark: 'no' }, BERT))).toEqual([409, problem('campaign-status')]);
      const stopped = await post(`/${campaignId}/stop`, { remark: 'the wrong list' }, OTTO);
      expect(stopped.body).toMatchObject({ status: 'stopped', remark: 'the wrong list (otto)' });
      expect(told(await post(`/${campaignId}/resume`, { from: 'running' }, OTTO))).toEqual([409, problem('campaign-status')]);
      for (const path of ['', '/exceptions', '/outliers'])
        expect((await api.get(`/v1/campaigns/${randomUUID()}${path}`)).status).toBe(404);
      for (const [path, body] of Object.entries({ run: {}, resume: { from: 'paused' }, pause: {}, preview: {} }))
        expect((await post(`/${randomUUID()}/${path}`, body, { ...OTTO, roles: ['operator', 'corrector'] })).status).toBe(404);
    });

    test('is run stage by stage, each person once on record, by whoever lets it go on; then it is undone', async () => {
      const id = await approved({ ...mapping(pairs[0]), canary: 5 });
      await accesses.since();
      const key = randomUUID();
      expect((await post(`/${id}/run`, {}, OTTO, key)).body.status).toBe('running');
      const canary = await until(id, isAt('waiting'));
      expect(canary).toMatchObject({
        progress: { booked: 5, toDo: 15 },
        work: { kind: 'run', askedBy: 'otto', outcome: 'waiting' },
      });
      expect((await post(`/${id}/run`, {}, OTTO, key)).body.status).toBe('running');
      expect(told(await post(`/${id}/pause`, {}, OTTO))).toEqual([409, problem('campaign-status')]);
      // whoever saw it paused has not seen the canary
      for (const from of ['paused', 'running'])
        expect(told(await post(`/${id}/resume`, { from }, OTTO))).toEqual([409, problem('campaign-status')]);
      expect(told(await post(`/${id}/resume`, {}, OTTO))).toEqual([400, problem('invalid-request')]);
      const olga: [object, Caller, string] = [{ from: 'waiting' }, { ...OTTO, subject: 'olga' }, randomUUID()];
      expect((await post(`/${id}/resume`, ...olga)).status).toBe(200);
      expect((await post(`/${id}/resume`, ...olga)).status).toBe(200);
      const done = await until(id, isAt('done'));
      expect(done.progress).toMatchObject({ booked: 20, exceptions: 0, toDo: 0, bookedTotals: done.progress.expectedTotals });
      const changed = ofPersons(await accesses.since(), 'run-campaign');
      expect(changed.map(({ person }) => person).sort()).toEqual(ids());
      expect(changed.filter(({ user }) => user === 'otto')).toHaveLength(5);
      expect(changed.filter(({ user }) => user === 'olga')).toHaveLength(15);

      const undo = await post(`/${id}/undo`, { reason: 'the wrong list', canary: 0 }, ANNA);
      expect(undo.body).toMatchObject({ kind: 'undo', undoes: id });
      const undoId = String(undo.body.campaignId);
      const { campaign } = await until(undoId, isAt('previewed'));
      expect(told(await post(`/${undoId}/approval`, { digest: campaign.digest }, ANNA))).toEqual([403, problem('own-campaign')]);
      await post(`/${undoId}/approval`, { digest: campaign.digest }, BERT);
      await post(`/${undoId}/run`, {}, OTTO);
      const undone = await until(undoId, isAt('done'));
      expect(undone.progress.bookedTotals.cents.basic).toBe(-done.progress.bookedTotals.cents.basic);
      expect(told(await post(`/${undoId}/undo`, { reason: 'x' }, ANNA))).toEqual([409, problem('campaign-status')]);
    });
  });

  describe('whose persons have moved since', () => {
    beforeAll(async () => {
      persons = await treated(20, pairs[1]);
    });

    test('leaves them alone and lists them, page by page; stops when too many have', async () => {
      const first = await approved({ ...mapping(pairs[1]), canary: 0, tolerancePercent: 50 });
      const strict = await approved({ ...mapping(pairs[1]), canary: 0, tolerancePercent: 1 });
      const moved = persons.slice(0, 3);
      for (const person of moved)
        await declare(api, person.personId, [person.line(30, { diagnosis: pairs[1][0], date: '2024-06-20' })]);
      await post(`/${first}/run`, {}, OTTO);
      const shown = await until(first, ({ campaign: { status } }) => status === 'done' || status === 'stopped');
      expect(shown.campaign.status).toBe('done');
      const listed: { personId: string; code: string }[] = [];
      for (let after: string | null = ''; after !== null;) {
        const page = await api.get(`/v1/campaigns/${first}/exceptions?limit=2${after === '' ? '' : `&after=${after}`}`);
        listed.push(...(page.body.persons as typeof listed));
        after = page.body.next as string | null;
      }
      expect(listed).toHaveLength(shown.progress.exceptions);
      const codes = new Map(listed.map(({ personId, code }) => [personId, code]));
      for (const { personId } of moved) expect(codes.get(personId)).toBe('effects-moved');
      await post(`/${strict}/run`, {}, OTTO);
      const stopped = await until(strict, isAt('stopped'));
      expect(stopped.campaign.remark).toMatch(/^persons: \d+ can be reached, 20 were approved, with a tolerance of 1 per cent$/);
    });
  });
});
