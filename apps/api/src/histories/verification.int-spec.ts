import { randomUUID } from 'node:crypto';
import { declare, history, registerPerson, type Registered } from '../testing/persons';
import { TestApi } from '../testing/test-api';

describe('verification of a history over HTTP', () => {
  let api: TestApi;
  let person: Registered;
  let path: string;
  const clerk = { subject: 'clerk-anna', roles: ['corrector'] as const };
  const second = { subject: 'clerk-bert', roles: ['approver'] as const };

  beforeAll(async () => {
    api = await TestApi.start();
    person = await registerPerson(api);
    await declare(api, person.personId, [person.line(1)]);
    const stated = { ...history(), signedOn: '2024-12-31' };
    const imported = await api.post(`/v1/persons/${person.personId}/histories`, stated, { as: clerk });
    expect(imported.status).toBe(200);
    const { importId } = (imported.body.facts as { type: string; importId?: string }[]).find(({ type }) =>
      type.startsWith('HistoryImported.'),
    ) as { importId: string };
    path = `/v1/persons/${person.personId}/histories/${importId}`;
  });
  afterAll(() => api.stop());

  test('nobody imports one that is verified at once', async () => {
    const answer = await api.post(`/v1/persons/${person.personId}/histories`, { ...history(), status: 'verified' });
    expect([answer.status, answer.body.errors]).toEqual([
      400,
      [expect.objectContaining({ pointer: '/status', problem: expect.stringMatching(/verify-history/) as string })],
    ]);
  });

  test('[verified-2] its recorder is told so, looking and doing alike; another verifies it, and the dossier shows it', async () => {
    const importId = path.split('/').at(-1);
    const own = await api.post(`${path}/verification`, {}, { as: clerk });
    expect([own.status, own.body.errors]).toEqual([422, [expect.objectContaining({ code: 'own-import' })]]);
    const looked = await api.post(
      `/v1/persons/${person.personId}/corrections/preview`,
      { kind: 'verify-history', input: { importId } },
      { key: null, as: clerk },
    );
    expect([looked.status, looked.body.errors]).toEqual([422, [expect.objectContaining({ code: 'own-import' })]]);
    const verified = await api.post(`${path}/verification`, {}, { as: second });
    expect([verified.status, verified.body.changed]).toEqual([200, true]);
    expect(verified.body.decided).toMatchObject({ changedDecisions: 0, entries: [] });
    const dossier = await api.get(`/v1/persons/${person.personId}/dossier?atLeast=${String(verified.body.position)}`);
    const [trajectory] = dossier.body.trajectories as { histories: object[] }[];
    expect(trajectory?.histories).toEqual([
      expect.objectContaining({ importId, status: 'verified', signedOn: '2024-12-31', endedBy: null }),
    ]);
    expect((await api.post(`${path}/verification`, {}, { as: second })).status).toBe(422);
  });

  test('what was proposed before and the form refuses since is told as stale, and approved by nobody', async () => {
    const proposalId = randomUUID();
    const input = { ...history(), document: { reference: 'HIST-2024-0008' }, status: 'verified' };
    await api.runtime.pool.query(
      `insert into corrections.proposal (proposal_id, person_id, kind, input, reason, effects, needs_approval, proposed_by)
       values ($1, $2, 'import-history', $3, 'insurer-evidence', $4, '[]', 'clerk-anna')`,
      [proposalId, person.personId, JSON.stringify(input), 'a'.repeat(64)],
    );
    const shown = await api.get(`/v1/proposals/${proposalId}`);
    expect([shown.status, shown.body.now, shown.body.isStale]).toEqual([200, null, true]);
    const approval = { effects: 'a'.repeat(64) };
    const answer = await api.post(`/v1/proposals/${proposalId}/approval`, approval, { key: null, as: second });
    expect([answer.status, answer.body.errors]).toEqual([422, [expect.objectContaining({ code: 'form-changed' })]]);
  });
});
