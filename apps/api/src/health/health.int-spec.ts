import { registerPerson } from '../testing/persons';
import { TestApi } from '../testing/test-api';

describe('health', () => {
  test('ready while every part answers; how far the read models are behind is told and does not make it unready', async () => {
    const api = await TestApi.start({ projector: false });
    expect((await api.get('/health/live')).body).toEqual({ status: 'up' });
    await registerPerson(api);
    const answer = await api.get('/health/ready');
    expect([answer.status, answer.body]).toMatchObject([
      200,
      {
        status: 'up',
        database: { status: 'up' },
        eventStore: { status: 'up' },
        readModels: { status: 'behind', position: null },
      },
    ]);
    expect((answer.body.readModels as { lagSeconds: number }).lagSeconds).toBeGreaterThanOrEqual(0);
    await api.stop();
  });

  test('not ready when the database is gone: 503 within seconds, and queries say so too; alive all the same', async () => {
    const api = await TestApi.start({ projector: false });
    await api.dropDatabase();
    const started = Date.now();
    const answer = await api.get('/health/ready');
    expect([answer.status, answer.body]).toMatchObject([503, { status: 'down', database: { status: 'down' } }]);
    expect(Date.now() - started).toBeLessThan(6_000);
    expect((await api.get('/health/live')).status).toBe(200);
    await api.stop();
  });
});
