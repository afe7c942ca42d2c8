import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createTestDatabase, type TestDatabase } from '../../../test/postgres/database';

const MAIN = join(__dirname, '../../../dist/apps/api/src/main.js');

/** Nobody signs in here: it is never asked. */
const DEVELOPMENT_ISSUER = { TRAJECT_OIDC_ISSUER: 'http://127.0.0.1:9/issuer', TRAJECT_OIDC_AUDIENCE: 'traject' };

describe('the process of the API', () => {
  let database: TestDatabase;
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });
  afterAll(() => database.drop());

  const key = randomBytes(32).toString('base64');
  function start(over: Readonly<Record<string, string>> = {}): { child: ChildProcess; said: () => string } {
    const server = { TRAJECT_DATABASE_URL: database.url, TRAJECT_PORT: '0', TRAJECT_KEK: key };
    const env = { PATH: process.env.PATH, ...server, ...DEVELOPMENT_ISSUER, ...over };
    const child = fork(MAIN, [], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], execArgv: [] });
    children.push(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    return { child, said: () => text };
  }
  const ready = async (child: ChildProcess): Promise<string> => {
    const [message] = (await once(child, 'message')) as [{ ready: boolean; address: string }];
    expect(message.ready).toBe(true);
    return message.address;
  };

  test('two that start at once on an empty database both come up; each stops on a signal, cleanly', async () => {
    const started = [start(), start()];
    const addresses = await Promise.all(started.map(({ child }) => ready(child)));
    for (const address of addresses) {
      expect((await fetch(`${address}/health/ready`)).status).toBe(200);
      expect((await fetch(`${address}/v1/openapi.json`)).status).toBe(200);
      expect(await (await fetch(`${address}/docs`)).text()).toContain('swagger-ui');
      expect((await fetch(`${address}/v1/policy`)).status).toBe(401);
    }
    for (const [i, signal] of (['SIGTERM', 'SIGINT'] as const).entries()) {
      const { child } = started[i] as (typeof started)[number];
      const ended = once(child, 'exit');
      child.kill(signal);
      expect((await ended)[0]).toBe(0);
    }
  });

  test('with an issuer that is not for development it binds an address that others can reach, and lets nobody in unseen', async () => {
    const { child } = start({ TRAJECT_HOST: '0.0.0.0', TRAJECT_OIDC_ISSUER: 'https://issuer.invalid' });
    const address = (await ready(child)).replace('0.0.0.0', '127.0.0.1');
    expect((await fetch(`${address}/health/live`)).status).toBe(200);
    expect((await fetch(`${address}/v1/policy`)).status).toBe(401);
    expect((await fetch(`${address}/v1/policy`, { headers: { authorization: 'Bearer a.b.c' } })).status).toBe(401);
  });

  test('it stops when the parent that started it is gone', async () => {
    const { child } = start();
    await ready(child);
    const ended = once(child, 'exit');
    child.disconnect();
    expect((await ended)[0]).toBe(0);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['an address that others can reach, with an issuer for development', { TRAJECT_HOST: '0.0.0.0' }, /TRAJECT_HOST/],
    ['no issuer', { TRAJECT_OIDC_ISSUER: '', TRAJECT_OIDC_AUDIENCE: '' }, /TRAJECT_OIDC_ISSUER: is missing/],
    ['another key than the vault was made with', { TRAJECT_KEK: Buffer.alloc(32, 7).toString('base64') }, /key-encryption key/],
    ['a database that is not there', { TRAJECT_DATABASE_URL: 'postgresql://nobody:hidden@127.0.0.1:1/none' }, /ECONNREFUSED/],
  ])('%s: it ends with a message, without stack or password', async (_name, over, message) => {
    const { child, said } = start(over);
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(1);
    expect(said()).toMatch(message);
    expect(said()).not.toMatch(/hidden|\n\s+at /);
  });
});
