import { randomUUID } from 'node:crypto';
import { declare, registerPerson, type Registered } from '../testing/persons';
import { RecordedAccesses } from '../testing/recorded-accesses';
import { TestApi, type Answer } from '../testing/test-api';

const because = { reason: 'clerical-error' };
const clerk = { subject: 'clerk-anna', roles: ['corrector'] as const };
const second = { subject: 'clerk-bert', roles: ['approver'] as const };

interface Preview {
  readonly digest: string;
  readonly totals: { readonly paidToProvider: number };
  readonly needsApproval: readonly { readonly code: string }[];
  readonly receiving: { readonly personId: string; readonly totals: { readonly paidToProvider: number } } | null;
}

describe('sessions that are moved, over HTTP', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await TestApi.start();
  });
  afterAll(() => api.stop());

  const path = ({ personId }: Registered): string => `/v1/persons/${personId}/corrections`;
  const treated = async (): Promise<Registered> => {
    const person = await registerPerson(api);
    await declare(
      api,
      person.personId,
      [1, 2, 3].map((n) => person.line(n)),
    );
    return person;
  };
  const fresh = (answer: Answer): string => `atLeast=${String(answer.body.position)}`;
  /** What the read models tell of the line. */
  const told = async (person: Registered, of: Registered, after: Answer): Promise<Answer> =>
    api.get(`/v1/persons/${person.personId}/decisions/${of.practice}/R0002?${fresh(after)}`);

  test('to another trajectory of the person: shown, booked as shown, and told of the trajectory it counts in', async () => {
    const person = await treated();
    const asked = { kind: 'move-session', input: { practice: person.practice, reference: 'R0002', diagnosis: '4021' } };
    const preview = (await api.post(`${path(person)}/preview`, asked, { key: null })).body as unknown as Preview;
    expect([preview.receiving, preview.needsApproval]).toEqual([null, []]);
    const booked = await api.post(path(person), { ...asked, ...because, effects: preview.digest });
    expect(booked.status).toBe(200);
    expect(booked.body).not.toHaveProperty('receiving');
    const { session, trace } = (await told(person, person, booked)).body as {
      session: { trajectoryId: string; diagnosis: string; condition: string; position: object };
      trace: object | null;
    };
    expect(session).toMatchObject({ diagnosis: '3176', condition: '1.b.7', position: { first: 1, last: 1 } });
    expect(trace).not.toBeNull();
    const trajectory = await api.get(`/v1/trajectories/${session.trajectoryId}?${fresh(booked)}`);
    expect((trajectory.body.sessions as { reference: string }[]).map(({ reference }) => reference)).toEqual(['R0002']);
    expect(trajectory.body).toMatchObject({ trajectory: { diagnosis: '4021', sessionsCounted: 1 } });
    const again = await api.post(path(person), { ...asked, ...because });
    expect([again.status, again.body.errors]).toEqual([
      422,
      [expect.objectContaining({ code: 'same-trajectory', pointer: '/input/diagnosis' })],
    ]);
  });

  describe('to another person', () => {
    let accesses: RecordedAccesses;
    beforeAll(() => {
      accesses = new RecordedAccesses(api);
    });
    const askedOf = (from: Registered, to: Registered) => ({
      kind: 'move-session-to-person',
      input: { practice: from.practice, reference: 'R0002', toPerson: to.personId },
    });
    const propose = async (from: Registered, to: Registered): Promise<{ readonly address: string; readonly effects: string }> => {
      const asked = askedOf(from, to);
      const preview = (await api.post(`${path(from)}/preview`, asked, { key: null, as: clerk })).body as unknown as Preview;
      expect(preview).toMatchObject({
        totals: { paidToProvider: -3850 },
        needsApproval: [{ code: 'other-person' }],
        receiving: { personId: to.personId, totals: { paidToProvider: 3850 } },
      });
      const proposed = await api.post(
        path(from),
        { ...asked, ...because, note: 'A letter.', effects: preview.digest },
        { as: clerk },
      );
      expect(proposed.status).toBe(202);
      return { address: `/v1/proposals/${String(proposed.body.proposalId)}`, effects: preview.digest };
    };
    const moved = async (from: Registered, to: Registered): Promise<Answer> => {
      const { address, effects } = await propose(from, to);
      return api.post(`${address}/approval`, { effects }, { key: null, as: second });
    };

    test('waits for a second clerk, is booked of both, and both are told of', async () => {
      const [from, to] = [await treated(), await registerPerson(api)];
      const booked = await moved(from, to);
      expect(booked.status).toBe(200);
      expect(booked.body).toMatchObject({
        facts: [{ type: 'SessionMovedOut.v1' }],
        decided: { withdrawnLines: [`${from.practice}/R0002`] },
        receiving: { personId: to.personId, decided: { changedDecisions: 1 }, paymentChanges: [{ grantedNowCents: 3850 }] },
      });
      const [left, arrived] = [await told(from, from, booked), await told(to, from, booked)];
      expect(left.body).toMatchObject({ session: { status: 'moved' }, booked: { paidToProvider: 0 } });
      expect((left.body.known as { status: string }[]).map(({ status }) => status)).toEqual(['decided', 'moved']);
      expect(arrived.body).toMatchObject({ session: { status: 'decided' }, booked: { paidToProvider: 3850 } });
      const { rows } = await api.runtime.pool.query<{ person: string; approved: string; note: boolean }>(
        `select distinct metadata->>'personId' as person, metadata->>'approvedBy' as approved, metadata->>'note' is not null as note
         from eventstore.events where metadata->>'commandId' = $1`,
        [booked.body.commandId],
      );
      expect(rows.sort((a) => (a.person === from.personId ? -1 : 1))).toEqual([
        { person: from.personId, approved: second.subject, note: true },
        { person: to.personId, approved: second.subject, note: false },
      ]);
    });

    test('is taken back when the other was erased after the line had left, and the answer tells both ways', async () => {
      const [from, to] = [await treated(), await registerPerson(api)];
      const { address, effects } = await propose(from, to);
      const { vault } = api.runtime.context;
      const identityOf = vault.identityOf.bind(vault);
      const hasLeft = async (): Promise<boolean> =>
        (
          await api.runtime.pool.query(
            `select from eventstore.events where type like 'SessionMovedOut%' and metadata->>'personId' = $1`,
            [from.personId],
          )
        ).rowCount === 1;
      const spy = jest.spyOn(vault, 'identityOf').mockImplementation(async (persons) => {
        if (await hasLeft()) await vault.destroyKey(to.personId);
        return identityOf(persons);
      });
      const answer = await api
        .post(`${address}/approval`, { effects }, { key: null, as: second })
        .finally(() => spy.mockRestore());
      expect([answer.status, answer.body.errors]).toMatchObject([422, [{ code: 'person-erased' }]]);
      expect(answer.body.paymentChanges).toMatchObject([
        { reference: 'R0002', grantedBeforeCents: 3850, grantedNowCents: 0 },
        { reference: 'R0002', grantedBeforeCents: 0, grantedNowCents: 3850 },
      ]);
    });

    test('every look and every step is on record of both persons', async () => {
      const [from, to] = [await treated(), await registerPerson(api)];
      await accesses.since();
      const { address, effects } = await propose(from, to);
      await api.get(address);
      await api.get('/v1/proposals?status=open');
      await api.post(`${address}/approval`, { effects }, { key: null, as: second });
      const of = new Map<string, string[]>();
      for (const { event, outcome, person } of await accesses.since())
        of.set(person ?? '', [...(of.get(person ?? '') ?? []), `${event} ${outcome}`]);
      const seen = of.get(from.personId) ?? [];
      expect(seen).toEqual([
        'preview-correction success',
        'correct attempted',
        'correct success',
        'show-proposal success',
        'list-proposals success',
        'approve-proposal attempted',
        'approve-proposal success',
      ]);
      expect(of.get(to.personId)).toEqual(seen);
    });

    test('its reference stays that of one line: a duplicate for both, taken for a third, also where the register was left behind', async () => {
      const [from, to, third] = [await treated(), await registerPerson(api), await registerPerson(api)];
      expect((await moved(from, to)).status).toBe(200);
      const line = `${from.practice}/R0002`;
      const codes = async ({ personId }: Registered): Promise<unknown> => {
        const { body } = await api.post(`/v1/persons/${personId}/claim-lines`, { lines: [from.line(2)] }, { key: randomUUID() });
        return (body.lines as { codes: string[] }[])[0]?.codes;
      };
      const owner = async (): Promise<unknown> =>
        (await api.runtime.pool.query('select person_id from dossiers.line_key where line = $1', [line])).rows[0];
      expect(await owner()).toEqual({ person_id: to.personId });
      const all = async () => [await codes(from), await codes(to), await codes(third)];
      expect(await all()).toEqual([['8067'], ['8067'], ['8021']]);
      await api.runtime.pool.query('update dossiers.line_key set person_id = $2 where line = $1', [line, from.personId]);
      expect(await all()).toEqual([['8067'], ['8067'], ['8021']]);
      expect(await owner()).toEqual({ person_id: to.personId });
    });
  });
});
