import { randomUUID } from 'node:crypto';
import { dossierStream, type PersonId } from '#libs/trajectory';
import { debit, history, registerPerson, registration, someBsn } from '../testing/persons';
import { TestApi } from '../testing/test-api';
import { installIdempotency, purgeIdempotency } from './idempotency-schema';

describe('one key, one effect, one answer', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await TestApi.start({ projector: false });
  });
  afterAll(() => api.stop());

  const decisions = async (personId: string): Promise<number> => {
    const [events = []] = await api.runtime.store.readStreams([{ stream: dossierStream(personId as PersonId) }]);
    return events.filter(({ type }) => type.startsWith('PersonDecided.')).length;
  };
  const forgetAnswers = () => api.runtime.pool.query('update api.idempotency set answer = null');

  test('the same request again has the same answer and no effect, whatever has happened since', async () => {
    const { personId, line } = await registerPerson(api);
    const key = randomUUID();
    const path = `/v1/persons/${personId}/claim-lines`;
    const first = await api.post(path, { lines: [line(1), line(2)] }, { key });
    await api.post(`/v1/persons/${personId}/insurance`, { periods: [] });
    const before = await decisions(personId);
    const reordered = { lines: [line(1), line(2)].map((each) => Object.fromEntries(Object.entries(each).reverse())) };
    const second = await api.post(path, reordered, { key });
    expect(second.text).toBe(first.text);
    expect(await decisions(personId)).toBe(before);
  });

  test('the same key with another body, or for another person, is refused', async () => {
    const { personId } = await registerPerson(api);
    const other = await registerPerson(api);
    const key = randomUUID();
    await api.post(`/v1/persons/${personId}/histories`, history(), { key });
    const before = await decisions(personId);
    for (const [person, body] of [
      [personId, history({ count: 15 })],
      [other.personId, history()],
    ] as const) {
      const answer = await api.post(`/v1/persons/${person}/histories`, body, { key });
      expect([answer.status, answer.body.type]).toEqual([422, 'urn:traject:problem:key-reused']);
    }
    expect([await decisions(personId), await decisions(other.personId)]).toEqual([before, 1]);
    // a key belongs to one kind of command
    const elsewhere = await api.post(`/v1/persons/${personId}/packages`, { packages: [] }, { key });
    expect(elsewhere.status).toBe(200);
  });

  test('at the same time with the same key: one effect, the same answer', async () => {
    const { personId, line } = await registerPerson(api);
    const key = randomUUID();
    const before = await decisions(personId);
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => api.post(`/v1/persons/${personId}/claim-lines`, { lines: [line(1)] }, { key })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect((answers[0]?.body.lines as { outcome: string }[])[0]?.outcome).toBe('decided');
    expect(await decisions(personId)).toBe(before + 1);
  });

  test('at the same time with the same key and two bodies: one is carried out, the other refused', async () => {
    const { personId, line } = await registerPerson(api);
    const key = randomUUID();
    const path = `/v1/persons/${personId}/claim-lines`;
    const answers = await Promise.all([1, 2].map((n) => api.post(path, { lines: [line(n)] }, { key })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
  });

  test('a person who is registered twice at once with different keys is one person', async () => {
    const body = registration(someBsn());
    const answers = await Promise.all([1, 2, 3].map(() => api.post('/v1/persons', body)));
    expect(new Set(answers.map(({ body: { personId } }) => personId)).size).toBe(1);
    expect(await decisions(String(answers[0]?.body.personId))).toBe(1);
  });

  test('an answer that was lost is made again from what was recorded, with no second effect', async () => {
    const bsn = someBsn();
    const keys = [randomUUID(), randomUUID()] as const;
    const registered = await api.post('/v1/persons', registration(bsn), { key: keys[0] });
    const personId = String(registered.body.personId);
    const practice = '04777001';
    const lines = { lines: [debit(1, { practice }), debit(2, { practice })] };
    const declared = await api.post(`/v1/persons/${personId}/claim-lines`, lines, { key: keys[1] });
    await api.post(`/v1/persons/${personId}/insurance`, { periods: [{ insurer: '3343', from: '2020-01-01' }] });
    const before = await decisions(personId);
    await forgetAnswers();
    expect((await api.post('/v1/persons', registration(bsn), { key: keys[0] })).text).toBe(registered.text);
    expect((await api.post(`/v1/persons/${personId}/claim-lines`, lines, { key: keys[1] })).text).toBe(declared.text);
    expect(await decisions(personId)).toBe(before);
  });

  test('what is refused has had no effect: its key may be used for the corrected request', async () => {
    const { personId } = await registerPerson(api);
    const key = randomUUID();
    const path = `/v1/persons/${personId}/histories`;
    expect((await api.post(path, history({ throughDate: '2199-01-01' }), { key })).status).toBe(422);
    expect((await api.post(path, history(), { key })).status).toBe(200);
    const stale = randomUUID();
    const headers = { 'if-match': '"0"' };
    expect((await api.post(`/v1/persons/${personId}/packages`, { packages: [] }, { key: stale, headers })).status).toBe(412);
    expect((await api.post(`/v1/persons/${personId}/packages`, { packages: [] }, { key: stale })).status).toBe(200);
  });

  test('a command that is repeated at a revision that it moved itself is done, not refused', async () => {
    const { personId } = await registerPerson(api);
    const asked = { key: randomUUID(), headers: { 'if-match': '"2"' } };
    const path = `/v1/persons/${personId}/packages`;
    const body = { packages: [{ insurer: '3343', package: 'Plus', from: '2024-01-01' }] };
    const first = await api.post(path, body, asked);
    expect(first.status).toBe(200);
    await forgetAnswers();
    expect((await api.post(path, body, asked)).text).toBe(first.text);
  });

  test('the table holds neither keys nor requests, and forgets after thirty days', async () => {
    const bsn = someBsn();
    const key = `key-${randomUUID()}`;
    await api.post('/v1/persons', registration(bsn), { key });
    const { rows } = await api.runtime.pool.query('select * from api.idempotency');
    const text = JSON.stringify(rows);
    for (const planted of [bsn, key, 'Zonderen', '1970-05-17', Buffer.from(bsn).toString('hex')])
      expect(text).not.toContain(planted);
    await installIdempotency(api.runtime.pool);
    expect(await purgeIdempotency(api.runtime.pool)).toBe(0);
    await api.runtime.pool.query("update api.idempotency set first_asked_at = now() - interval '31 days'");
    expect(await purgeIdempotency(api.runtime.pool)).toBe(rows.length);
  });
});
