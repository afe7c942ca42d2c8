import { randomUUID } from 'node:crypto';
import { declare, history, registerPerson } from '../testing/persons';
import { activateBundled, activateCoveredOnly } from '../testing/policies';
import { TestApi } from '../testing/test-api';

describe('grants that an activated policy moved', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await TestApi.start({ projector: false });
  });
  afterAll(() => api.stop());

  test("are told with the person's next command, once, each with its cause", async () => {
    const [one, other] = [await registerPerson(api), await registerPerson(api)];
    for (const person of [one, other]) await declare(api, person.personId, [person.line(1)]);
    const digest = await activateCoveredOnly(api);
    const byActivation = expect.objectContaining({
      reference: 'R0001',
      grantedBeforeCents: 3850,
      grantedNowCents: 0,
      cause: { type: 'ActivatePolicy', id: digest },
    }) as object;

    const lines = await declare(api, one.personId, [one.line(2)]);
    expect(lines.body.paymentChanges).toEqual([byActivation]);
    const after = await declare(api, one.personId, [one.line(3)]);
    expect(after.body.paymentChanges).toEqual([]);

    const path = `/v1/persons/${other.personId}`;
    const key = randomUUID();
    const imported = await api.post(`${path}/histories`, history({ count: 20 }), { key });
    const byHistory = { type: 'ImportHistory', id: imported.body.commandId };
    expect(imported.body.paymentChanges).toEqual([
      byActivation,
      expect.objectContaining({ reference: 'R0001', grantedBeforeCents: 0, grantedNowCents: 3850, cause: byHistory }),
    ]);
    await api.runtime.pool.query('delete from api.idempotency');
    const again = await api.post(`${path}/histories`, history({ count: 20 }), { key });
    expect(again.body).toEqual(imported.body);
  });

  test('are told by lines that are all refused, though nothing of them changed anything', async () => {
    const person = await registerPerson(api);
    const packages = [{ insurer: '3343', package: 'Plus', from: '2024-01-01', through: null }];
    await declare(api, person.personId, [person.line(1)]);
    await activateBundled(api);
    const again = await declare(api, person.personId, [person.line(1)]);
    expect(again.body).toMatchObject({ changed: false, lines: [{ outcome: 'refused' }], decided: { changedDecisions: 0 } });
    expect(again.body.paymentChanges).toEqual([
      expect.objectContaining({
        grantedBeforeCents: 0,
        grantedNowCents: 3850,
        cause: expect.objectContaining({ type: 'ActivatePolicy' }) as object,
      }),
    ]);
    const next = await api.post(`/v1/persons/${person.personId}/packages`, { packages });
    expect(next.body.paymentChanges).toEqual([]);
  });
});
