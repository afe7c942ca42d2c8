import { declare, registerPerson } from '../testing/persons';
import { TestApi } from '../testing/test-api';
import { AT_LEAST_HEADER } from './freshness.interceptor';

describe('freshness', () => {
  test("a query that asks for a command's position sees its effect, and says how fresh it is", async () => {
    const api = await TestApi.start();
    const { personId, line } = await registerPerson(api);
    for (let nth = 1; nth <= 5; nth += 1) {
      const { body } = await declare(api, personId, [line(nth)]);
      const asked = { [AT_LEAST_HEADER]: String(body.position) };
      const dossier = await api.get(`/v1/persons/${personId}/dossier`, asked);
      expect(dossier.body).toMatchObject({ trajectories: [{ lines: nth }] });
      const fresh = String(dossier.headers['traject-position']).split('-').map(BigInt);
      const wanted = String(body.position).split('-').map(BigInt);
      expect((fresh[0] ?? 0n) >= (wanted[0] ?? 0n)).toBe(true);
    }
    await api.stop();
  });

  test('read models that do not come that far: 503 after a bounded wait, and when to come back; without asking, what is there', async () => {
    const api = await TestApi.start({ projector: false });
    const { personId } = await registerPerson(api);
    const started = Date.now();
    const late = await api.get('/v1/work-list?atLeast=999999999-1');
    expect([late.status, late.body.type]).toEqual([503, 'urn:traject:problem:not-fresh']);
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
    expect(Date.now() - started).toBeGreaterThan(4_000);
    expect(Date.now() - started).toBeLessThan(8_000);
    const now = await api.get('/v1/work-list');
    expect([now.status, now.headers['traject-position']]).toEqual([200, '0-0']);
    expect((await api.get(`/v1/persons/${personId}/dossier`)).status).toBe(404);
    const wrong = await api.get('/v1/work-list', { [AT_LEAST_HEADER]: 'yesterday' });
    expect([wrong.status, wrong.body.errors]).toMatchObject([400, [{ in: 'header', pointer: `/${AT_LEAST_HEADER}` }]]);
    await api.stop();
  });
});
