import { randomUUID } from 'node:crypto';
import { verify } from '#libs/dossiers';
import { declare, history, registerPerson, type Registered } from '../testing/persons';
import { TestApi, type Answer } from '../testing/test-api';

const asked = (count: number, change: object = {}) => ({ kind: 'import-history', input: history({ count, ...change }) });
const because = { reason: 'provider-evidence' };

interface Preview {
  readonly digest: string;
  readonly lines: readonly { readonly before: object; readonly after: object }[];
  readonly totals: Readonly<Record<string, number>>;
  readonly needsApproval: readonly { readonly code: string }[];
}
const previewOf = (answer: Answer): Preview => answer.body as unknown as Preview;

describe('corrections over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await TestApi.start({ projector: false });
  });
  afterAll(() => api.stop());

  /** A person with so many sessions under the code of `history()`. */
  const treated = async (sessions: number): Promise<Registered & { readonly path: string }> => {
    const person = await registerPerson(api);
    const lines = Array.from({ length: sessions }, (_, i) => person.line(i + 1));
    await declare(api, person.personId, lines);
    return { ...person, path: `/v1/persons/${person.personId}/corrections` };
  };
  const events = async (personId: string): Promise<number> => {
    const { rows } = await api.runtime.pool.query<{ count: number }>(
      `select count(*)::int as count from eventstore.events where metadata->>'personId' = $1`,
      [personId],
    );
    return rows[0]?.count ?? -1;
  };

  test('what a preview shows is what is booked, and a preview writes nothing', async () => {
    const person = await treated(8);
    const before = await events(person.personId);
    const answer = await api.post(`${person.path}/preview`, asked(14), { key: null });
    expect([answer.status, await events(person.personId)]).toEqual([200, before]);
    const preview = previewOf(answer);
    expect([preview.lines.length, preview.totals.basic, preview.totals.claimFromInsured]).toEqual([8, 2 * 3850, -2 * 3850]);
    const booked = await api.post(person.path, { ...asked(14), ...because, effects: preview.digest });
    expect(booked.status).toBe(200);
    const entries = (booked.body.decided as { entries: { basic?: number }[] }).entries;
    expect(entries.reduce((sum, { basic = 0 }) => sum + basic, 0)).toBe(preview.totals.basic);
    const { rows } = await api.runtime.pool.query<{ reason: string }>(
      `select distinct metadata->>'reason' as reason from eventstore.events where metadata->>'commandId' = $1`,
      [booked.body.commandId],
    );
    expect(rows).toEqual([{ reason: 'provider-evidence' }]);
  });

  test('effects that have moved are 412 with what it would do now; the same key may then be used again', async () => {
    const person = await treated(8);
    const { digest } = previewOf(await api.post(`${person.path}/preview`, asked(14), { key: null }));
    await declare(api, person.personId, [person.line(0)]);
    const key = randomUUID();
    const moved = await api.post(person.path, { ...asked(14), ...because, effects: digest }, { key });
    expect([moved.status, moved.body.type]).toEqual([412, 'urn:traject:problem:effects-moved']);
    const now = moved.body.preview as Preview;
    expect(now.lines).toHaveLength(9);
    const booked = await api.post(person.path, { ...asked(14), ...because, effects: now.digest }, { key });
    expect(booked.status).toBe(200);
  });

  test('two corrections at once, agreed to on the same dossier: one is booked, the other is told what it would do now', async () => {
    const person = await treated(8);
    const ofA = asked(14);
    const ofB = asked(5, { document: { reference: 'B-2' } });
    const [a, b] = await Promise.all(
      [ofA, ofB].map(async (each) => previewOf(await api.post(`${person.path}/preview`, each, { key: null })).digest),
    );
    const answers = await Promise.all([
      api.post(person.path, { ...ofA, ...because, effects: a }),
      api.post(person.path, { ...ofB, ...because, effects: b }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  test('against lines that keep coming: booked as it was agreed to, or told what it would do now, until it is booked; no line is lost', async () => {
    const person = await treated(8);
    const order = { ...asked(5), ...because };
    let { digest } = previewOf(await api.post(`${person.path}/preview`, asked(5), { key: null }));
    const lines = (async () => {
      for (let nth = 9; nth <= 16; nth += 1) await declare(api, person.personId, [person.line(nth)]);
    })();
    // What is agreed to is out of date by the first line that comes: only what nothing came into is booked.
    let answer = await api.post(person.path, { ...order, effects: digest });
    while (answer.status === 412) {
      ({ digest } = answer.body.preview as Preview);
      answer = await api.post(person.path, { ...order, effects: digest });
    }
    await lines;
    expect(answer.status).toBe(200);
    const { rows } = await api.runtime.pool.query<{ type: string; count: number }>(
      `select type, count(*)::int as count from eventstore.events
       where metadata->>'personId' = $1 and type in ('SessionDeclared.v1', 'HistoryImported.v2') group by type order by type`,
      [person.personId],
    );
    expect(rows).toEqual([
      { type: 'HistoryImported.v2', count: 1 },
      { type: 'SessionDeclared.v1', count: 16 },
    ]);
    expect((await verify(api.runtime.store, api.runtime.context.policies)).findings).toEqual([]);
  });

  test('what one person may not decide becomes a proposal; the one who proposed it cannot approve it, nor can the database', async () => {
    const person = await treated(30);
    const before = await events(person.personId);
    const preview = previewOf(await api.post(`${person.path}/preview`, asked(14), { key: null }));
    expect(preview.needsApproval.map(({ code }) => code)).toEqual(['sessions-above', 'cents-above']);
    const key = randomUUID();
    const proposed = await api.post(person.path, { ...asked(14), ...because, effects: preview.digest }, { key });
    expect([proposed.status, proposed.body.status, await events(person.personId)]).toEqual([202, 'open', before]);
    expect((await api.post(person.path, { ...asked(14), ...because, effects: preview.digest }, { key })).body).toEqual(
      proposed.body,
    );
    const address = `/v1/proposals/${String(proposed.body.proposalId)}`;
    const own = await api.post(`${address}/approval`, { effects: preview.digest }, { key: null });
    expect([own.status, own.body.type]).toEqual([403, 'urn:traject:problem:own-proposal']);
    await expect(
      api.runtime.pool.query(
        `update corrections.proposal set status = 'approved', decided_by = proposed_by, decided_at = now() where proposal_id = $1`,
        [proposed.body.proposalId],
      ),
    ).rejects.toThrow('another_person_approves');
    await expect(
      api.runtime.pool.query(`update corrections.proposal set effects = repeat('0', 64) where proposal_id = $1`, [
        proposed.body.proposalId,
      ]),
    ).rejects.toThrow('what was proposed never changes');
    const shown = await api.get(address);
    expect([shown.status, shown.body.isStale]).toEqual([200, false]);
    const rejected = await api.post(`${address}/rejection`, { remark: 'the form is of another practice' }, { key: null });
    expect([rejected.status, rejected.body.status]).toEqual([200, 'rejected']);
    const late = await api.post(`${address}/rejection`, { remark: 'again' }, { key: null });
    expect([late.status, late.body.type]).toEqual([409, 'urn:traject:problem:proposal-decided']);
    expect(await events(person.personId)).toBe(before);
  });

  describe('with two people', () => {
    const clerk = { subject: 'clerk-anna', roles: ['corrector'] as const };
    const second = { subject: 'clerk-bert', roles: ['approver'] as const };
    const note = 'The form came by letter of 3 April.';
    const proposedBy = async (person: { readonly path: string }): Promise<{ address: string; effects: string }> => {
      const { digest } = previewOf(await api.post(`${person.path}/preview`, asked(14), { key: null, as: clerk }));
      const body = { ...asked(14), ...because, note, effects: digest };
      const proposed = await api.post(person.path, body, { as: clerk });
      expect(proposed.status).toBe(202);
      return { address: `/v1/proposals/${String(proposed.body.proposalId)}`, effects: digest };
    };

    test('the second one books exactly what the first one proposed, and both stand in its events, with the note', async () => {
      const person = await treated(30);
      const { address, effects } = await proposedBy(person);
      expect((await api.post(`${address}/approval`, { effects }, { key: null, as: clerk })).status).toBe(403);
      const other = await api.post(`${address}/approval`, { effects: '0'.repeat(64) }, { key: null, as: second });
      expect([other.status, other.body.type]).toEqual([412, 'urn:traject:problem:effects-differ']);
      const booked = await api.post(`${address}/approval`, { effects }, { key: null, as: second });
      expect(booked.status).toBe(200);
      const { rows } = await api.runtime.pool.query<{ actor: string; by: string; note: string }>(
        `select distinct metadata->>'actor' as actor, metadata->>'approvedBy' as by, metadata->>'note' as note
         from eventstore.events where metadata->>'commandId' = $1`,
        [booked.body.commandId],
      );
      expect(rows).toMatchObject([{ actor: 'clerk-anna', by: 'clerk-bert' }]);
      const read = await api.get(`/v1/persons/${person.personId}/notes/${rows[0]?.note ?? ''}`);
      expect([read.status, read.body.text]).toEqual([200, note]);
      const again = await api.post(`${address}/approval`, { effects }, { key: null, as: second });
      expect([again.status, again.body.type]).toEqual([409, 'urn:traject:problem:proposal-decided']);
    });

    test('a proposal that is agreed to and not finished is not stale, and approving it once more books it', async () => {
      const person = await treated(30);
      const { address, effects } = await proposedBy(person);
      // as a process leaves it that is killed after the approval was recorded
      await api.runtime.pool.query(
        `update corrections.proposal set status = 'approved', decided_by = 'clerk-bert', decided_at = now() where proposal_id = $1`,
        [address.split('/').at(-1)],
      );
      const shown = (await api.get(address)).body;
      expect(shown).toMatchObject({ proposal: { status: 'approved' }, now: null, isStale: false });
      expect((await api.post(`${address}/approval`, { effects }, { key: null, as: second })).status).toBe(200);
      expect((await api.get(address)).body).toMatchObject({ proposal: { status: 'booked' }, now: null, isStale: false });
    });

    test('a proposal whose effects have moved says that it is stale, and approving it books nothing', async () => {
      const person = await treated(30);
      const { address, effects } = await proposedBy(person);
      await declare(api, person.personId, [person.line(0)]);
      expect((await api.get(address)).body.isStale).toBe(true);
      const before = await events(person.personId);
      const approval = await api.post(`${address}/approval`, { effects }, { key: null, as: second });
      expect([approval.status, approval.body.type]).toEqual([412, 'urn:traject:problem:effects-moved']);
      expect(await events(person.personId)).toBe(before);
      expect((await api.get(address)).body).toMatchObject({ isStale: true, proposal: { status: 'stale' } });
    });

    test('two approvals at once book once', async () => {
      const person = await treated(30);
      const { address, effects } = await proposedBy(person);
      const third = { subject: 'clerk-carla', roles: ['approver'] as const };
      const answers = await Promise.all(
        [second, third].map((as) => api.post(`${address}/approval`, { effects }, { key: null, as })),
      );
      expect(answers.map(({ status }) => status).filter((status) => status === 200).length).toBeGreaterThan(0);
      const { rows } = await api.runtime.pool.query<{ n: number }>(
        `select count(*)::int as n from eventstore.events where type like 'HistoryImported.%' and metadata->>'personId' = $1`,
        [person.personId],
      );
      expect(rows).toEqual([{ n: 1 }]);
    });
  });

  test('a dossier is shown as it was known before a correction, and valid on a day', async () => {
    const person = await treated(4);
    const moment = new Date().toISOString();
    expect((await api.post(person.path, { ...asked(14), ...because })).status).toBe(200);
    const positions = async (query: string): Promise<unknown> => {
      const answer = await api.get(`/v1/persons/${person.personId}/dossier-as-known${query}`);
      const [trajectory] = answer.body.trajectories as { sessions: { decision: { sessions: { position: number }[] } }[] }[];
      return trajectory?.sessions.map(({ decision }) => decision.sessions[0]?.position);
    };
    expect(await positions('')).toEqual([15, 16, 17, 18]);
    expect(await positions(`?knownOn=${moment}`)).toEqual([1, 2, 3, 4]);
    expect(await positions('?validOn=2024-01-14')).toEqual([15, 16]);
    expect((await api.get(`/v1/persons/${person.personId}/dossier-as-known?knownOn=yesterday`)).status).toBe(400);
  });

  test('a route of its own takes no correction that needs a second person', async () => {
    const person = await treated(30);
    const answer = await api.post(`/v1/persons/${person.personId}/histories`, history());
    expect([answer.status, (answer.body.errors as { code: string }[])[0]?.code]).toEqual([422, 'needs-approval']);
  });

  test('what is impossible says which field of the input, in a preview too', async () => {
    const person = await treated(1);
    const wrong = asked(14, { throughDate: '2023-01-01' });
    for (const [path, body] of [
      [`${person.path}/preview`, wrong],
      [person.path, { ...wrong, ...because }],
    ] as const) {
      const answer = await api.post(path, body);
      expect([answer.status, (answer.body.errors as { pointer: string; code: string }[])[0]]).toMatchObject([
        422,
        { pointer: '/input/startedOn', code: 'period-reversed' },
      ]);
    }
  });

  test.each([
    ['an unknown kind', { kind: 'erase', input: {} }],
    ['an input of another kind', { kind: 'remap-diagnosis', input: history() }],
    ['no input', { kind: 'import-history' }],
    ['effects that are no digest', { ...asked(14), ...because, effects: 'yes' }],
    ['no reason', asked(14)],
    ['an unknown reason', { ...asked(14), reason: 'because' }],
  ])('%s is 400', async (_what, body) => {
    const answer = await api.post(`/v1/persons/${randomUUID()}/corrections`, body);
    expect(answer.status).toBe(400);
  });

  test('an unknown person and an unknown proposal are 404', async () => {
    expect((await api.post(`/v1/persons/${randomUUID()}/corrections/preview`, asked(14), { key: null })).status).toBe(404);
    expect((await api.get(`/v1/proposals/${randomUUID()}`)).status).toBe(404);
    const effects = '0'.repeat(64);
    expect((await api.post(`/v1/proposals/${randomUUID()}/approval`, { effects }, { key: null })).status).toBe(404);
  });
});
