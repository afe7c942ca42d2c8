import { connect, type AddressInfo } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { apiWithoutStore } from '../testing/api-without-store';
import { TestSignIn } from '../testing/sign-in';
import type { ProblemBody } from './problem';

const PERSON = '/v1/persons/0b7f3c5e-6f0a-4a55-8f1d-6f1d3f0c2a11';
const PLANTED_BSN = '123456782';

describe('what is answered before any part is asked', () => {
  let app: NestFastifyApplication;
  const logged: string[] = [];
  let signIn: TestSignIn;
  beforeAll(async () => {
    signIn = await TestSignIn.start();
    app = await apiWithoutStore(logged, signIn.access());
  });
  afterAll(async () => {
    await app.close();
    await signIn.stop();
  });

  const ask = async (
    options: Exclude<Parameters<NestFastifyApplication['inject']>[0], string>,
  ): Promise<{ status: number; problem: ProblemBody; headers: object }> => {
    const answer = await app.inject({ ...options, headers: { ...(await signIn.bearer()), ...options.headers } });
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.payload).not.toMatch(/node_modules|at .*\.(ts|js):\d+|FST_|Exception/);
    expect(answer.payload).not.toContain(PLANTED_BSN);
    const problem = JSON.parse(answer.payload) as ProblemBody;
    expect(problem.status).toBe(answer.statusCode);
    return { status: answer.statusCode, problem, headers: answer.headers };
  };
  const json = { 'content-type': 'application/json', 'idempotency-key': 'a-key-of-its-own' };

  test('an address where nothing is: 404, without repeating it', async () => {
    const { status, problem } = await ask({ url: `/v1/nothing/${PLANTED_BSN}` });
    expect([status, problem.type]).toEqual([404, 'urn:traject:problem:route-unknown']);
  });

  test('an address under another method: 405, and which it has', async () => {
    const { status, headers } = await ask({ method: 'DELETE', url: `${PERSON}/insurance` });
    expect(status).toBe(405);
    expect(headers).toMatchObject({ allow: 'POST' });
    const dossier = await ask({ method: 'POST', url: `${PERSON}/dossier`, headers: json, payload: '{}' });
    expect([dossier.status, dossier.headers]).toMatchObject([405, { allow: 'GET, HEAD' }]);
  });

  test('a body over 1 MiB: 413', async () => {
    const payload = `{"lines":["${'x'.repeat(1_048_600)}"]}`;
    expect((await ask({ method: 'POST', url: `${PERSON}/claim-lines`, headers: json, payload })).status).toBe(413);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'a body as %s: 415',
    async (type) => {
      const headers = { ...json, 'content-type': type };
      expect((await ask({ method: 'POST', url: `${PERSON}/insurance`, headers, payload: 'bsn=123456782' })).status).toBe(415);
    },
  );

  test.each(['', '{', '{"bsn":"123456782"', '[1,', 'null x', '{"__proto__":{"a":1}}'])(
    'a body that is not well-formed JSON (%j): 400, without repeating it',
    async (payload) => {
      const { status, problem } = await ask({ method: 'POST', url: '/v1/persons/lookup', headers: json, payload });
      expect([status, problem.type]).toEqual([400, 'urn:traject:problem:json-malformed']);
    },
  );

  test.each(['null', '[]', '3', '"text"'])('a body that is JSON but no object (%s): 400', async (payload) => {
    const { status, problem } = await ask({ method: 'POST', url: `${PERSON}/insurance`, headers: json, payload });
    expect([status, problem.errors?.[0]]).toMatchObject([400, { in: 'body', pointer: '' }]);
  });

  test('no body at all: 400 that says the body is needed', async () => {
    const headers = { 'idempotency-key': 'a-key-of-its-own' };
    const { status, problem } = await ask({ method: 'POST', url: `${PERSON}/insurance`, headers });
    expect([status, problem.errors?.[0]]).toMatchObject([400, { code: 'missing', in: 'body', pointer: '' }]);
  });

  test('a URL that is not well-formed: 400, and one with a part that is too long: 414 or 404', async () => {
    expect((await ask({ url: '/v1/persons/%zz/dossier' })).status).toBe(400);
    expect([404, 414]).toContain((await ask({ url: `/v1/persons/${'9'.repeat(400)}/dossier` })).status);
  });

  test('the name of another machine: 421', async () => {
    expect((await ask({ url: '/health/live', headers: { host: 'evil.example:3000' } })).status).toBe(421);
    for (const host of ['127.0.0.1:3000', 'localhost', '[::1]:3000'])
      expect((await app.inject({ url: '/health/live', headers: { host } })).statusCode).toBe(200);
  });

  test('a fault of ours: 500 that tells nothing of our inside, with the id under which it was logged', async () => {
    logged.length = 0;
    const { status, problem } = await ask({ url: '/v1/payer-split?from=2024-01&through=2024-12' });
    expect(status).toBe(500);
    expect(JSON.stringify(problem)).not.toContain('secret');
    const line = logged.find((each) => each.includes('a request failed')) ?? '';
    expect(`urn:uuid:${(JSON.parse(line) as { requestId: string }).requestId}`).toBe(problem.instance);
    expect(line).not.toContain(PLANTED_BSN);
  });

  test('the log has the route of a request and never its URL, query, headers or body', async () => {
    logged.length = 0;
    const headers = { ...json, ...(await signIn.bearer()) };
    await app.inject({ url: '/v1/work-list?kind=jansen-de-vries', headers });
    await app.inject({ method: 'POST', url: '/v1/persons/lookup', headers, payload: '{"bsn":"123456782"}' });
    const text = logged.join('');
    expect(text).toContain('"route":"/v1/work-list"');
    expect(text).not.toMatch(/jansen|123456782|a-key-of-its-own|eyJ/);
  });

  test('every fault of headers, path and body is told at once, by JSON pointer', async () => {
    const { status, problem } = await ask({
      method: 'POST',
      url: '/v1/persons/123456782/insurance',
      headers: { 'content-type': 'application/json', 'if-match': 'W/abc' },
      payload: JSON.stringify({
        periods: [{ insurer: 'abc', from: '2023-02-30', till: '2024-01-01' }, { from: 4 }],
        diedOn: '01-01-2024',
        'Jansen, A.': true,
        [PLANTED_BSN]: 1,
      }),
    });
    expect(status).toBe(400);
    expect(problem.errors?.map(({ in: place, pointer, code }) => `${place} ${pointer} ${code}`).sort()).toEqual([
      'body /? field-unknown',
      'body /? field-unknown',
      'body /diedOn format-invalid',
      'body /periods/0/from format-invalid',
      'body /periods/0/insurer format-invalid',
      'body /periods/0/till field-unknown',
      'body /periods/1/from type-invalid',
      'body /periods/1/insurer missing',
      'header /Idempotency-Key missing',
      'header /If-Match format-invalid',
      'path /personId format-invalid',
    ]);
  });

  test('no more than a hundred faults are told, and how many there are more', async () => {
    const periods = Array.from({ length: 150 }, () => ({ insurer: 'x', from: '2024-01-01' }));
    const { problem } = await ask({
      method: 'POST',
      url: `${PERSON}/insurance`,
      headers: json,
      payload: JSON.stringify({ periods }),
    });
    expect([problem.errors?.length, problem.furtherErrors]).toEqual([100, 50]);
  });

  test.each(['short', 'x'.repeat(65), 'has a space', 'member-123456782'])('the key %j is refused', async (key) => {
    const headers = { ...json, 'idempotency-key': key };
    const { status, problem } = await ask({ method: 'POST', url: `${PERSON}/insurance`, headers, payload: '{"periods":[]}' });
    expect([status, problem.errors?.map(({ pointer }) => pointer)]).toEqual([400, ['/Idempotency-Key']]);
  });

  test.each([
    '/v1/payer-split?from=2024-13&through=2024-12',
    '/v1/payer-split?from=2024-12&through=2024-01',
    '/v1/payer-split?from=1990-01&through=2024-01',
    '/v1/payer-split?from=2024-01&through=2024-02&insurer=33',
    '/v1/payer-split?from=2024-01&through=2024-02&from=2024-02',
    '/v1/work-list?limit=0',
    '/v1/work-list?limit=501',
    '/v1/work-list?limit=ten',
    '/v1/work-list?unknown=1',
    '/v1/work-list?atLeast=1',
    '/v1/claim-files/not-a-uuid',
    `/v1/trajectories/0b7f3c5e-6f0a-4a55-8f1d-6f1d3f0c2a11/events?after=-1`,
    `${PERSON}/decisions/123/R1`,
  ])('a query that is not as described: 400 with every fault: %s', async (url) => {
    const { status, problem } = await ask({ url });
    expect(status).toBe(400);
    expect(problem.errors?.length).toBeGreaterThan(0);
  });

  test('what is not HTTP is answered as a problem too', async () => {
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    const text = await new Promise<string>((resolve, reject) => {
      let received = '';
      const socket = connect(port, '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
      socket.on('data', (chunk) => (received += chunk.toString()));
      socket.on('end', () => resolve(received));
      socket.on('error', reject);
    });
    expect(text).toMatch(/^HTTP\/1\.1 400 .*application\/problem\+json/s);
  });
});
