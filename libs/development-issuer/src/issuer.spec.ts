import { request } from 'node:http';
import { decodeJwt } from 'jose';
import { ROLES } from '#libs/sign-in';
import { startDevelopmentIssuer, type DevelopmentIssuer } from './issuer';

describe('the development issuer', () => {
  let issuer: DevelopmentIssuer;
  beforeAll(async () => {
    issuer = await startDevelopmentIssuer();
  });
  afterAll(() => issuer.stop());

  const ask = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${issuer.issuer}${path}`, init);
  const post = (body: string, headers: Record<string, string> = {}): Promise<Response> =>
    ask('/token', { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body });

  test('listens on loopback, and says DEVELOPMENT in its name, its metadata, its audience and every token', async () => {
    expect(issuer.issuer).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/DEVELOPMENT$/);
    const metadata = (await (await ask('/.well-known/openid-configuration')).json()) as Record<string, string>;
    expect(metadata.issuer).toBe(issuer.issuer);
    expect(metadata.traject_warning).toMatch(/^DEVELOPMENT issuer of Traject: it gives a token to anybody who asks/);
    for (const claim of ['iss', 'aud', 'sub', 'client_id'])
      expect(decodeJwt(await issuer.tokenOf('reader'))[claim]).toContain('DEVELOPMENT');
  });

  test('has a user per role, each with that role alone', async () => {
    for (const role of ROLES) {
      const { access_token } = (await (await post(`user=${role}`)).json()) as { access_token: string };
      expect(decodeJwt(access_token)).toMatchObject({ sub: `DEVELOPMENT-${role}`, roles: [role] });
    }
    expect(await (await post('user=reader', { accept: 'text/plain' })).text()).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
  });

  test.each(['', 'user=', 'user=everybody', 'role=reader', `user=${'x'.repeat(10_000)}`])(
    'asked for a user it does not have (%.20s): 400',
    async (body) => {
      const answer = await post(body);
      expect([answer.status, await answer.json()]).toMatchObject([400, { error: 'invalid_request' }]);
    },
  );

  test('gives no private key away', async () => {
    const text = await (await ask('/keys')).text();
    expect(Object.keys((JSON.parse(text) as { keys: [object] }).keys[0])).not.toContain('d');
  });

  test('gives nothing to a page of another site that has its name point at this machine', async () => {
    const { port } = new URL(issuer.issuer);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request({
        host: '127.0.0.1',
        port,
        path: '/DEVELOPMENT/token',
        method: 'POST',
        headers: { host: `evil.example:${port}` },
      });
      asked
        .on('response', (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end('user=reader');
    });
    expect(status).toBe(421);
  });

  test('two of them do not take each other’s tokens for their own: keys are made at the start', async () => {
    const other = await startDevelopmentIssuer();
    const keyOf = async (of: DevelopmentIssuer) =>
      ((await (await fetch(`${of.issuer}/keys`)).json()) as { keys: [{ x: string }] }).keys[0].x;
    expect(await keyOf(other)).not.toBe(await keyOf(issuer));
    await other.stop();
  });
});
