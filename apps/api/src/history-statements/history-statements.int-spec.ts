import { writeFile } from 'node:fs/promises';
import { debit, declare, history, registerPerson, registration, someBsn, type Registered } from '../testing/persons';
import { TestApi, type Answer } from '../testing/test-api';

let former: TestApi;
let next: TestApi;
beforeAll(async () => {
  former = await TestApi.start({ projector: false });
  next = await TestApi.start({ projector: false });
});
afterAll(async () => {
  await former.stop();
  await next.stop();
});

const faultsOf = ({ status, body }: Answer): unknown[] => [
  status,
  ...((body.errors ?? []) as { code: string }[]).map(({ code }) => code),
];

/** A person with three sessions under one trajectory; answers its id. */
async function withSessions(api: TestApi, bsn?: string): Promise<{ person: Registered; trajectory: string }> {
  const person = await registerPerson(api, bsn);
  const answer = await declare(
    api,
    person.personId,
    [1, 2, 3].map((n) => person.line(n)),
  );
  const stream = (answer.body.facts as { stream: string }[])
    .map((fact) => fact.stream)
    .find((each) => each.startsWith('trajectory-'));
  return { person, trajectory: (stream ?? '').slice('trajectory-'.length) };
}
const state = (trajectory: string, through = '2024-06-30', api = former): Promise<Answer> =>
  api.get(`/v1/trajectories/${trajectory}/history-statement?through=${through}`);
const importing = (person: string, statement: unknown): Promise<Answer> =>
  next.post(`/v1/persons/${person}/histories/statement`, { statement });

async function trust(): Promise<void> {
  const keys = (await former.get('/.well-known/traject-statement-keys.json')).body;
  await writeFile(next.trustedInsurersFile, JSON.stringify({ '3343': keys }));
}

describe('the statement of a history over HTTP', () => {
  test('goes from one insurer to the next, whose next session has the right position', async () => {
    const bsn = someBsn();
    const stated = await state((await withSessions(former, bsn)).trajectory);
    expect(stated).toMatchObject({ status: 200, body: { insurer: '3343', count: 3, throughDate: '2024-06-30' } });
    expect(Buffer.from(String(stated.body.pdf), 'base64').subarray(0, 5).toString()).toBe('%PDF-');
    await trust();
    const person = await registerPerson(next, bsn);
    const taken = await importing(person.personId, stated.body.statement);
    expect(taken).toMatchObject({ status: 200, body: { changed: true } });
    expect(taken.body.facts).toContainEqual(expect.objectContaining({ type: 'HistoryImported.v2' }));
    const declared = await declare(next, person.personId, [debit(1, { practice: person.practice, date: '2024-07-08' })]);
    expect(declared.text).not.toContain(bsn);
    const decision = await next.runtime.store.readStreams([{ stream: `dossier-${person.personId}` }]);
    const last = decision[0]?.at(-1)?.data as { decisions: { units: { position: number }[] }[] };
    expect(last.decisions[0]?.units[0]?.position).toBe(4);
  });

  test('about another person than that of the path, unknown here or not, is refused alike', async () => {
    const stated = await state((await withSessions(former)).trajectory);
    await trust();
    const other = await registerPerson(next);
    expect(faultsOf(await importing(other.personId, stated.body.statement))).toEqual([422, 'statement-other-person']);
    const { person, trajectory } = await withSessions(former);
    await registerPerson(next, person.bsn);
    expect(faultsOf(await importing(other.personId, (await state(trajectory)).body.statement))).toEqual([
      422,
      'statement-other-person',
    ]);
  });

  test('a second time, or altered, is refused; with the same key it is one effect and one answer', async () => {
    const { person, trajectory } = await withSessions(former);
    const { statement } = (await state(trajectory)).body as { statement: string };
    await trust();
    const here = await registerPerson(next, person.bsn);
    const url = `/v1/persons/${here.personId}/histories/statement`;
    const first = await next.post(url, { statement }, { key: 'statement-of-a-test' });
    expect(await next.post(url, { statement }, { key: 'statement-of-a-test' })).toMatchObject({ status: 200, body: first.body });
    expect(faultsOf(await importing(here.personId, statement))).toEqual([422, 'statement-imported']);
    expect(faultsOf(await importing(here.personId, `${statement.slice(0, -4)}AAAA`))).toEqual([422, 'signature-invalid']);
    expect(faultsOf(await importing(here.personId, 'no statement'))).toEqual([422, 'statement-unreadable']);
    expect(faultsOf(await importing(here.personId, ''))).toEqual([400, expect.any(String)]);
  });

  test('of another date of birth is refused', async () => {
    const { person, trajectory } = await withSessions(former);
    const { statement } = (await state(trajectory)).body;
    await trust();
    const { personId } = (await next.post('/v1/persons', { ...registration(person.bsn), birthDate: '1971-05-17' })).body;
    expect(faultsOf(await importing(String(personId), statement))).toEqual([422, 'birth-date-differs']);
  });

  test('is not made of a trajectory that is not there, of a day without sessions, or of a day that is none', async () => {
    const { trajectory } = await withSessions(former);
    expect((await state('0b7f3c5e-6f0a-4a55-8f1d-6f1d3f0c2a11')).status).toBe(404);
    expect(faultsOf(await state(trajectory, '2024-01-01'))).toEqual([422, 'nothing-counted']);
    expect((await state(trajectory, '2024-02-30')).status).toBe(400);
  });

  test('contains what was imported before', async () => {
    const { person, trajectory } = await withSessions(former);
    expect((await former.post(`/v1/persons/${person.personId}/histories`, history())).status).toBe(200);
    expect((await state(trajectory)).body).toMatchObject({ count: 17, startedOn: '2023-09-04' });
  });

  test('leaves no number of a person in the log', () => {
    const logged = [...former.logged, ...next.logged].join('\n');
    expect(logged).not.toMatch(/(?<![\w-])\d{9}(?![\w-])/);
  });
});

describe('keys that cannot be used', () => {
  test('are 503 for the caller, and the log says what is wrong', async () => {
    await writeFile(next.trustedInsurersFile, 'not json');
    const person = await registerPerson(next);
    const answer = await importing(person.personId, 'a.b.c');
    expect(answer).toMatchObject({ status: 503, body: { type: 'urn:traject:problem:statement-keys-unusable' } });
    expect(answer.text).not.toContain(next.trustedInsurersFile);
    expect(next.logged.join('\n')).toContain('it is not JSON');
  });
});
