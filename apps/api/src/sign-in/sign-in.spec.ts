import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { ProblemBody } from '../http/problem';
import { apiWithoutStore } from '../testing/api-without-store';
import { TestSignIn } from '../testing/sign-in';

const PATH = '/v1/persons/lookup';
const BSN = '123456782';

describe('signing in', () => {
  let signIn: TestSignIn;
  let app: NestFastifyApplication;
  const logged: string[] = [];
  beforeAll(async () => {
    signIn = await TestSignIn.start();
    app = await apiWithoutStore(logged, signIn.access({ failedSignInsPerMinute: 100 }));
  });
  beforeEach(() => logged.splice(0));
  afterAll(async () => {
    await app.close();
    await signIn.stop();
  });

  async function ask(
    authorization: string | undefined,
    { api = app, headers = {}, remoteAddress = '10.0.0.1' } = {},
  ): Promise<{ readonly status: number; readonly problem: ProblemBody; readonly headers: Readonly<Record<string, unknown>> }> {
    const answer = await api.inject({
      method: 'POST',
      url: PATH,
      remoteAddress,
      headers: { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }), ...headers },
      // what would be refused if it were read
      payload: '{"bsn":',
    });
    return { status: answer.statusCode, problem: JSON.parse(answer.payload) as ProblemBody, headers: answer.headers };
  }
  const tokenOf = (subject: string, claims = {}): Promise<string> => signIn.issuer.sign({ subject, roles: ['reader'], claims });

  test.each([undefined, '', 'Basic c29tZWJvZHk6cGFzc3dvcmQ=', 'Token abc'])(
    'without a bearer token (%s): 401, and which one is asked for',
    async (authorization) => {
      const { status, problem, headers } = await ask(authorization);
      expect([status, problem.type]).toEqual([401, 'urn:traject:problem:token-missing']);
      // RFC 6750, 3.1: no error code when there was no token
      expect(headers['www-authenticate']).toBe('Bearer realm="traject"');
    },
  );

  test.each(['Bearer', 'Bearer ', 'Bearer a b', 'Bearer é', 'bearer not-a-token', 'Bearer eyJhbGciOiJub25lIn0.e30.'])(
    'what is no token (%s): 401 that says so',
    async (authorization) => {
      const { status, problem, headers } = await ask(authorization);
      expect([status, problem.type]).toEqual([401, 'urn:traject:problem:token-refused']);
      expect(headers['www-authenticate']).toMatch(/^Bearer realm="traject", error="invalid_token", error_description="[^"]+"$/);
    },
  );

  test('with a good token, whatever the case of the scheme, the request is read', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const { status, problem } = await ask(`${scheme} ${await tokenOf('somebody')}`);
      expect([status, problem.type]).toEqual([400, 'urn:traject:problem:json-malformed']);
    }
  });

  test('without the role: 403 that names the roles which may', async () => {
    const { authorization } = await signIn.bearer({ roles: ['operator'] });
    const { status, problem, headers } = await ask(authorization);
    expect([status, problem.type]).toEqual([403, 'urn:traject:problem:role-missing']);
    expect(problem.detail).toContain('one of the roles ingest, reader, corrector, approver, auditor');
    expect(headers['www-authenticate']).toContain('error="insufficient_scope", scope="ingest reader corrector approver auditor"');
  });

  test.each([BSN, `bsn:${BSN}`, 'a.clerk@insurer.example', 'Aafke van Zonderen', 'x'.repeat(129)])(
    'the subject %s is no pseudonym: refused',
    async (subject) => {
      const { status, problem, headers } = await ask(`Bearer ${await tokenOf(subject)}`);
      expect([status, problem.type]).toEqual([401, 'urn:traject:problem:token-refused']);
      expect(problem.detail).toContain('is not a pseudonym');
      expect(JSON.stringify([problem, headers])).not.toContain(subject);
    },
  );

  test.each([
    '8f14e45f-ceea-467f-9575-1b1e3c2b4f6a',
    'auth0|5f7c8ec7c33c6c004bbafe82',
    '110169484474386276334',
    'service:claims',
  ])('the subject %s is a pseudonym', async (subject) => {
    expect((await ask(`Bearer ${await tokenOf(subject)}`)).status).toBe(400);
  });

  test.each([BSN, 'a purpose', `case-${BSN}`, 'x'.repeat(65), '', '-'])('the purpose %j is no code: 400', async (purpose) => {
    const { status, problem } = await ask(`Bearer ${await tokenOf('somebody')}`, { headers: { purpose } });
    expect([status, problem.errors?.map(({ pointer }) => pointer)]).toEqual([400, ['/Purpose']]);
  });

  test('no token, no part of one and no claim comes into the log; why one was refused does', async () => {
    const tokens = await Promise.all([
      tokenOf('a-subject'),
      tokenOf('a-subject', { exp: 1 }),
      tokenOf('a-subject', { aud: 'an-audience' }),
    ]);
    for (const token of tokens) await ask(`Bearer ${token}`);
    const text = logged.join('');
    expect(logged.map((line) => (JSON.parse(line) as { fault?: string }).fault).filter(Boolean)).toEqual(['expired', 'audience']);
    for (const part of tokens.flatMap((token) => token.split('.'))) expect(text).not.toContain(part);
    expect(text).not.toMatch(/a-subject|an-audience|DEVELOPMENT/);
  });

  test('when the issuer is not there: 503 to everybody who shows a token, 401 to everybody who does not', async () => {
    const gone = await TestSignIn.start();
    const logOfGone: string[] = [];
    const api = await apiWithoutStore(logOfGone, gone.access());
    const { authorization } = await gone.bearer();
    await gone.stop();
    const { status, problem, headers } = await ask(authorization, { api });
    expect([status, problem.type, headers['retry-after']]).toEqual([503, 'urn:traject:problem:issuer-unavailable', '5']);
    expect(problem.detail).toContain('Nobody is let in');
    expect((await ask(undefined, { api })).status).toBe(401);
    expect((await api.inject({ url: '/health/live' })).statusCode).toBe(200);
    expect(logOfGone.join('')).toContain('a token could not be checked');
    expect(logOfGone.join('')).not.toContain(authorization.slice(20, 60));
    await api.close();
  });

  test('an address from which too many fail to sign in is told to wait; from another, and with a good token, it goes on', async () => {
    const api = await apiWithoutStore([], signIn.access({ failedSignInsPerMinute: 3 }));
    const statuses: number[] = [];
    for (let nth = 0; nth < 5; nth += 1) statuses.push((await ask('Bearer not-a-token', { api })).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    const { problem, headers } = await ask(undefined, { api });
    expect(problem.type).toBe('urn:traject:problem:too-many-requests');
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
    expect((await ask(undefined, { api, remoteAddress: '10.0.0.2' })).status).toBe(401);
    expect((await ask(`Bearer ${await tokenOf('somebody')}`, { api })).status).toBe(400);
    await api.close();
  });
});
