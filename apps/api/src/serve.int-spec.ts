import { once } from 'node:events';
import { connect } from 'node:net';
import { registration } from './testing/persons';
import { TestApi } from './testing/test-api';
import { serve } from './serve';

describe('serving', () => {
  let api: TestApi;
  beforeEach(async () => {
    api = await TestApi.start({ projector: false });
  });

  test.each(['0.0.0.0', '::', '192.168.1.10', 'example.org'])(
    'an address that others can reach (%s) is refused',
    async (host) => {
      await expect(serve(api.runtime, { host, port: 0 })).rejects.toThrow(/TRAJECT_HOST/);
      await api.stop();
    },
  );

  test('it listens on loopback, answers over a real connection, and lets requests under way end when it closes', async () => {
    const listening = await serve(api.runtime, { host: '127.0.0.1', port: 0 });
    expect(listening.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const request = fetch(`${listening.address}/v1/persons`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'over-a-real-connection' },
      body: JSON.stringify(registration()),
    });
    const idle = connect(Number(new URL(listening.address).port), '127.0.0.1');
    await once(idle, 'connect');
    const answer = await request;
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    await answer.text();
    const arrived = once(listening.app.getHttpServer(), 'request');
    const under = fetch(`${listening.address}/v1/policy`);
    await arrived;
    await listening.close();
    expect((await under).status).toBe(200);
    idle.destroy();
    await expect(fetch(`${listening.address}/health/live`)).rejects.toThrow();
    await api.stop();
  });
});
