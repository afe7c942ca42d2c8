import { randomUUID } from 'node:crypto';
import { declare, history, registerPerson, registration, someBsn } from '../testing/persons';
import { TestApi } from '../testing/test-api';

describe('who gives a command', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await TestApi.start();
  });
  afterAll(() => api.stop());

  interface Stored {
    readonly type: string;
    readonly metadata: { readonly actor: string };
  }
  const eventsOf = async (personId: string, position: string): Promise<readonly Stored[]> => {
    const dossier = await api.get(`/v1/persons/${personId}/dossier?atLeast=${position}`);
    const [{ trajectoryId }] = dossier.body.trajectories as [{ trajectoryId: string }];
    return (await api.get(`/v1/trajectories/${trajectoryId}/events`)).body.items as Stored[];
  };

  test('is the subject of the token, and stands in the metadata of what it recorded', async () => {
    const bsn = someBsn();
    const [member, claims, clerk] = ['member-administration', 'claims-gateway', 'clerk-7f3a'].map((subject) => ({ subject }));
    const { body } = await api.post('/v1/persons', registration(bsn), { as: { ...member, roles: ['ingest'] } });
    const personId = String(body.personId);
    const { line } = await registerPerson(api);
    await declare(api, personId, [line(1)], { as: { ...claims, roles: ['ingest'] } });
    const asked = { as: { ...clerk, roles: ['corrector' as const] } };
    const imported = await api.post(`/v1/persons/${personId}/histories`, history(), asked);
    const events = await eventsOf(personId, String(imported.body.position));
    const actorOf = (type: string) => events.find((each) => each.type.startsWith(`${type}.`))?.metadata.actor;
    expect([actorOf('SessionDeclared'), actorOf('HistoryImported')]).toEqual(['claims-gateway', 'clerk-7f3a']);
    const { rows } = await api.runtime.pool.query<{ actor: string }>(
      `select distinct metadata->>'actor' as actor from eventstore.events where metadata->>'personId' = $1 order by 1`,
      [personId],
    );
    expect(rows.map(({ actor }) => actor)).toEqual(['claims-gateway', 'clerk-7f3a', 'member-administration']);
  });

  test('owns its keys: the same key of another subject is another request', async () => {
    const { personId } = await registerPerson(api);
    const key = randomUUID();
    const path = `/v1/persons/${personId}/histories`;
    const import_ = (subject: string, count: number) =>
      api.post(path, history({ count, document: { reference: `OF ${subject}` } }), { key, as: { subject } });
    const [first, other] = [await import_('first', 14), await import_('other', 3)];
    expect([first.status, other.status]).toEqual([200, 200]);
    expect(other.body.commandId).not.toBe(first.body.commandId);
    expect((other.body.facts as object[]).length).toBe(1);
    // each has its own answer again, and its own key is still bound to its own request
    expect((await import_('first', 14)).text).toBe(first.text);
    expect((await import_('other', 3)).text).toBe(other.text);
    expect((await import_('first', 3)).body.type).toBe('urn:traject:problem:key-reused');
  });

  test('that is refused for its role leaves its key free and nothing behind', async () => {
    const { personId } = await registerPerson(api);
    const key = randomUUID();
    const path = `/v1/persons/${personId}/histories`;
    const refused = await api.post(path, history(), { key, as: { roles: ['reader'] } });
    expect([refused.status, refused.body.type]).toEqual([403, 'urn:traject:problem:role-missing']);
    expect((await api.post(path, history(), { key, as: { roles: ['corrector'] } })).status).toBe(200);
  });
});

describe('looking persons up', () => {
  test('more often than one subject may in a minute is 429, for that subject alone, and says when it may be tried again', async () => {
    const api = await TestApi.start({ projector: false, limits: { lookUpsPerMinute: 3 } });
    const lookUp = (subject: string) => api.post('/v1/persons/lookup', { bsn: someBsn() }, { as: { subject } });
    for (let nth = 0; nth < 3; nth += 1) expect((await lookUp('one')).status).toBe(200);
    const refused = await lookUp('one');
    expect([refused.status, refused.body.type]).toEqual([429, 'urn:traject:problem:too-many-requests']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect(Number(refused.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect((await lookUp('another')).status).toBe(200);
    // reading is not looking up
    expect((await api.ask('GET', '/v1/policy', { as: { subject: 'one' } })).status).toBe(200);
    await api.stop();
  });
});
