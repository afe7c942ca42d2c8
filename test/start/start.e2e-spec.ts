import { exec, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const MAIN = join(__dirname, '../../dist/apps/cli/src/main.js');
const PERSONS = '120';

describe('traject start, on an empty data folder with the PostgreSQL that Traject brings', () => {
  let data: string;
  const started: ChildProcess[] = [];
  let postgres = '';

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'traject-start-'));
  });
  afterAll(async () => {
    for (const child of started) child.kill('SIGKILL');
    const pid = await postmaster();
    if (pid !== null) process.kill(pid, 'SIGQUIT');
    await until(async () => (await postmaster()) === null || !isAlive((await postmaster()) ?? 0));
    await rm(data, { recursive: true, force: true });
    if (postgres !== '') await rm(postgres, { recursive: true, force: true });
  });

  interface Started {
    readonly child: ChildProcess;
    readonly output: () => string;
    readonly ended: Promise<number | null>;
  }
  function start(...args: string[]): Started {
    const { TRAJECT_TEST_POSTGRES_URL: _other, TRAJECT_DATABASE_URL: _none, ...env } = process.env;
    const child = spawn(process.execPath, [MAIN, ...args], { env: { ...env, TRAJECT_DATA_DIR: data, TRAJECT_PORT: '0' } });
    started.push(child);
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part));
    child.stderr.setEncoding('utf8').on('data', (part: string) => (text += part));
    return { child, output: () => text, ended: new Promise((resolve) => child.on('exit', (code) => resolve(code))) };
  }
  const isAlive = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  const postmaster = async (): Promise<number | null> => {
    const file = join(postgres === '' ? join(data, 'postgres') : postgres, 'data', 'postmaster.pid');
    for (const path of [file, file.replace('/data/postmaster', '/postmaster')])
      if (existsSync(path)) return Number((await readFile(path, 'utf8')).split('\n')[0]);
    return null;
  };
  async function until(condition: () => Promise<boolean> | boolean, patienceMs = 90_000): Promise<void> {
    for (const end = Date.now() + patienceMs; !(await condition()); await delay(50))
      if (Date.now() > end) throw new Error('the condition did not come true in time');
  }
  const rememberLocation = (text: string): void => {
    postgres = /data in (\S+)/.exec(text)?.[1] ?? postgres;
  };

  it('survives kill -9 in the middle of its first start', async () => {
    const first = start('start', '--persons', PERSONS);
    await until(() => /claims-2023-12-\d+\.pm304: \d+ of/.test(first.output()) || first.child.exitCode !== null);
    rememberLocation(first.output());
    first.child.kill('SIGKILL');
    await first.ended;
    expect(isAlive((await postmaster()) ?? -1)).toBe(true);
  });

  it('started again it finishes the sample, shows the payer split before and after, and serves the API', async () => {
    const second = start('start', '--persons', PERSONS);
    await until(() => second.output().includes('Documentation') || second.child.exitCode !== null);
    rememberLocation(second.output());
    expect(second.output()).toContain('PostgreSQL found running');
    expect(second.output()).toMatch(/basic insurance.*before|before.*after.*difference/s);
    expect(second.output()).toMatch(/held lines released, no file sent again/);
    const address = /API\s+(http:\/\/\S+)\/v1/.exec(second.output())?.[1] ?? '';
    expect((await fetch(`${address}/health/ready`)).status).toBe(200);
    expect((await fetch(`${address}/docs`)).status).toBe(200);
    expect(await roleAtWork(second.output(), `${address}/v1/payer-split?from=2023-01&through=2024-12`)).toEqual({
      nobody: 401,
      byTheLineOfTheBanner: 200,
      byTheCommand: 200,
      byAnotherRole: 403,
    });
    expect((await fetch(`${address}/.well-known/traject-statement-keys.json`)).status).toBe(200);
    // the practices of the sample's corrections are told
    await until(async () => (await readdir(join(data, 'outbox')).catch(() => [])).some((file) => file.endsWith('.eml')));
    second.child.kill('SIGINT');
    expect(await second.ended).toBe(0);
  });

  /** What the start says of sign-in, followed to the letter. */
  async function roleAtWork(output: string, url: string): Promise<Readonly<Record<string, number>>> {
    const line = /Token +TOKEN=\$\((curl .*\/token)\)/.exec(output)?.[1] ?? '';
    expect(output).toMatch(
      /Sign-in +DEVELOPMENT issuer http:\/\/127\.0\.0\.1:\d+\/DEVELOPMENT: anybody on this machine gets a token/,
    );
    const status = async (token: string): Promise<number> =>
      (await fetch(url, { headers: token === '' ? {} : { authorization: `Bearer ${token.trim()}` } })).status;
    const printed = async (role: string): Promise<string> => {
      const token = start('token', '--role', role);
      expect(await token.ended).toBe(0);
      return token.output();
    };
    return {
      nobody: await status(''),
      byTheLineOfTheBanner: await status((await promisify(exec)(line)).stdout),
      byTheCommand: await status(await printed('auditor')),
      byAnotherRole: await status(await printed('operator')),
    };
  }

  it('Ctrl-C stopped all of it', async () => {
    await until(async () => {
      const pid = await postmaster();
      return pid === null || !isAlive(pid);
    });
  });

  it('with it the development issuer, of which nothing is left', async () => {
    expect(existsSync(join(data, 'DEVELOPMENT-issuer'))).toBe(false);
    const token = start('token', '--role', 'reader');
    expect(await token.ended).toBe(2);
    expect(token.output()).toContain('no DEVELOPMENT issuer runs on this data folder');
  });

  it('a third start finds its data and ingests nothing twice', async () => {
    const third = start('start', '--persons', PERSONS, '--exit-after-sample');
    expect(await third.ended).toBe(0);
    expect(third.output()).toMatch(/(\d+) of \1 files were taken in before and nothing of them was done again/);
    expect(third.output()).toMatch(/Members: 120 read, 0 new or changed/);
    expect(third.output()).toContain('corrections were made before');
    const verify = start('verify');
    expect(await verify.ended).toBe(0);
    expect(verify.output()).toContain('Clean: nothing differs.');
  });
});
