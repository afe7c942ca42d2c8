import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { AccessEntry } from '#libs/access-log';
import { declare, history, registerPerson, type Registered } from '../testing/persons';
import { briefly as brieflyOf, RecordedAccesses } from '../testing/recorded-accesses';
import { TestApi, type Answer } from '../testing/test-api';

const PDF = Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n', 'latin1');
const asked = { kind: 'import-history', input: history() };
const because = { reason: 'provider-evidence' };

describe('what the API records of corrections, proposals, documents and statements', () => {
  let api: TestApi;
  let accesses: RecordedAccesses;
  let person: Registered;
  beforeAll(async () => {
    api = await TestApi.start({ projector: false });
    accesses = new RecordedAccesses(api);
  });
  beforeEach(async () => {
    person = await registerPerson(api);
    await accesses.since();
  });
  afterAll(() => api.stop());

  const recorded = async (): Promise<string[]> => brieflyOf(await accesses.since(), person.personId);
  const under = (path: string): string => `/v1/persons/${person.personId}/${path}`;
  const treated = async (sessions: number): Promise<Answer> => {
    const answer = await declare(
      api,
      person.personId,
      Array.from({ length: sessions }, (_, i) => person.line(i + 1)),
    );
    await accesses.since();
    return answer;
  };
  const propose = async (): Promise<{ readonly address: string; readonly id: string; readonly effects: string }> => {
    await treated(30);
    const preview = await api.post(under('corrections/preview'), asked, { key: null });
    const effects = String(preview.body.digest);
    const { status, body } = await api.post(under('corrections'), { ...asked, ...because, effects });
    expect(status).toBe(202);
    const id = String(body.proposalId);
    return { address: `/v1/proposals/${id}`, id, effects };
  };

  test('a preview is recorded as one, and the correction before and after', async () => {
    await treated(2);
    await api.post(under('corrections/preview'), asked, { key: null });
    await api.post(under('corrections'), { ...asked, ...because, note: 'what the practice wrote' });
    await api.post(under('corrections'), { ...asked, ...because, effects: '0'.repeat(64) });
    expect(await recorded()).toEqual([
      'preview-correction preview success dossier the person',
      'correct change attempted dossier the person',
      'correct change success dossier the person',
      'correct change attempted dossier the person',
      'correct change refused dossier the person',
    ]);
  });

  test('a proposal: listed, shown, refused to the one who made it, approved by another, each of the person whose it is', async () => {
    const { address, id, effects } = await propose();
    await accesses.since();
    await api.get('/v1/proposals?status=open');
    await api.get(address);
    await api.post(`${address}/approval`, { effects }, { key: null });
    await api.post(`${address}/approval`, { effects }, { key: null, as: { subject: 'another', roles: ['approver'] } });
    await api.post(`${address}/rejection`, { remark: 'too late' }, { key: null });
    expect(await recorded()).toEqual([
      'list-proposals read success proposals the person',
      `show-proposal read success proposal/${id} the person`,
      `approve-proposal change attempted proposal/${id} the person`,
      `approve-proposal change denied proposal/${id} the person`,
      `approve-proposal change attempted proposal/${id} the person`,
      `approve-proposal change success proposal/${id} the person`,
      `reject-proposal change attempted proposal/${id} the person`,
      `reject-proposal change refused proposal/${id} the person`,
    ]);
  });

  test('a proposal that would do something else by now answers what it would do: that is recorded of the person too', async () => {
    const { address, id, effects } = await propose();
    await declare(api, person.personId, [person.line(0)]);
    await accesses.since();
    const as = { subject: 'another', roles: ['approver'] } as const;
    const stale = await api.post(`${address}/approval`, { effects }, { key: null, as });
    expect([stale.status, (stale.body.preview as { lines: unknown[] }).lines.length]).toEqual([412, 31]);
    expect((await recorded()).at(-1)).toBe(`approve-proposal change refused proposal/${id} the person`);
  });

  test('documents and notes, with the id of which it was', async () => {
    const payload = { payload: PDF, headers: { 'content-type': 'application/pdf' }, key: null };
    const { body } = await api.ask('POST', under('documents'), payload);
    const id = String(body.documentId);
    const other = randomUUID();
    await api.get(under(`documents/${id}`));
    await api.get(under(`documents/${other}`));
    await api.get(under(`notes/${other}`));
    expect(await recorded()).toEqual([
      'keep-document change attempted document the person',
      'keep-document change success document the person',
      `document read success document/${id} the person`,
      `document read refused document/${other} the person`,
      `note read refused note/${other} the person`,
    ]);
  });

  test('a dossier as it was known, and the statement of a history, also one that is refused', async () => {
    const { body } = await treated(1);
    const stream = (body.facts as { stream: string }[]).find((fact) => fact.stream.startsWith('trajectory-'))?.stream ?? '';
    const trajectory = stream.slice('trajectory-'.length);
    await api.get(under('dossier-as-known'));
    expect((await api.get(`/v1/trajectories/${trajectory}/history-statement?through=2024-06-30`)).status).toBe(200);
    expect((await api.get(`/v1/trajectories/${trajectory}/history-statement?through=2020-01-01`)).status).toBe(422);
    expect((await api.get('/.well-known/traject-statement-keys.json')).status).toBe(200);
    await writeFile(api.trustedInsurersFile, '{}');
    expect((await api.post(under('histories/statement'), { statement: 'no statement' })).status).toBe(422);
    expect(await recorded()).toEqual([
      'dossier-as-known read success dossier the person',
      `state-history read success trajectory/${trajectory} the person`,
      `state-history read refused trajectory/${trajectory} the person`,
      'import-history-statement change attempted dossier the person',
      'import-history-statement change refused dossier the person',
    ]);
  });

  test('whoever has not signed in, and whoever has no role for it, is recorded as denied', async () => {
    await api.ask('GET', under('dossier'), { as: null });
    await api.ask('GET', under('access-log'), { as: { subject: 'a-reader', roles: ['reader'] } });
    const entries = await accesses.since();
    const of = ({ event, outcome, user, role, person: whose }: AccessEntry): unknown[] => [event, outcome, user, role, whose];
    expect(entries.map(of)).toEqual([
      ['dossier', 'denied', 'not signed in', 'none', person.personId],
      ['access-log', 'denied', 'a-reader', 'reader', person.personId],
    ]);
  });

  test('a document is not sent while that cannot be recorded, nor anything that tells of it', async () => {
    const payload = { payload: PDF, headers: { 'content-type': 'application/pdf' }, key: null };
    const { body } = await api.ask('POST', under('documents'), payload);
    const { pool } = api.runtime;
    await pool.query('alter function access.append(uuid[], text[]) rename to taken_away');
    const answer = await api.get(under(`documents/${String(body.documentId)}`));
    await pool.query('alter function access.taken_away(uuid[], text[]) rename to append');
    expect([answer.status, answer.body.type]).toEqual([503, 'urn:traject:problem:access-log-unavailable']);
    expect(answer.bytes.includes('%PDF')).toBe(false);
    for (const header of ['content-digest', 'content-disposition']) expect(answer.headers[header]).toBeUndefined();
  });
});
