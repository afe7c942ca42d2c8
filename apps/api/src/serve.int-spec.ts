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
    'with an issuer for development an address that others can reach (%s) is refused',
    async (host) => {
      await expect(serve(api.runtime, { host, port: 0, ...api.signIn.access() })).rejects.toThrow(/TRAJECT_HOST/);
      await api.stop();
    },
  );

  test('without an issuer to trust nothing is served', async () => {
    const { limits } = api.signIn.access();
    await expect(serve(api.runtime, { host: '127.0.0.1', port: 0, signIn: null, limits })).rejects.toThrow(/TRAJECT_OIDC_ISSUER/);
    await api.stop();
  });

  test('with an issuer that is not for development it listens on any address, and answers by any name', async () => {
    const { signIn, limits } = api.signIn.access();
    const trusted = { ...signIn, issuer: 'https://issuer.invalid', development: false };
    const listening = await serve(api.runtime, { host: '0.0.0.0', port: 0, signIn: trusted, limits });
    expect(listening.address).toMatch(/^http:\/\/0\.0\.0\.0:\d+$/);
    const named = await listening.app.inject({ url: '/health/live', headers: { host: 'traject.example.org' } });
    expect(named.statusCode).toBe(200);
    // nobody can reach that issuer: nobody is let in
    const headers = await api.signIn.bearer();
    expect((await fetch(`${listening.address.replace('0.0.0.0', '127.0.0.1')}/v1/policy`, { headers })).status).toBe(503);
    await listening.close();
    await api.stop();
  });

  test('it listens on loopback, answers over a real connection, and lets requests under way end when it closes', async () => {
    const listening = await serve(api.runtime, { host: '127.0.0.1', port: 0, ...api.signIn.access() });
    expect(listening.address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const caller = await api.signIn.bearer();
    const request = fetch(`${listening.address}/v1/persons`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'over-a-real-connection', ...caller },
      body: JSON.stringify(registration()),
    });
    const idle = connect(Number(new URL(listening.address).port), '127.0.0.1');
    await once(idle, 'connect');
    const answer = await request;
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    await answer.text();
    const arrived = once(listening.app.getHttpServer(), 'request');
    const under = fetch(`${listening.address}/v1/policy`, { headers: caller });
    await arrived;
    await listening.close();
    expect((await under).status).toBe(200);
    idle.destroy();
    await expect(fetch(`${listening.address}/health/live`)).rejects.toThrow();
    await api.stop();
  });
});
