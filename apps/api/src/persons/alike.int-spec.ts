/** The known and the unknown: answered alike, and by the same work. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import type { Role } from '#libs/sign-in';
import { registerPerson, registration, someBsn } from '../testing/persons';
import { TestApi, type Answer } from '../testing/test-api';

const RELATION_NUMBER = 'REL 77';

describe('whether somebody is known', () => {
  let api: TestApi;
  let personId: string;
  let practice: string;
  const bsn = someBsn();
  beforeAll(async () => {
    // without a projector: no queries but those of the request
    api = await TestApi.start({ projector: false });
    ({ personId, practice } = await registerPerson(api, bsn));
    const relationNumbers = [{ insurer: '3343', number: RELATION_NUMBER }];
    await api.post('/v1/persons', { ...registration(bsn), relationNumbers });
  });
  afterAll(() => api.stop());

  /** The answer, and the text of every query that was put for it. */
  async function watched(ask: () => Promise<Answer>): Promise<{ readonly answer: Answer; readonly queries: readonly string[] }> {
    const spy = jest.spyOn(Client.prototype, 'query');
    try {
      const answer = await ask();
      const queries = spy.mock.calls.map(([query]) => {
        const { text } = query as unknown as { text?: string };
        return text ?? String(query);
      });
      return { answer, queries: queries.sort() };
    } finally {
      spy.mockRestore();
    }
  }
  const shapeOf = ({ status, headers, body }: Answer): object => ({
    status,
    headers: Object.keys(headers).sort(),
    fields: Object.keys(body).sort(),
  });
  const lookUp = (asked: object) => watched(() => api.post('/v1/persons/lookup', asked));

  test('a look-up answers of the known, the unknown and the erased with the same status and fields, by the same queries', async () => {
    const gone = someBsn();
    const erased = await registerPerson(api, gone);
    await api.runtime.context.vault.destroyKey(erased.personId);
    const known = await lookUp({ bsn });
    expect(known.answer.body.personId).toBe(personId);
    expect(known.queries).toHaveLength(2);
    for (const asked of [{ bsn: someBsn() }, { bsn: gone }]) {
      const unknown = await lookUp(asked);
      expect(unknown.answer.body).toEqual({ personId: null, identity: null });
      expect(shapeOf(unknown.answer)).toEqual(shapeOf(known.answer));
      expect(unknown.queries).toEqual(known.queries);
    }
    const byNumber = await lookUp({ insurer: '3343', relationNumber: RELATION_NUMBER });
    expect(byNumber.answer.body.personId).toBe(personId);
    const byUnknownNumber = await lookUp({ insurer: '3343', relationNumber: 'REL 78' });
    expect(shapeOf(byUnknownNumber.answer)).toEqual(shapeOf(byNumber.answer));
    expect(byUnknownNumber.queries).toEqual(byNumber.queries);
  });

  test('a dossier of nobody takes the queries of a dossier', async () => {
    const [known, unknown] = [await watched(() => dossierOf(personId)), await watched(() => dossierOf(randomUUID()))];
    expect(unknown.answer.status).toBe(404);
    expect(known.queries.length).toBeGreaterThan(3);
    expect(unknown.queries).toEqual(known.queries);
  });
  const dossierOf = (person: string): Promise<Answer> => api.get(`/v1/persons/${person}/dossier`);

  test('a line that somebody does not have is answered as one of nobody, by the same queries', async () => {
    const decision = (person: string) => watched(() => api.get(`/v1/persons/${person}/decisions/${practice}/R9999`));
    const [known, unknown] = [await decision(personId), await decision(randomUUID())];
    const told = ({ status, body: { instance: _, ...rest } }: Answer) => ({ status, ...rest });
    expect(told(unknown.answer)).toEqual(told(known.answer));
    expect(unknown.queries).toEqual(known.queries);
  });

  test.each<Role>(['ingest', 'policy', 'auditor', 'operator'])(
    'who may not read dossiers (%s) is answered the same of everybody, before anything is looked up',
    async (role) => {
      for (const path of ['dossier', `decisions/${practice}/R0001`]) {
        const ask = (person: string) => watched(() => api.ask('GET', `/v1/persons/${person}/${path}`, { as: { roles: [role] } }));
        const [known, unknown] = [await ask(personId), await ask(randomUUID())];
        expect([known.answer.status, known.queries]).toEqual([403, []]);
        expect([shapeOf(unknown.answer), unknown.queries]).toEqual([shapeOf(known.answer), []]);
      }
    },
  );
});
