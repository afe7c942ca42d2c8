/** What practices are paid otherwise by a campaign, over HTTP. */
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { Campaigns, paymentSpecifications } from '#libs/dossiers';
import type { CausedPaymentChanges } from '#libs/trajectory';
import { declare, registerPerson, type Registered } from '../testing/persons';
import { activateCoveredOnly } from '../testing/policies';
import { RecordedAccesses } from '../testing/recorded-accesses';
import { TestApi, type Answer } from '../testing/test-api';
import { ONE_DAY_PATIENCE_MS, withinOneDutchDay } from '../../../../test/one-dutch-day';

const PERSONS = 3;
const PATIENCE_MS = 20_000;

interface Specification {
  readonly practice: string;
  readonly cause: object;
  readonly lines: readonly object[];
}

describe('payment specifications of a campaign', () => {
  let api: TestApi;
  let id: string;
  const persons: Registered[] = [];
  const ask = (path: string, headers = {}): Promise<Answer> => api.get(`/v1/campaigns/${path}`, headers);
  async function until(status: string): Promise<Record<string, unknown>> {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await delay(50)) {
      const campaign = (await ask(id)).body.campaign as Record<string, unknown>;
      if (campaign.status === status) return campaign;
    }
    throw new Error(`it never was ${status}`);
  }
  const post = async (path: string, body: object, subject: string): Promise<Answer> => {
    const answer = await api.post(`/v1/campaigns${path}`, body, { as: { subject } });
    expect(answer.status).toBe(200);
    return answer;
  };

  beforeAll(async () => {
    await withinOneDutchDay();
    api = await TestApi.start({ campaigns: true });
    await activateCoveredOnly(api);
    let position = '';
    for (let i = 0; i < PERSONS; i += 1) {
      const person = await registerPerson(api);
      const lines = [
        ...Array.from({ length: 19 }, (_, n) => person.line(n, { diagnosis: '9376' })),
        ...[70, 71, 72].map((nth) => person.line(nth)),
      ];
      position = String((await declare(api, person.personId, lines)).body.position);
      persons.push(person);
    }
    expect((await api.get(`/v1/persons/${persons[0]?.personId}/dossier?atLeast=${position}`)).status).toBe(200);
    const order = { kind: 'mapping', mapping: 'old_code,new_code,effective_date\n9376,3176,2024-07-01\n', canary: 0 };
    id = String((await post('', { ...order, reason: 'code list' }, 'anna')).body.campaignId);
    const { digest } = await until('previewed');
    await post(`/${id}/approval`, { digest }, 'bert');
    await post(`/${id}/run`, {}, 'otto');
    await until('done');
  }, ONE_DAY_PATIENCE_MS);
  afterAll(() => api.stop());

  /** As `traject campaign payments` has them. */
  async function byCommandLine(): Promise<unknown[]> {
    const moved: CausedPaymentChanges[] = [];
    for await (const changes of api.app.get(Campaigns, { strict: false }).payments(id)) moved.push(...changes);
    return [...paymentSpecifications(moved, api.runtime.context.today())];
  }

  test('[wire-3] are those of the command line, and those of the day; as JSON and as CSV', async () => {
    const answer = await ask(`${id}/payments`);
    expect(answer.body.next).toBeNull();
    const told = answer.body.specifications as Specification[];
    expect(told.map(({ practice }) => practice)).toEqual(persons.map(({ practice }) => practice).sort());
    expect(told.map(({ cause }) => cause)).toEqual(told.map(() => ({ type: 'RemapDiagnosis', id })));
    expect(told.every(({ lines }) => lines.length > 0)).toBe(true);
    expect(told).toEqual(await byCommandLine());

    const today = api.runtime.context.today();
    // by a command after it, since a campaign answers no position
    const { personId, line } = await registerPerson(api);
    const { position } = (await declare(api, personId, [line(1)])).body;
    const ofDay = await api.get(`/v1/payment-specifications?on=${today}&atLeast=${String(position)}`);
    expect(ofDay.body.specifications).toEqual(told);

    const csv = await ask(`${id}/payments`, { accept: 'text/csv' });
    expect(csv.headers['content-disposition']).toBe(`attachment; filename="payments-${id}.csv"`);
    expect(parse(csv.text, { columns: true })).toHaveLength(told.reduce((sum, { lines }) => sum + lines.length, 0));
  });

  test('come in pages of persons, who are put on record page by page', async () => {
    const accesses = new RecordedAccesses(api);
    const paged: Specification[] = [];
    const recorded: (string | null)[][] = [];
    for (let after: string | null = ''; after !== null;) {
      await accesses.since();
      const { body }: Answer = await ask(`${id}/payments?limit=1${after === '' ? '' : `&after=${after}`}`);
      paged.push(...(body.specifications as Specification[]));
      const entries = (await accesses.since()).filter(({ event }) => event === 'campaign-payments');
      expect(entries.every(({ object, outcome }) => object === `campaign/${id}` && outcome === 'success')).toBe(true);
      recorded.push(entries.map(({ person }) => person));
      after = body.next as string | null;
    }
    const inOrder = (each: Specification[]): Specification[] => [...each].sort((a, b) => (a.practice < b.practice ? -1 : 1));
    expect(inOrder(paged)).toEqual((await ask(`${id}/payments`)).body.specifications);
    expect(recorded).toEqual(
      persons
        .map(({ personId }) => personId)
        .sort()
        .map((person) => [person]),
    );
  });

  test('are of a campaign that is there, from a page that was given, for those who see its persons', async () => {
    expect((await ask('5f1e9b3a-4b1c-4a55-8f1d-6f1d3f0c2a11/payments')).status).toBe(404);
    for (const query of ['after=x', 'after=refused:5f1e9b3a-4b1c-4a55-8f1d-6f1d3f0c2a11', 'limit=0', 'limit=501'])
      expect((await ask(`${id}/payments?${query}`)).status).toBe(400);
    for (const role of ['ingest', 'reader', 'policy', 'auditor', 'operator'] as const)
      expect((await api.ask('GET', `/v1/campaigns/${id}/payments`, { as: { roles: [role] } })).status).toBe(403);
  });
});
