import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { Client } from 'pg';
import { verifyAccessLog, type AccessEntry } from '#libs/access-log';
import { ROLES } from '#libs/sign-in';
import { declare, history, registerPerson, registration, someBsn, type Registered } from '../testing/persons';
import { briefly as brieflyOf, RecordedAccesses } from '../testing/recorded-accesses';
import { TEST_SUBJECT } from '../testing/sign-in';
import { TestApi, type Answer } from '../testing/test-api';

describe('what the API records of accesses', () => {
  let api: TestApi;
  let person: Registered;
  let client: Client;
  let accesses: RecordedAccesses;
  beforeAll(async () => {
    api = await TestApi.start();
    accesses = new RecordedAccesses(api);
    client = new Client({ connectionString: api.url });
    await client.connect();
    person = await registerPerson(api);
    await declare(api, person.personId, [person.line(1), person.line(2)]);
  });
  beforeEach(async () => {
    await recorded();
  });
  afterAll(async () => {
    await client.end();
    await api.stop();
  });

  const recorded = (): Promise<AccessEntry[]> => accesses.since();
  const briefly = (entries: readonly AccessEntry[]): string[] => brieflyOf(entries, person.personId);
  const under = (path: string): string => `/v1/persons/${person.personId}/${path}`;
  const freshTrajectory = async (): Promise<string> => {
    const { body } = await declare(api, person.personId, [person.line(1)]);
    const answer = await api.get(`${under('dossier')}?atLeast=${String(body.position)}`);
    return (answer.body.trajectories as { trajectoryId: string }[])[0]?.trajectoryId ?? '';
  };

  test('a read, with every field, under the id of the request', async () => {
    const answer = await api.get(under('dossier'), { purpose: 'complaint-handling' });
    expect(await recorded()).toEqual([
      {
        id: expect.any(String) as string,
        time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        event: 'dossier',
        action: 'read',
        outcome: 'success',
        user: TEST_SUBJECT,
        role: [...ROLES].sort().join(', '),
        purpose: 'complaint-handling',
        person: person.personId,
        object: 'dossier',
        source: `${hostname()}/api/${process.pid} 127.0.0.1`,
        request: answer.headers['traject-request-id'],
      },
    ]);
  });

  test('a purpose that is prose is refused, and not recorded: it might name somebody', async () => {
    expect((await api.get(under('dossier'), { purpose: 'Because Aafke asked' })).status).toBe(400);
    expect((await recorded()).map(({ outcome, purpose }) => [outcome, purpose])).toEqual([['refused', null]]);
  });

  test('reads of decision, trajectory and events, each of the person whose it is', async () => {
    const id = await freshTrajectory();
    await recorded();
    await api.get(under(`decisions/${person.practice}/R0001`));
    await api.get(`/v1/trajectories/${id}`);
    await api.get(`/v1/trajectories/${id}/events`);
    expect(briefly(await recorded())).toEqual([
      'explain read success decision the person',
      `trajectory read success trajectory/${id} the person`,
      `trajectory-events read success trajectory/${id} the person`,
    ]);
  });

  test('a work list, a line for everybody on it', async () => {
    const other = await registerPerson(api);
    const lines = [1, 2].map((nth) => other.line(nth, { csi: '001' }));
    const { body } = await declare(api, other.personId, lines);
    await api.get(`/v1/work-list?atLeast=${String(body.position)}`);
    const entries = (await recorded()).filter(({ event }) => event === 'work-list');
    expect(entries.length).toBeGreaterThan(0);
    expect(new Set(entries.map((each) => each.person)).size).toBe(entries.length);
    const { body: list } = await api.get('/v1/work-list');
    const shown = new Set((list.items as { personId: string }[]).map(({ personId }) => personId));
    expect(new Set(entries.map((each) => each.person ?? ''))).toEqual(shown);
  });

  test('a look-up that finds somebody, and one that finds nobody', async () => {
    await api.post('/v1/persons/lookup', { bsn: person.bsn });
    await api.post('/v1/persons/lookup', { bsn: someBsn() });
    expect(briefly(await recorded())).toEqual([
      'person-lookup search success person the person',
      // answered alike, so recorded alike: only whose it is differs
      'person-lookup search success person nobody',
    ]);
  });

  test('a change, before it is carried out and after, under one request', async () => {
    const key = randomUUID();
    const answer = await api.post(under('histories'), history({ diagnosis: '3176' }), { key });
    const entries = await recorded();
    expect(briefly(entries)).toEqual([
      'import-history change attempted dossier the person',
      'import-history change success dossier the person',
    ]);
    expect(new Set(entries.map(({ request }) => request))).toEqual(new Set([answer.headers['traject-request-id']]));
    await api.post(under('histories'), history({ diagnosis: '3176', count: 3 }), { key });
    expect((await recorded()).map(({ outcome }) => outcome)).toEqual(['attempted', 'refused']);
  });

  test('a registration, whose person is known only after it', async () => {
    const { body } = await api.post('/v1/persons', registration());
    expect(briefly(await recorded())).toEqual([
      'register-person change attempted person nobody',
      `register-person change success person ${String(body.personId)}`,
    ]);
  });

  test('what is refused: an unknown person, a request that is not as described, one that another name asks', async () => {
    const nobody = randomUUID();
    await api.get(`/v1/persons/${nobody}/dossier`);
    await api.get('/v1/persons/not-an-id/dossier');
    await api.post(under('insurance'), { periods: 'none' });
    await api.app.inject({ url: under('dossier'), headers: { host: 'elsewhere.example.org' } });
    expect(briefly(await recorded())).toEqual([
      `dossier read refused dossier ${nobody}`,
      'dossier read refused dossier nobody',
      'state-insurance change refused dossier the person',
      'dossier read refused dossier the person',
    ]);
  });

  test('an id in the path says which history or statement it was', async () => {
    const importId = randomUUID();
    await api.post(under(`histories/${importId}/retraction`), { reason: 'a test' });
    expect(briefly(await recorded())).toEqual([
      `retract-history change attempted history/${importId} the person`,
      `retract-history change refused history/${importId} the person`,
    ]);
  });

  test('HEAD is a read as well; what is of no person is not recorded', async () => {
    const headers = await api.signIn.bearer();
    const head = await api.app.inject({ method: 'HEAD', url: under('dossier'), headers });
    expect(head.statusCode).toBe(200);
    for (const url of ['/v1/policy', '/v1/claim-files', '/v1/payer-split?from=2024-01&through=2024-02', '/health/live', '/docs'])
      await api.app.inject({ url, headers });
    expect(briefly(await recorded())).toEqual(['dossier read success dossier the person']);
  });

  test('the auditor sees who looked, by period and in pages, and that is recorded too', async () => {
    await api.get(under('dossier'));
    const seen: number[] = [];
    for (let after: number | null = 0; after !== null;) {
      const { status, body }: Answer = await api.get(`${under('access-log')}?limit=3&after=${after}`);
      expect(status).toBe(200);
      const items = body.items as { seq: number; person: string }[];
      expect(items.every((each) => each.person === person.personId)).toBe(true);
      seen.push(...items.map(({ seq }) => seq));
      // each page is an access of its own: what was there before it is enough
      after = seen.length > 12 ? null : (body.next as number | null);
    }
    expect(seen).toEqual([...new Set(seen)].sort((a, b) => a - b));
    expect((await api.get(`${under('access-log')}?through=2020-01-01`)).body).toMatchObject({ items: [], next: null });
    expect((await api.get(`${under('access-log')}?from=2020-02-30`)).status).toBe(400);
    expect((await recorded()).filter(({ event }) => event === 'access-log').length).toBeGreaterThan(3);
  });

  describe('while it cannot be written', () => {
    beforeAll(() => client.query('alter function access.append(uuid[], text[]) rename to taken_away'));
    afterAll(() => client.query('alter function access.taken_away(uuid[], text[]) rename to append'));

    const revision = async (): Promise<number> => {
      const { rows } = await client.query<{ n: string }>('select count(*) as n from eventstore.events');
      return Number(rows[0]?.n);
    };

    test('a read answers 503 and nothing of the person', async () => {
      const answer = await api.get(under('dossier'));
      expect([answer.status, answer.body.type]).toEqual([503, 'urn:traject:problem:access-log-unavailable']);
      expect(answer.headers).toMatchObject({ 'retry-after': '1', 'content-type': 'application/problem+json' });
      expect(answer.headers['etag']).toBeUndefined();
      expect(answer.text).not.toMatch(/insurance|trajector/i);
      const found = await api.post('/v1/persons/lookup', { bsn: person.bsn });
      const unknown = await api.post('/v1/persons/lookup', { bsn: someBsn() });
      expect([found.status, unknown.status]).toEqual([503, 503]);
      expect(found.text).not.toContain(person.personId);
    });

    test('a command answers 503 and changes nothing', async () => {
      const before = await revision();
      const answer = await api.post(under('insurance'), { periods: [{ insurer: '7095', from: '2023-01-01' }] });
      expect([answer.status, answer.body.type]).toEqual([503, 'urn:traject:problem:access-log-unavailable']);
      expect((await api.post('/v1/persons', registration())).status).toBe(503);
      expect(await revision()).toBe(before);
    });

    test('what is of no person is answered', async () => {
      expect((await api.get('/v1/policy')).status).toBe(200);
    });
  });

  test('a command whose outcome cannot be recorded answers 503; given again, it answers what it did', async () => {
    await client.query(`
      create function access.refuse_success() returns trigger language plpgsql as $$
      begin if new.content like '%"outcome":"success"%' then raise exception 'no outcome today'; end if; return new; end $$;
      create trigger refuse_success before insert on access.entry for each row execute function access.refuse_success()`);
    const key = randomUUID();
    const periods = [{ insurer: '3343', from: '2022-01-01' }];
    const first = await api.post(under('insurance'), { periods }, { key });
    await client.query('drop trigger refuse_success on access.entry');
    expect([first.status, (await recorded()).map(({ outcome }) => outcome)]).toEqual([503, ['attempted']]);
    const again = await api.post(under('insurance'), { periods }, { key });
    expect([again.status, again.body.changed]).toEqual([200, true]);
    expect((await recorded()).map(({ outcome }) => outcome)).toEqual(['attempted', 'success']);
  });

  test('no number, name or birth date is in it, and the chain is whole', async () => {
    const { rows } = await client.query<{ text: string }>(`select string_agg(content, ' ') as text from access.entry`);
    const text = rows[0]?.text ?? '';
    for (const planted of [person.bsn, 'Aafke', 'Zonderen', '1970-05-17', 'R0001']) expect(text).not.toContain(planted);
    expect((await verifyAccessLog(api.runtime.pool, [])).broken).toBeNull();
  });
});
