/** Every role against every endpoint, compared with the table in docs/access.md. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { projectRoot } from '#libs/platform';
import { ROLES, type Role } from '#libs/sign-in';
import { apiWithoutStore } from '../testing/api-without-store';
import { TestSignIn } from '../testing/sign-in';

type Access = 'yes' | 'no' | 'open';

/** Rows of the table by endpoint, e.g. `GET /v1/policy`. */
function documentedAccess(): ReadonlyMap<string, Readonly<Record<Role, Access>>> {
  const lines = readFileSync(join(projectRoot(), 'docs/access.md'), 'utf8').split('\n');
  const cells = (line: string): string[] =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim());
  const head = lines.findIndex((line) => line.startsWith('| endpoint |'));
  const [, ...roles] = cells(lines[head] ?? '');
  const end = lines.findIndex((line, i) => i > head && !line.startsWith('|'));
  return new Map(
    lines.slice(head + 2, end).map((line) => {
      const [endpoint = '', ...access] = cells(line);
      const row = Object.fromEntries(roles.map((role, i) => [role, access[i] === '' ? 'no' : access[i]]));
      return [endpoint.replaceAll('`', ''), row as Record<Role, Access>];
    }),
  );
}

const PLACEHOLDERS: Readonly<Record<string, string>> = { practice: '04012345', reference: 'R1' };
const SOME_ID = '0b7f3c5e-6f0a-4a55-8f1d-6f1d3f0c2a11';

describe('who may call what', () => {
  const table = documentedAccess();
  let signIn: TestSignIn;
  let app: NestFastifyApplication;
  let endpoints: readonly string[];
  beforeAll(async () => {
    signIn = await TestSignIn.start();
    app = await apiWithoutStore([], signIn.access());
    endpoints = routesOf(app.getHttpAdapter().getInstance());
  });
  afterAll(async () => {
    await app.close();
    await signIn.stop();
  });

  /** Every endpoint that is served, the pages of the documentation apart. */
  const routesOf = (fastify: FastifyInstance): string[] =>
    fastify.routeTable
      .endpoints()
      .filter((endpoint) => !/^(HEAD|GET \/docs)/.test(endpoint))
      .map((endpoint) => endpoint.replaceAll(/:(\w+)/g, '{$1}'))
      .sort();

  async function ask(endpoint: string, headers: Readonly<Record<string, string>>) {
    const [method = '', path = ''] = endpoint.split(' ');
    const url = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => PLACEHOLDERS[name] ?? SOME_ID);
    return app.inject({ method: method as 'GET', url, headers });
  }
  const accessOf = (status: number): Access | number => (status === 401 || status === 403 ? 'no' : 'yes');

  test('every endpoint has a row and every row an endpoint, with a column for every role', () => {
    expect([...table.keys()]).toEqual(endpoints);
    for (const [endpoint, row] of table) expect([endpoint, Object.keys(row)]).toEqual([endpoint, [...ROLES]]);
  });

  test.each(ROLES)('%s may call what its column says and gets 403 for anything else', async (role) => {
    const headers = await signIn.bearer({ subject: `one-who-is-${role}`, roles: [role] });
    for (const [endpoint, row] of table) {
      const { statusCode } = await ask(endpoint, headers);
      const may = row[role] === 'open' ? 'yes' : row[role];
      expect([endpoint, accessOf(statusCode)]).toEqual([endpoint, may]);
      if (may === 'no') expect([endpoint, statusCode]).toEqual([endpoint, 403]);
    }
  });

  test('the OpenAPI document says the same as the table', async () => {
    type Operation = { readonly security?: readonly Readonly<Record<string, readonly string[]>>[]; readonly responses: object };
    const { payload } = await app.inject({ url: '/v1/openapi.json' });
    const { paths } = JSON.parse(payload) as { paths: Readonly<Record<string, Readonly<Record<string, Operation>>>> };
    for (const [endpoint, row] of table) {
      const [method = '', path = ''] = endpoint.split(' ');
      const operation = paths[path]?.[method.toLowerCase()];
      if (operation === undefined) expect(endpoint).toBe('GET /v1/openapi.json');
      const may = ROLES.filter((role) => row[role] === 'yes');
      expect([endpoint, (operation?.security ?? []).flatMap(({ accessToken = [] }) => accessToken).sort()]).toEqual([
        endpoint,
        may.sort(),
      ]);
      const told = Object.keys(operation?.responses ?? {});
      expect([endpoint, ['401', '403', '429'].filter((status) => told.includes(status)).length]).toEqual([
        endpoint,
        may.length > 0 ? 3 : 0,
      ]);
    }
  });

  test('HEAD asks for the same role as GET', async () => {
    const headers = await signIn.bearer({ roles: ['operator'] });
    expect((await ask('HEAD /v1/work-list', headers)).statusCode).toBe(403);
    expect((await ask('HEAD /v1/work-list', {})).statusCode).toBe(401);
  });

  test.each<[string, () => Promise<Readonly<Record<string, string>>>]>([
    ['no token', () => Promise.resolve({})],
    ['a token that has expired', async () => bearer({ claims: { iat: 1_700_000_000, exp: 1_700_003_600 } })],
    ['a token of another issuer', async () => bearer({ claims: { iss: 'https://issuer.invalid' } })],
    ['a token for another audience', async () => bearer({ claims: { aud: 'another-api' } })],
  ])('%s: 401 everywhere but where anybody may ask', async (_name, headersOf) => {
    const headers = await headersOf();
    for (const [endpoint, row] of table) {
      const { statusCode } = await ask(endpoint, headers);
      expect([endpoint, accessOf(statusCode)]).toEqual([endpoint, row.reader === 'open' ? 'yes' : 'no']);
      if (row.reader !== 'open') expect([endpoint, statusCode]).toEqual([endpoint, 401]);
    }
  });
  const bearer = async ({ claims }: { claims: object }) => ({
    authorization: `Bearer ${await signIn.issuer.sign({ subject: 'somebody', roles: ROLES, claims: { ...claims } })}`,
  });

  test('a token without any role, or with roles of another system alone, may call nothing that asks for a role', async () => {
    for (const roles of [[], ['admin', 'Reader', 'reader,corrector']]) {
      const authorization = `Bearer ${await signIn.issuer.sign({ subject: 'somebody', roles })}`;
      for (const [endpoint, row] of table)
        if (row.reader !== 'open')
          expect([endpoint, (await ask(endpoint, { authorization })).statusCode]).toEqual([endpoint, 403]);
    }
  });
});
