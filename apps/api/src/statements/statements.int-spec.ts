import { randomUUID } from 'node:crypto';
import { declare, registerPerson, type Registered } from '../testing/persons';
import { TestApi, type Answer } from '../testing/test-api';

const evidence = {
  statedOn: '2024-11-04',
  source: 'letter of the specialist',
  statedBy: 'practice 04099999',
  document: { reference: 'LETTER-9' },
};
const whiplash = { ...evidence, diagnosis: '3038' };

interface Told {
  readonly facts: readonly { readonly type: string; readonly statementId?: string }[];
  readonly decided: { readonly changedDecisions: number; readonly entries: readonly object[] };
  readonly errors: readonly { readonly code: string; readonly pointer: string }[];
}
const told = (answer: Answer): Told => answer.body as unknown as Told;
const problems = (answer: Answer): string[] => told(answer).errors.map(({ code, pointer }) => `${pointer} ${code}`);

interface Shown {
  readonly statements: readonly { readonly statementId: string; readonly kind: string; readonly retracted: boolean }[];
}

describe('statements', () => {
  let api: TestApi;
  let person: Registered;
  let path: string;
  beforeAll(async () => {
    api = await TestApi.start();
    person = await registerPerson(api);
    path = `/v1/persons/${person.personId}/statements`;
    // 25 sessions, three days apart, and five after the third month
    const nths = [...Array.from({ length: 25 }, (_, i) => i + 1), 34, 35, 36, 37, 38];
    const lines = nths.map((nth, i) => person.line(nth, { diagnosis: '3038', csi: i < 20 ? '008' : '001' }));
    await declare(api, person.personId, lines);
    await declare(api, person.personId, [
      person.line(40, { diagnosis: '2554', csi: '014' }),
      person.line(41, { diagnosis: '6236' }),
    ]);
  });
  afterAll(() => api.stop());

  const trajectory = async (code: string, position: unknown): Promise<{ shown: Shown; sessions: readonly object[] }> => {
    const dossier = await api.get(`/v1/persons/${person.personId}/dossier?atLeast=${String(position)}`);
    const found = (dossier.body.trajectories as { trajectoryId: string; diagnosis: string }[]).find(
      (each) => each.diagnosis === code,
    );
    const answer = await api.get(`/v1/trajectories/${found?.trajectoryId}?atLeast=${String(position)}`);
    return { shown: answer.body.trajectory as Shown, sessions: answer.body.sessions as object[] };
  };

  test('an extension re-decides what lay beyond the term; it is shown with its trajectory, and can be taken back', async () => {
    const extended = await api.post(`${path}/term-extension`, { ...whiplash, months: 3 });
    expect([extended.status, told(extended).decided.changedDecisions, told(extended).decided.entries.length]).toEqual([
      200, 30, 5,
    ]); // every line tells the end of the term, five are paid otherwise
    const [fact] = told(extended).facts;
    expect(fact).toMatchObject({ type: 'TermExtended.v1', statementId: expect.any(String) as string });
    const { shown, sessions } = await trajectory('3038', extended.body.position);
    expect(shown.statements).toEqual([
      { ...evidence, statementId: fact?.statementId, kind: 'term-extension', contents: { months: 3 }, retracted: false },
    ]);
    expect(sessions.at(-1)).toMatchObject({ split: { basic: 3850 }, reason: { rule: 'above-threshold' } });

    const same = await api.post(`${path}/term-extension`, { ...whiplash, months: 3 });
    expect([same.status, same.body.changed, same.body.decided]).toEqual([200, false, null]);

    const reason = { reason: 'the letter is of somebody else' };
    const retracted = await api.post(`${path}/${fact?.statementId}/retraction`, reason);
    expect([retracted.status, told(retracted).decided.entries.length]).toEqual([200, 5]);
    const after = await trajectory('3038', retracted.body.position);
    expect(after.shown.statements).toMatchObject([{ statementId: fact?.statementId, retracted: true }]);
    expect(after.sessions.at(-1)).toMatchObject({ split: { basic: 0 }, reason: { rule: 'past-term' } });
    const again = await api.post(`${path}/${fact?.statementId}/retraction`, reason);
    expect([again.status, problems(again)]).toEqual([422, ['/statementId statement-unknown']]);
  });

  test('the same key is one statement', async () => {
    const body = { ...whiplash, from: '2024-09-02', event: 'accident' };
    const key = randomUUID();
    const [first, second] = [
      await api.post(`${path}/new-episode`, body, { key }),
      await api.post(`${path}/new-episode`, body, { key }),
    ];
    expect([first.status, second.status, second.body]).toEqual([200, 200, first.body]);
  });

  test('every kind is recorded under its name', async () => {
    const made: Answer[] = [];
    for (const [kind, body] of [
      ['clinical-facts', { ...evidence, diagnosis: '6236', item: '1.d.5', dischargedOn: '2024-03-01' }],
      ['condition', { ...evidence, diagnosis: '6236', item: '1.b.18' }],
      ['care-class', { ...evidence, diagnosis: '2554', regime: 'copd', from: '2024-05-01', class: 'B2' }],
      ['authorisation', { ...evidence, diagnosis: '2554', number: 'M-1', from: '2024-01-01' }],
    ] as const)
      made.push(await api.post(`${path}/${kind}`, body));
    expect(made.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const position = made.at(-1)?.body.position;
    expect((await trajectory('6236', position)).shown.statements.map(({ kind }) => kind)).toEqual([
      'clinical-facts',
      'condition',
    ]);
    expect((await trajectory('2554', position)).shown.statements).toMatchObject([
      { kind: 'care-class', contents: { from: '2024-05-01', class: 'B2' } },
      { kind: 'authorisation', contents: { number: 'M-1', from: '2024-01-01', through: null, maximum: null } },
    ]);
  });

  test.each<[string, string, object, string]>([
    ['facts that state nothing', 'clinical-facts', whiplash, ' nothing-stated'],
    ['an unknown trajectory', 'condition', { ...evidence, diagnosis: '4021', item: '1.b.7' }, '/diagnosis trajectory-unknown'],
    ['an item of another code', 'condition', { ...whiplash, item: '1.b.7' }, '/item item-not-of-trajectory'],
    [
      'an episode of COPD',
      'new-episode',
      { ...evidence, diagnosis: '2554', from: '2024-06-03', event: 'recurrence' },
      '/from episode-refused',
    ],
    [
      'a class that is none',
      'care-class',
      { ...evidence, diagnosis: '2554', from: '2024-06-03', class: 'Z' },
      '/class class-unknown',
    ],
    ['too many months', 'term-extension', { ...whiplash, months: 12 }, '/months months-invalid'],
    [
      'dates the wrong way round',
      'authorisation',
      { ...whiplash, number: 'M-2', from: '2024-06-03', through: '2024-06-02' },
      '/through period-reversed',
    ],
  ])('%s: 422', async (_what, kind, body, problem) => {
    const answer = await api.post(`${path}/${kind}`, body);
    expect([answer.status, problems(answer)]).toEqual([422, [problem]]);
  });

  test('a body that is not of its kind: 400 with every fault', async () => {
    const answer = await api.post(`${path}/term-extension`, { ...whiplash, months: 0, source: '', number: 'M-3' });
    expect([
      answer.status,
      problems(answer)
        .map((each) => each.split(' ')[0])
        .sort(),
    ]).toEqual([400, ['/months', '/number', '/source']]);
    expect((await api.post(`${path}/no-such-kind`, whiplash)).status).toBe(404);
  });
});
