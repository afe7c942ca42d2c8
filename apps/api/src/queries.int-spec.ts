import { randomUUID } from 'node:crypto';
import { declare, history, registerPerson, registration, someBsn, type Registered } from './testing/persons';
import { TEST_SUBJECT } from './testing/sign-in';
import { TestApi, type Answer } from './testing/test-api';

interface SessionTold {
  readonly reference: string;
  readonly status: string;
  readonly position: { readonly first: number };
  readonly split: Readonly<Record<string, number>>;
  readonly reason: {
    readonly rule: string;
    readonly sentence: { readonly en: string; readonly nl: string };
    readonly policy: object;
  };
}
interface TrajectoryTold {
  readonly trajectoryId: string;
  readonly histories: object[];
}

describe('queries', () => {
  let api: TestApi;
  let person: Registered;
  let trajectoryId: string;
  let position: string;
  /** Fresh enough to see everything that was commanded before. */
  const ask = (path: string): Promise<Answer> => api.get(`${path}${path.includes('?') ? '&' : '?'}atLeast=${position}`);

  beforeAll(async () => {
    api = await TestApi.start();
    person = await registerPerson(api);
    const path = `/v1/persons/${person.personId}`;
    await api.post(`${path}/switches`, { switchDate: '2024-01-01', diagnosis: '3176', previousInsurer: '7095' });
    await declare(
      api,
      person.personId,
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => person.line(n, { csi: n > 6 ? '001' : '008' })),
    );
    const imported = await api.post(`${path}/histories`, history());
    position = String(imported.body.position);
    const dossier = await ask(`${path}/dossier`);
    trajectoryId = (dossier.body.trajectories as TrajectoryTold[])[0]?.trajectoryId ?? '';
  });
  afterAll(() => api.stop());

  test('a dossier: insurance, trajectories, open work, and its revision as ETag', async () => {
    const answer = await ask(`/v1/persons/${person.personId}/dossier`);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      personId: person.personId,
      insurance: [{ insurer: '3343', from: '2023-01-01', through: null }],
      trajectories: [{ trajectoryId, sessionsCounted: 8, lastPosition: 22, heldLines: 0 }],
    });
    const { lastDecision } = answer.body as { lastDecision: { revision: number } };
    expect(answer.headers.etag).toBe(`"${lastDecision.revision}"`);
    const command = await api.post(
      `/v1/persons/${person.personId}/packages`,
      { packages: [] },
      { headers: { 'if-match': String(answer.headers.etag) } },
    );
    expect(command.status).toBe(200);
  });

  test('a trajectory: sessions in order, who pays, and why, in both languages', async () => {
    const answer = await ask(`/v1/trajectories/${trajectoryId}`);
    const sessions = answer.body.sessions as SessionTold[];
    expect(sessions.map((each) => [each.reference, each.position.first])).toEqual(
      [15, 16, 17, 18, 19, 20, 21, 22].map((at, i) => [`R000${i + 1}`, at]),
    );
    expect(sessions.map(({ split }) => split.basic)).toEqual([0, 0, 0, 0, 0, 0, 3850, 3850]);
    const [first] = sessions;
    expect(first?.reason.rule).toBe('within-threshold');
    expect(first?.reason.sentence.en).toMatch(/20/);
    expect(first?.reason.sentence.nl).toMatch(/20/);
    expect(first?.reason.sentence.nl).not.toBe(first?.reason.sentence.en);
    expect((answer.body.trajectory as TrajectoryTold).histories).toMatchObject([{ count: 14, endedBy: null }]);
  });

  test('its events, as stored, in pages', async () => {
    const types: string[] = [];
    let after = '';
    for (;;) {
      const answer = await api.get(`/v1/trajectories/${trajectoryId}/events?limit=4${after}`);
      const { items, next } = answer.body as { items: { type: string; revision: number }[]; next: number | null };
      types.push(...items.map(({ type }) => type));
      expect(items.length).toBeLessThanOrEqual(4);
      if (next === null) break;
      after = `&after=${next}`;
    }
    expect(types).toEqual([
      'TrajectoryStarted.v1',
      'InsurerSwitched.v1',
      ...Array<string>(8).fill('SessionDeclared.v1'),
      'HistoryImported.v2',
    ]);
    expect((await api.get(`/v1/trajectories/${trajectoryId}/events?after=999`)).body).toMatchObject({ items: [], next: null });
  });

  test('why this cent: decision, reason, policy, since when, cause and bookings of one line in one answer', async () => {
    const answer = await ask(`/v1/persons/${person.personId}/decisions/${person.practice}/R0007`);
    expect(answer.body).toMatchObject({
      session: { status: 'decided', split: { basic: 3850 }, reason: { rule: expect.any(String) as string } },
      decision: { cause: { type: 'ImportHistory', actor: TEST_SUBJECT } },
      earlier: [{ status: 'held', cause: { type: 'DeclareClaimLines' }, split: { undecided: 3850 } }],
      booked: { basic: 3850, supplementary: 0, insured: 0, paidToProvider: 3850 },
    });
    expect(answer.body).toMatchObject({
      trace: { decidedBy: 'threshold', rule: 'above-threshold' },
      sentences: { en: { next: [] }, nl: { decision: expect.stringContaining('basisverzekering') as string } },
      known: [
        { status: 'held', cause: { type: 'DeclareClaimLines' } },
        { status: 'decided', cause: { type: 'ImportHistory' }, split: { basic: 3850 } },
      ],
    });
    const { steps } = (answer.body as { trace: { steps: { name: string; facts: object; parameters: { source: string }[] }[] } })
      .trace;
    expect(steps.find(({ name }) => name === 'order')?.facts).toMatchObject({ position: 21, imported: 14 });
    expect(steps.flatMap(({ parameters }) => parameters).every(({ source }) => source !== '')).toBe(true);
    const { bookings, decision } = answer.body as {
      bookings: { cause: { command: string } }[];
      decision: { cause: { command: string } };
    };
    expect(new Set(bookings.map(({ cause }) => cause.command))).toEqual(new Set([decision.cause.command]));
  });

  test('a credited line keeps its story', async () => {
    const { personId, practice, line } = await registerPerson(api);
    await declare(api, personId, [line(1)]);
    const { date, declaredCents, invoice } = line(1);
    const credit = { kind: 'credit', practice, reference: 'C 1/a', date, declaredCents, invoice, debitReference: 'R0001' };
    const done = await declare(api, personId, [credit]);
    position = String(done.body.position);
    const answer = await ask(`/v1/persons/${personId}/decisions/${practice}/R0001`);
    expect(answer.body).toMatchObject({
      session: { status: 'withdrawn', creditReference: 'C 1/a', reason: null },
      trace: null,
      sentences: null,
      known: [{ status: 'decided' }, { status: 'withdrawn', rule: null, split: null }],
      decision: { cause: { command: done.body.commandId } },
      earlier: [{ status: 'decided', split: { insured: 3850 } }],
      booked: { insured: 0, paidToProvider: 0 },
    });
  });

  test('a reference with a slash or a space is found by its encoded form', async () => {
    const { personId, practice, line } = await registerPerson(api);
    const done = await declare(api, personId, [line(1, { reference: 'A/1 b%' })]);
    position = String(done.body.position);
    const answer = await ask(`/v1/persons/${personId}/decisions/${practice}/${encodeURIComponent('A/1 b%')}`);
    expect([answer.status, (answer.body.session as SessionTold | undefined)?.reference]).toEqual([200, 'A/1 b%']);
  });

  test('the work list, in pages and by kind', async () => {
    const persons = await Promise.all([1, 2, 3].map(() => registerPerson(api)));
    for (const { personId } of persons) {
      const done = await api.post(`/v1/persons/${personId}/switches`, { switchDate: '2024-01-01', diagnosis: '9376' });
      expect(done.status).toBe(200);
    }
    for (const { personId, line } of persons) {
      const done = await declare(api, personId, [line(1)]);
      position = String(done.body.position);
    }
    for (const { personId, line } of persons) {
      await api.post(`/v1/persons/${personId}/switches`, { switchDate: '2024-01-01', diagnosis: '3176' });
      position = String((await declare(api, personId, [line(2)])).body.position);
    }
    const found: string[] = [];
    let after = '';
    do {
      const answer = await ask(`/v1/work-list?kind=held&limit=2${after}`);
      const { items, next } = answer.body as { items: { kind: string; personId: string }[]; next: string | null };
      expect(items.every(({ kind }) => kind === 'held')).toBe(true);
      found.push(...items.map(({ personId }) => personId));
      after = next === null ? '' : `&after=${next}`;
    } while (after !== '');
    expect(found).toEqual(expect.arrayContaining(persons.map(({ personId }) => personId)));
    expect(new Set(found).size).toBe(found.length);
    const all = await ask('/v1/work-list');
    expect((all.body.items as { kind: string }[]).map(({ kind }) => kind)).toContain('held');
    const wrong = await api.get('/v1/work-list?after=bm90LWEtY3Vyc29y');
    expect([wrong.status, wrong.body.errors]).toMatchObject([400, [{ pointer: '/after', code: 'cursor-invalid' }]]);
  });

  test('the payer split per month and insurer adds up to what was declared', async () => {
    const answer = await ask('/v1/payer-split?from=2024-01&through=2024-12&insurer=3343');
    const { months, total } = answer.body as {
      months: { month: string; insurer: string; cents: Record<string, number>; sessions: Record<string, number> }[];
      total: Record<string, number>;
    };
    expect(months.length).toBeGreaterThan(0);
    expect(months.every(({ insurer }) => insurer === '3343')).toBe(true);
    const sum = (cents: Record<string, number>): number => Object.values(cents).reduce((a, b) => a + b, 0);
    expect(sum(total)).toBe(months.reduce((all, { cents }) => all + sum(cents), 0));
    expect(total.basic).toBeGreaterThanOrEqual(7700);
    expect((await ask('/v1/payer-split?from=2024-01&through=2024-12&insurer=9999')).body.months).toEqual([]);
  });

  test('the policy in effect', async () => {
    const answer = await api.get('/v1/policy');
    expect([answer.status, answer.body.version]).toEqual([200, expect.any(String)]);
  });

  test('claim files: none have come in', async () => {
    expect((await api.get('/v1/claim-files')).body).toEqual({ items: [], next: null });
  });

  test.each([
    `/v1/persons/${randomUUID()}/dossier`,
    `/v1/trajectories/${randomUUID()}`,
    `/v1/trajectories/${randomUUID()}/events`,
    `/v1/claim-files/${randomUUID()}`,
    `/v1/persons/${randomUUID()}/decisions/04012345/R1`,
  ])('what is not there: 404 (%s)', async (url) => {
    const answer = await api.get(url);
    expect([answer.status, answer.body.type]).toEqual([404, 'urn:traject:problem:not-found']);
  });

  describe('looking a person up', () => {
    test('by BSN and by relation number; the unknown and the erased are the same', async () => {
      const bsn = someBsn();
      const relationNumbers = [{ insurer: '3343', number: 'REL 9' }];
      const { body } = await api.post('/v1/persons', { ...registration(bsn), relationNumbers });
      for (const asked of [{ bsn }, { insurer: '3343', relationNumber: 'REL 9' }]) {
        const found = await api.post('/v1/persons/lookup', asked);
        expect([found.status, found.body.personId]).toEqual([200, body.personId]);
      }
      const unknown = await api.post('/v1/persons/lookup', { bsn: someBsn() });
      await api.runtime.context.vault.destroyKey(String(body.personId));
      const erased = await api.post('/v1/persons/lookup', { bsn });
      const told = ({ status, body: { instance: _, ...rest } }: Answer) => ({ status, rest });
      expect(told(erased)).toEqual(told(unknown));
      expect([unknown.status, unknown.body]).toEqual([200, { personId: null, identity: null }]);
      const registered = await api.post('/v1/persons', registration(bsn));
      expect([registered.status, registered.body.personId === body.personId]).toEqual([200, false]);
    });

    test.each<[object]>([
      [{}],
      [{ bsn: '123456789' }],
      [{ bsn: 123456782 }],
      [{ insurer: '3343' }],
      [{ bsn: '123456782', extra: 1 }],
    ])('asked wrongly, %j: 400', async (asked) => {
      const answer = await api.post('/v1/persons/lookup', asked);
      expect(answer.status).toBe(400);
      expect(answer.text).not.toMatch(/12345678/);
    });
  });
});
