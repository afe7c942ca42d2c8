import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Client } from 'pg';
import { projectRoot } from '#libs/platform';
import { contentOf } from './entry';
import { notedHeads } from './head';
import { installAccessLog, SQL_FILES, sqlFolder } from './install';
import { AccessLogUnavailableError } from './log';
import { anEntry } from './testing/entries';
import { laboratory, type Laboratory } from './testing/laboratory';
import { verifyAccessLog } from './verify';

describe('the access log', () => {
  let lab: Laboratory;
  beforeEach(async () => {
    lab = await laboratory();
  });
  afterEach(() => lab.dispose());

  const stored = async (): Promise<{ seq: number; id: string }[]> => {
    const { rows } = await lab.pool.query<{ seq: string; id: string }>('select seq, id from access.entry order by seq');
    return rows.map(({ seq, id }) => ({ seq: Number(seq), id }));
  };

  test('installs once, also when several processes start together, and every .sql file is part of it', async () => {
    await Promise.all([lab.open(), lab.open(), lab.open()]);
    await installAccessLog(lab.pool);
    const { rows } = await lab.pool.query<{ n: string }>(
      `select count(*) as n from pg_proc where pronamespace = 'access'::regnamespace`,
    );
    expect(Number(rows[0]?.n)).toBe(SQL_FILES.length - 3); // all but the schema and the two tables
    expect(await readdir(sqlFolder())).toEqual(expect.arrayContaining(SQL_FILES.map((name) => `${name}.sql`)));
    expect(await readdir(sqlFolder())).toHaveLength(SQL_FILES.length);
  });

  test('numbers rows from 1 without a gap, in the order of each call', async () => {
    const log = await lab.open();
    const entries = Array.from({ length: 2_500 }, () => anEntry());
    await Promise.all([log.record(entries.slice(0, 3)), log.record(entries.slice(3)), log.record([])]);
    expect(await stored()).toEqual(entries.map(({ id }, i) => ({ seq: i + 1, id })));
  });

  test('an entry that is sent again is recorded once, alone or among others', async () => {
    const log = await lab.open();
    const [first, second, third] = [anEntry(), anEntry(), anEntry()];
    await log.record([first, second]);
    await log.record([second]);
    await log.record([first, third, second]);
    expect((await stored()).map(({ id }) => id)).toEqual([first.id, second.id, third.id]);
    expect((await verifyAccessLog(lab.pool, [])).broken).toBeNull();
  });

  test('stays one chain under eight parallel writers', async () => {
    const logs = await Promise.all(Array.from({ length: 8 }, () => lab.open()));
    await Promise.all(
      logs.map(async (log, writer) => {
        for (let i = 0; i < 40; i += 1)
          await Promise.all([log.record([anEntry({ user: `writer ${writer}` })]), log.record([anEntry(), anEntry()])]);
      }),
    );
    const report = await verifyAccessLog(lab.pool, []);
    expect(report).toMatchObject({ rows: 8 * 40 * 3, broken: null });
    expect((await stored()).map(({ seq }) => seq)).toEqual(Array.from({ length: 960 }, (_, i) => i + 1));
  });

  test('kill -9 of a writer loses nothing that it was told is recorded, and leaves the chain whole for others', async () => {
    const log = await lab.open();
    const script = `
      const { Client } = require('pg');
      (async () => {
        const client = new Client({ connectionString: process.argv[1] });
        await client.connect();
        for (;;) {
          const entries = JSON.parse(process.argv[2]).map((e) => ({ ...e, id: crypto.randomUUID() }));
          await client.query('select access.append($1::uuid[], $2::text[])', [entries.map((e) => e.id), entries.map((e) => JSON.stringify(e))]);
          console.log(entries.map((e) => e.id).join(' '));
        }
      })();`;
    const batch = JSON.stringify(Array.from({ length: 50 }, () => anEntry()));
    const child = spawn(process.execPath, ['-e', script, lab.url, batch], {
      cwd: projectRoot(),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const told: string[] = [];
    const ended = new Promise<string | null>((resolve) => child.once('exit', (_, signal) => resolve(signal)));
    for await (const line of createInterface({ input: child.stdout })) {
      told.push(...line.split(' '));
      await log.record([anEntry()]);
      if (told.length >= 1_000) child.kill('SIGKILL');
    }
    expect(await ended).toBe('SIGKILL');
    await log.record([anEntry()]);
    const ids = new Set((await stored()).map(({ id }) => id));
    expect(told.filter((id) => !ids.has(id))).toEqual([]);
    expect((await verifyAccessLog(lab.pool, [])).broken).toBeNull();
  });

  test('rejects while somebody holds the head for too long, writes nothing, and works again afterwards', async () => {
    const log = await lab.open({ statementTimeoutMs: 300 });
    const holder = new Client({ connectionString: lab.url });
    await holder.connect();
    await holder.query('begin');
    await holder.query('select from access.head for update');
    await expect(log.record([anEntry()])).rejects.toThrow(AccessLogUnavailableError);
    await holder.end();
    expect(await stored()).toEqual([]);
    await log.record([anEntry()]);
    expect(await stored()).toHaveLength(1);
  });

  test('rejects when the right to write is gone, with the reason', async () => {
    const log = await lab.open();
    await lab.pool.query('alter function access.append(uuid[], text[]) rename to elsewhere');
    await expect(log.record([anEntry()])).rejects.toThrow(/^the access log could not be written \(function access\.append/);
  });

  test('an entry that is not of its form is refused before anything is sent, and the others go on', async () => {
    const log = await lab.open();
    await expect(log.record([anEntry(), anEntry({ object: 'Aafke' })])).rejects.toThrow(/object is not of its form/);
    await log.record([anEntry()]);
    expect(await stored()).toHaveLength(1);
  });

  test('what was recorded can neither be changed nor removed', async () => {
    await (await lab.open()).record([anEntry()]);
    for (const statement of [
      `update access.entry set content = '{}'`,
      'delete from access.entry',
      'truncate access.entry',
      'delete from access.head',
      'truncate access.head',
    ])
      await expect(lab.pool.query(statement)).rejects.toMatchObject({ code: 'AL001' });
  });

  test('who may only call the function can append, and can neither read, change nor write past it', async () => {
    await lab.open();
    const role = `appender_${randomUUID().replaceAll('-', '')}`;
    await lab.pool.query(`create role ${role}`);
    try {
      await lab.pool.query(`grant usage on schema access to ${role}`);
      await lab.pool.query(`grant execute on function access.append(uuid[], text[]) to ${role}`);
      const client = new Client({ connectionString: lab.url });
      await client.connect();
      await client.query(`set role ${role}`);
      const entry = anEntry();
      await client.query('select access.append($1::uuid[], $2::text[])', [[entry.id], [contentOf(entry)]]);
      for (const statement of [
        'select from access.entry',
        `insert into access.entry (seq, hash, content) values (2, sha256(''), '{}')`,
        'delete from access.entry',
        'update access.head set seq = 0',
        'select access.read_head()',
        'select access.read_chain(0, 1)',
        `select access.of_person('${randomUUID()}', null, null, 0, 1)`,
      ])
        await expect(client.query(statement)).rejects.toMatchObject({ code: '42501' });
      await client.end();
      expect(await stored()).toEqual([{ seq: 1, id: entry.id }]);
    } finally {
      await lab.pool.query(`drop owned by ${role}; drop role ${role}`);
    }
  });

  test('notes where it ended outside the database, at most once a minute and at the end', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'traject-heads-'));
    try {
      const headsFile = join(folder, 'heads.jsonl');
      let now = Date.parse('2026-03-01T12:00:00Z');
      const log = await lab.open({ headsFile, now: () => new Date(now) });
      for (const minutes of [0, 0, 0.5, 1, 1.2]) {
        now = Date.parse('2026-03-01T12:00:00Z') + minutes * 60_000;
        await log.record([anEntry()]);
      }
      await log.close();
      const heads = await notedHeads(headsFile);
      expect(heads.map(({ seq }) => seq)).toEqual([1, 4, 5]);
      expect(await verifyAccessLog(lab.pool, heads)).toMatchObject({ head: heads.at(-1), compared: 3, broken: null });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test('a file of heads that cannot be written stops nobody, and is told', async () => {
    const faults: string[] = [];
    const log = await lab.open({ headsFile: '/dev/null/heads.jsonl', onHeadsFault: (error) => faults.push(error.message) });
    await log.record([anEntry()]);
    await log.close();
    expect(faults.join()).toMatch(/ENOTDIR|EEXIST/);
  });
});
