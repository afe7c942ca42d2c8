import { randomUUID } from 'node:crypto';
import { debit, declare, history, registerPerson, registration, someBsn } from '../testing/persons';
import { TestApi } from '../testing/test-api';

interface Told {
  readonly facts: readonly { readonly type: string; readonly importId?: string }[];
  readonly decided: {
    readonly revision: number;
    readonly changedDecisions: number;
    readonly releasedLines: string[];
    readonly entries: object[];
  };
  readonly paymentChanges: readonly object[];
  readonly lines: readonly { readonly outcome: string; readonly codes: string[]; readonly grantedCents: number }[];
  readonly errors: readonly { readonly code: string; readonly pointer: string; readonly in: string }[];
}
const told = (body: Record<string, unknown>): Told => body as unknown as Told;
const problems = (body: Record<string, unknown>): string[] => told(body).errors.map(({ code, pointer }) => `${pointer} ${code}`);
const nobody = `/v1/persons/${randomUUID()}`;

describe('commands', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await TestApi.start({ projector: false });
  });
  afterAll(() => api.stop());

  test('a person is registered once, and what is known of the person is stated anew', async () => {
    const bsn = someBsn();
    const first = await api.post('/v1/persons', registration(bsn));
    expect([first.status, first.body.changed]).toEqual([200, true]);
    expect(told(first.body).facts.map(({ type }) => type)).toEqual(['PersonRegistered.v1', 'InsuranceStated.v1']);
    const again = await api.post('/v1/persons', registration(bsn));
    expect([again.body.personId, again.body.changed]).toEqual([first.body.personId, false]);
    const packages = [{ insurer: '3343', package: 'Plus', from: '2024-01-01' }];
    const more = await api.post('/v1/persons', { ...registration(bsn), packages });
    expect(told(more.body).facts.map(({ type }) => type)).toEqual(['PackagesStated.v1']);
  });

  test('a registration that is refused leaves nobody in the vault', async () => {
    const bsn = someBsn();
    const insurance = [
      { insurer: '3343', from: '2023-01-01', through: '2024-06-30' },
      { insurer: '7095', from: '2024-06-30' },
      { insurer: '7095', from: '2020-06-30', through: '2020-01-01' },
    ];
    const answer = await api.post('/v1/persons', { ...registration(bsn), birthDate: '2199-01-01', insurance });
    expect(answer.status).toBe(422);
    expect(problems(answer.body)).toEqual([
      '/birthDate date-in-future',
      '/insurance/1 periods-overlap',
      '/insurance/2/through period-reversed',
    ]);
    expect((await api.post('/v1/persons/lookup', { bsn })).body.personId).toBeNull();
  });

  test("another person's relation number is refused", async () => {
    const relationNumbers = [{ insurer: '3343', number: 'R-77' }];
    expect((await api.post('/v1/persons', { ...registration(), relationNumbers })).status).toBe(200);
    const answer = await api.post('/v1/persons', { ...registration(), relationNumbers });
    expect([answer.status, problems(answer.body)]).toEqual([422, ['/relationNumbers relation-number-taken']]);
  });

  test('[insurance-4] insurance: lines outside it are decided anew, and what was granted is taken back', async () => {
    const { personId, line } = await registerPerson(api);
    await declare(api, personId, [line(1)]);
    const answer = await api.post(`/v1/persons/${personId}/insurance`, { periods: [{ insurer: '3343', from: '2024-06-01' }] });
    expect(answer.status).toBe(200);
    expect(told(answer.body).decided).toMatchObject({
      changedDecisions: 1,
      entries: [{ line: `${line(1).practice}/R0001`, paidToProvider: -3850 }],
    });
    expect(told(answer.body).paymentChanges).toEqual([
      expect.objectContaining({ reference: 'R0001', grantedBeforeCents: 3850, grantedNowCents: 0 }),
    ]);
    const periods = [
      { insurer: '3343', from: '2024-01-01' },
      { insurer: '7095', from: '2024-06-01' },
    ];
    const refused = await api.post(`/v1/persons/${personId}/insurance`, { periods });
    expect([refused.status, problems(refused.body)]).toEqual([422, ['/periods/1 periods-overlap']]);
  });

  test('packages: they pay what the patient had to', async () => {
    const { personId, line } = await registerPerson(api);
    await declare(api, personId, [line(1)]);
    const packages = [{ insurer: '3343', package: 'Plus', from: '2024-01-01', through: null }];
    const answer = await api.post(`/v1/persons/${personId}/packages`, { packages });
    expect(answer.status).toBe(200);
    expect(told(answer.body).facts.map(({ type }) => type)).toEqual(['PackagesStated.v1']);
    const refused = await api.post(`/v1/persons/${personId}/packages`, { packages: [packages[0], packages[0]] });
    expect([refused.status, problems(refused.body)]).toEqual([422, ['/packages/1 periods-overlap']]);
  });

  test('a switch holds, a history releases, its retraction holds again', async () => {
    const { personId, line } = await registerPerson(api);
    const person = `/v1/persons/${personId}`;
    expect(
      (await api.post(`${person}/switches`, { switchDate: '2024-01-01', diagnosis: '3176', previousInsurer: '7095' })).status,
    ).toBe(200);
    const lines = [1, 2, 3, 4, 5, 6, 7, 8].map((n) => line(n, { csi: n > 6 ? '001' : '008' }));
    const declared = await declare(api, personId, lines);
    expect(told(declared.body).lines.map(({ outcome }) => outcome)).toEqual(Array(8).fill('held'));
    expect(told(declared.body).lines[0]?.codes).toEqual(['0613', '8072']);

    const imported = await api.post(`${person}/histories`, history());
    expect(told(imported.body).decided.releasedLines).toHaveLength(8);
    expect(told(imported.body).paymentChanges).toHaveLength(8);
    const { importId } = told(imported.body).facts.find(({ type }) => type === 'HistoryImported.v2') ?? {};
    const again = await api.post(`${person}/histories`, history());
    expect([again.status, problems(again.body)]).toEqual([422, ['/document document-imported']]);

    const retracted = await api.post(`${person}/histories/${importId}/retraction`, { reason: 'of another person' });
    expect([retracted.status, told(retracted.body).decided.changedDecisions]).toEqual([200, 8]);
    const unknown = await api.post(`${person}/histories/${importId}/retraction`, { reason: 'once more' });
    expect([unknown.status, problems(unknown.body)]).toEqual([422, ['/importId history-unknown']]);
  });

  test('a history is refused with every reason at once', async () => {
    const { personId } = await registerPerson(api);
    const body = history({
      throughDate: '2199-01-01',
      count: 3,
      perCalendarYear: { 2022: 1, 2023: 1 },
      supersedes: randomUUID(),
    });
    const answer = await api.post(`/v1/persons/${personId}/histories`, body);
    expect(answer.status).toBe(422);
    expect(problems(answer.body)).toEqual([
      '/throughDate date-in-future',
      '/perCalendarYear/2022 year-outside',
      '/perCalendarYear years-do-not-add-up',
      '/supersedes history-unknown',
    ]);
  });

  test('a remap lets the trajectory go on, and absorbs only when it is asked to', async () => {
    const { personId, line } = await registerPerson(api);
    await declare(api, personId, [line(1, { diagnosis: '9376' }), line(60)]);
    const remap = { from: '9376', to: '3176', effectiveDate: '2024-07-01', reason: 'code closed on 1 July 2024' };
    const refused = await api.post(`/v1/persons/${personId}/remaps`, remap);
    expect([refused.status, problems(refused.body)]).toEqual([422, ['/to code-in-other-trajectory']]);
    const done = await api.post(`/v1/persons/${personId}/remaps`, { ...remap, absorb: true });
    expect(told(done.body).facts.map(({ type }) => type)).toEqual(['DiagnosisRemapped.v1', 'TrajectoryAbsorbed.v1']);
    const unknown = await api.post(`/v1/persons/${personId}/remaps`, { ...remap, from: '1234', to: '4321' });
    expect([unknown.status, problems(unknown.body)]).toEqual([422, ['/from trajectory-unknown']]);
  });

  test('claim lines: each has its outcome, a credit takes one back', async () => {
    const { personId, line } = await registerPerson(api);
    const lines = [
      line(1),
      line(2, { quantity: 5, calculatedCents: 19250, declaredCents: 19250 }),
      line(3, { performance: '9999' }),
    ];
    const answer = await declare(api, personId, lines);
    expect(told(answer.body).lines.map(({ outcome, codes }) => [outcome, codes])).toEqual([
      ['decided', []],
      ['invalid', ['0638']],
      ['invalid', ['0582']],
    ]);
    const { practice, date, declaredCents, invoice } = line(1);
    const credit = { kind: 'credit', practice, reference: 'C1', date, declaredCents, invoice, debitReference: 'R0001' };
    const credited = await declare(api, personId, [credit, line(1)]);
    expect(told(credited.body).lines.map(({ outcome, grantedCents }) => [outcome, grantedCents])).toEqual([
      ['credited', -3850],
      ['refused', 0],
    ]);
  });

  test('claim lines of the future, before birth, or whose amounts do not agree are refused, all at once, and none is taken in', async () => {
    const { personId, line } = await registerPerson(api);
    const lines = [line(1), line(2, { date: '2198-01-01' }), line(3, { date: '1960-01-01' }), line(4, { calculatedCents: 3851 })];
    const answer = await api.post(`/v1/persons/${personId}/claim-lines`, { lines });
    expect(answer.status).toBe(422);
    expect(problems(answer.body)).toEqual([
      '/lines/1/date date-in-future',
      '/lines/2/date date-before-birth',
      '/lines/3/calculatedCents amounts-differ',
    ]);
    const now = await declare(api, personId, [line(1)]);
    expect(told(now.body).lines[0]?.outcome).toBe('decided');
  });

  test.each<[string, object]>([
    ['insurance', { periods: [] }],
    ['packages', { packages: [] }],
    ['switches', { switchDate: '2024-01-01', diagnosis: '3176' }],
    ['histories', history()],
    [`histories/${randomUUID()}/retraction`, { reason: 'because' }],
    ['remaps', { from: '9376', to: '3176', effectiveDate: '2024-07-01', reason: 'closed' }],
    [
      'statements/term-extension',
      { diagnosis: '3038', statedOn: '2024-11-04', source: 'letter', statedBy: 'practice', document: { reference: 'L' } },
    ],
    [`statements/${randomUUID()}/retraction`, { reason: 'because' }],
    ['claim-lines', { lines: [debit(1)] }],
  ])('%s of a person who is not known: 404', async (path, body) => {
    const answer = await api.post(`${nobody}/${path}`, body);
    expect([answer.status, answer.body.type]).toEqual([404, 'urn:traject:problem:person-unknown']);
  });

  test('a revision that has moved: 412, and nothing is changed; the revision it has now: carried out', async () => {
    const { personId } = await registerPerson(api);
    const path = `/v1/persons/${personId}/packages`;
    const first = await api.post(path, { packages: [{ insurer: '3343', package: 'Plus', from: '2024-01-01' }] });
    const { revision } = told(first.body).decided;
    const stale = await api.post(path, { packages: [] }, { headers: { 'if-match': `"${revision - 1}"` } });
    expect([stale.status, problems(stale.body), stale.headers.etag]).toEqual([
      412,
      ['/If-Match revision-moved'],
      `"${revision}"`,
    ]);
    const fresh = await api.post(path, { packages: [] }, { headers: { 'if-match': `"${revision}"` } });
    expect([fresh.status, fresh.body.changed]).toEqual([200, true]);
  });

  test('without a policy no command is carried out: 503', async () => {
    const bare = await TestApi.start({ projector: false, policy: false });
    const answer = await bare.post('/v1/persons', registration());
    expect([answer.status, answer.body.type]).toEqual([503, 'urn:traject:problem:policy-missing']);
    expect((await bare.get('/v1/policy')).status).toBe(503);
    await bare.stop();
  });
});
