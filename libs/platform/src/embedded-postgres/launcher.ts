import { appendFile, chmod, chown, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { lock } from 'proper-lockfile';
import { resolveBinaries, runnableBinaries, type PostgresBinaries } from './binaries';
import { adviceFor, EmbeddedPostgresError, lastLines, logTail } from './errors';
import { locateServer, type ServerLocation } from './location';
import { processOf, readPostmasterFile } from './postmaster';
import { runProgram } from './run-program';
import { freePort, isPortFree, newPassword, readRecord, writeRecord, type ServerRecord } from './server-record';
import { settingsFile } from './server-settings';

export interface EmbeddedPostgresOptions {
  /** Folder of the product's data; the server's files go to `postgres` in it, or elsewhere: see `location`. */
  readonly dataDirectory: string;
  /** Fixed port; else a free one, kept from start to start as long as it stays free. */
  readonly port?: number;
  /** Settings laid over the defaults (server-settings.ts), as in postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where the server's files go when its user cannot enter `dataDirectory`; default /var/lib/traject, then a temporary folder. */
  readonly fallbackRoots?: readonly string[];
}

export interface EmbeddedPostgres {
  /** Connection string, with the password, of a database of the server. Never log it. */
  url(database: string): string;
  readonly port: number;
  /** Folder of the server's files. */
  readonly location: string;
  /** False when PostgreSQL's user cannot enter the folder that was asked for, and `location` is elsewhere. */
  readonly locationAsAsked: boolean;
  /** True when a server was already running here, left by a process that was killed or is still there. */
  readonly adopted: boolean;
  /** Process id of the server. */
  readonly pid: number;
  /** Makes a database if it is not there. */
  createDatabaseIfMissing(name: string): Promise<void>;
  /** Fast shutdown: open transactions are rolled back, what is committed is kept. For all processes that use the server. */
  stop(): Promise<void>;
}

const SUPERUSER = 'traject';
const LOG_LIMIT_BYTES = 10_000_000;
const START_ATTEMPTS = 5;
const ADOPTION_PATIENCE_MS = 60_000;

/**
 * Starts the PostgreSQL that the product brings with it, or adopts the one that already runs on this data. The server is a
 * process of its own: it outlives this one, also when this one is killed, until `stop`.
 * Two processes that start at once get the same server.
 * @throws EmbeddedPostgresError with what to do and the end of the server's log
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const location = await locateServer(options.dataDirectory, options.fallbackRoots);
  const binaries = await runnableBinaries(await resolveBinaries(), location.folder, location.user);
  return underLock(location, async () => {
    const made = await isMade(location);
    const adopted = made ? await adopt(location) : null;
    if (adopted !== null) return handle(location, binaries, adopted.record, adopted.pid, true);
    let record = made ? await readRecord(location) : null;
    if (record === null) {
      if (made) {
        throw new EmbeddedPostgresError(
          `The database in ${location.folder} has lost its password file server.json.`,
          'restore that file from a back-up, or move the folder aside to begin with an empty database',
        );
      }
      record = { port: options.port ?? (await freePort()), password: newPassword() };
      await initialise(location, binaries, record);
    }
    record = await start(location, binaries, record, options);
    const pid = (await readPostmasterFile(location.cluster))?.pid ?? 0;
    return handle(location, binaries, record, pid, false);
  });
}

/**
 * Stops the server whose files are in `folder` (a `location` of before), if it runs; for tidying up after a killed process.
 * Immediate: without a checkpoint, as the folder is about to be removed.
 */
export async function stopAbandonedServer(folder: string): Promise<void> {
  const cluster = join(folder, 'cluster');
  const file = await readPostmasterFile(cluster);
  if (file === null || (await processOf(file.pid, cluster)) !== 'postmaster') return;
  // SIGQUIT is PostgreSQL's immediate shutdown, which ends its children as well
  process.kill(file.pid, 'SIGQUIT');
  for (let waited = 0; waited < 10_000 && (await processOf(file.pid, cluster)) === 'postmaster'; waited += 50) await delay(50);
}

async function underLock<T>(location: ServerLocation, work: () => Promise<T>): Promise<T> {
  let release: () => Promise<void>;
  try {
    release = await lock(location.folder, {
      lockfilePath: join(location.folder, 'start.lock'),
      // a lock left by a killed process is stale after 5 s; a living one renews it every 2 s
      stale: 5_000,
      update: 2_000,
      retries: { retries: 600, factor: 1, minTimeout: 200, maxTimeout: 200 },
      // a lock that was lost (this process slept) is met by what PostgreSQL checks itself: one server per cluster
      onCompromised: () => undefined,
    });
  } catch (error) {
    throw new EmbeddedPostgresError(
      `Another process has been starting the database in ${location.folder} for two minutes.`,
      'end that process, then start again',
      '',
      { cause: error },
    );
  }
  try {
    return await work();
  } finally {
    // already released means that it was lost; see onCompromised
    await release().catch(() => undefined);
  }
}

async function isMade({ cluster }: ServerLocation): Promise<boolean> {
  try {
    return (await stat(join(cluster, 'PG_VERSION'))).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** A server that already runs on this cluster and answers, or null after which it may be started. */
async function adopt(location: ServerLocation): Promise<{ record: ServerRecord; pid: number } | null> {
  const { cluster } = location;
  for (let waited = 0; waited < ADOPTION_PATIENCE_MS; waited += 100) {
    const file = await readPostmasterFile(cluster);
    if (file === null) return null;
    const running = await processOf(file.pid, cluster);
    if (running === 'gone') return null; // PostgreSQL recovers from a stale file by itself
    if (running === 'other') {
      // the number now belongs to another program (as after a restart of the machine), for which PostgreSQL would refuse to start
      await rm(join(cluster, 'postmaster.pid'), { force: true });
      return null;
    }
    const record = await readRecord(location);
    if (record !== null && file.port !== null && (await answers(file.port, record.password))) {
      const now = { ...record, port: file.port };
      if (record.port !== now.port) await writeRecord(location, now);
      return { record: now, pid: file.pid };
    }
    await delay(100);
  }
  throw new EmbeddedPostgresError(
    `A PostgreSQL server runs on ${cluster} but has not answered for ${ADOPTION_PATIENCE_MS / 1000} seconds.`,
    'end that server (its process id is the first line of postmaster.pid in that folder), then start again',
    await logTail(logFile(location)),
  );
}

async function answers(port: number, password: string): Promise<boolean> {
  const client = new Client({ connectionString: urlOf({ port, password }, 'postgres'), connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined); // a connection that breaks while closing has answered or not; either is known
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Makes the cluster under another name and renames it: one that was killed half-way is never taken for a whole one. */
async function initialise(location: ServerLocation, binaries: PostgresBinaries, record: ServerRecord): Promise<void> {
  const { folder, cluster, user } = location;
  for (const name of await readdir(folder)) {
    if (name.startsWith('initialising-')) await rm(join(folder, name), { recursive: true, force: true });
  }
  const unfinished = join(folder, `initialising-${process.pid}`);
  const passwordFile = join(folder, `initialising-${process.pid}.password`);
  try {
    await writeFile(passwordFile, `${record.password}\n`, { mode: 0o600 });
    if (user.switchTo !== undefined) await chown(passwordFile, user.switchTo.uid, user.switchTo.gid);
    const { exitCode, output } = await runProgram(
      binaries.initdb,
      [
        `--pgdata=${unfinished}`,
        `--username=${SUPERUSER}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        // the built-in locale: no difference between machines, whatever their environment says
        '--encoding=UTF8',
        '--locale=C',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
      ],
      user,
      { cwd: folder },
    );
    if (exitCode !== 0) {
      throw new EmbeddedPostgresError(
        `The database could not be made in ${folder}.`,
        adviceFor(output, 'see the lines below; TRAJECT_DATA_DIR chooses another folder'),
        lastLines(output),
      );
    }
    await appendFile(join(unfinished, 'postgresql.conf'), "\ninclude = 'traject.conf'\n");
    await writeRecord(location, record);
    await rename(unfinished, cluster);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    throw error instanceof EmbeddedPostgresError ? error : fileError(folder, error);
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function fileError(folder: string, error: unknown): EmbeddedPostgresError {
  const { code, message } = error as NodeJS.ErrnoException;
  const meaning = code === 'ENOSPC' ? 'No space left on device' : code === 'EDQUOT' ? 'Disk quota exceeded' : message;
  return new EmbeddedPostgresError(
    `The database's files in ${folder} could not be written: ${message}`,
    adviceFor(meaning, 'check the owner and mode of that folder'),
    '',
    { cause: error },
  );
}

async function start(
  location: ServerLocation,
  binaries: PostgresBinaries,
  kept: ServerRecord,
  options: EmbeddedPostgresOptions,
): Promise<ServerRecord> {
  const { cluster, user } = location;
  await checkVersion(location, binaries);
  for (let attempt = 1; ; attempt += 1) {
    const record = { ...kept, port: await choosePort(options.port ?? null, kept.port) };
    try {
      const settings = join(cluster, 'traject.conf');
      await writeFile(settings, settingsFile(record.port, options.settings ?? {}), { mode: 0o600 });
      await chmod(settings, 0o600);
      if (user.switchTo !== undefined) await chown(settings, user.switchTo.uid, user.switchTo.gid);
      if (record.port !== kept.port) await writeRecord(location, record);
      await limitLog(location);
    } catch (error) {
      throw fileError(location.folder, error);
    }
    const from = await sizeOf(logFile(location));
    const { exitCode, output } = await runProgram(
      binaries.pgCtl,
      ['start', '--wait', '--timeout=120', '--silent', `--pgdata=${cluster}`, `--log=${logFile(location)}`],
      user,
      { cwd: location.folder, timeoutMs: 150_000 },
    );
    if (exitCode === 0 && (await answersSoon(record))) return record;
    const said = `${(await readLogFrom(logFile(location), from)) ?? ''}\n${output}`.trim();
    // what is left of a killed server takes a moment to go; a port may be taken between our look and the server's
    const passing = /shared memory block|lock file ".*" already exists|Address already in use|could not bind/.test(said);
    if (passing && attempt < START_ATTEMPTS && (options.port === undefined || !/bind|in use/.test(said))) {
      await delay(300 * attempt);
      continue;
    }
    throw new EmbeddedPostgresError(
      `PostgreSQL did not start on ${cluster} (port ${record.port}).`,
      adviceFor(said, `see the lines below and ${logFile(location)}`),
      lastLines(said),
    );
  }
}

async function choosePort(fixed: number | null, kept: number): Promise<number> {
  if (fixed === null) return (await isPortFree(kept)) ? kept : freePort();
  if (await isPortFree(fixed)) return fixed;
  throw new EmbeddedPostgresError(
    `Port ${fixed} of 127.0.0.1, asked for PostgreSQL, is taken.`,
    'stop the process that listens on it, or choose another port',
  );
}

async function checkVersion({ cluster }: ServerLocation, binaries: PostgresBinaries): Promise<void> {
  const made = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  const ours = binaries.version.split('.')[0] ?? '';
  if (made === ours) return;
  throw new EmbeddedPostgresError(
    `The database in ${cluster} was made by PostgreSQL ${made}, and this is PostgreSQL ${ours}.`,
    `run the release of Traject that brought PostgreSQL ${made}, or start with another TRAJECT_DATA_DIR`,
  );
}

async function answersSoon(record: ServerRecord): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (await answers(record.port, record.password)) return true;
    await delay(100);
  }
  return false;
}

async function limitLog(location: ServerLocation): Promise<void> {
  if ((await sizeOf(logFile(location))) > LOG_LIMIT_BYTES) await rename(logFile(location), `${logFile(location)}.1`);
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

async function readLogFrom(file: string, from: number): Promise<string | null> {
  const text = await readFile(file).catch(() => null);
  return text === null ? null : text.subarray(from).toString('utf8');
}

const logFile = (location: ServerLocation): string => join(location.folder, 'postgresql.log');

function urlOf({ port, password }: ServerRecord, database: string): string {
  return `postgresql://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

function handle(
  location: ServerLocation,
  binaries: PostgresBinaries,
  record: ServerRecord,
  pid: number,
  adopted: boolean,
): EmbeddedPostgres {
  return {
    port: record.port,
    location: location.folder,
    locationAsAsked: location.asAsked,
    adopted,
    pid,
    url: (database) => urlOf(record, database),
    createDatabaseIfMissing: (name) => createDatabase(record, name),
    stop: () => underLock(location, () => stop(location, binaries)),
  };
}

async function createDatabase(record: ServerRecord, name: string): Promise<void> {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) {
    throw new Error(`not a database name: ${JSON.stringify(name)} (small letters, digits and _, at most 63)`);
  }
  const client = new Client({ connectionString: urlOf(record, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${name}`);
  } catch (error) {
    // made by another process in the meantime
    const { code } = error as { code?: string };
    if (code !== '42P04' && code !== '23505') throw error;
  } finally {
    await client.end();
  }
}

async function stop(location: ServerLocation, binaries: PostgresBinaries): Promise<void> {
  const file = await readPostmasterFile(location.cluster);
  if (file === null || (await processOf(file.pid, location.cluster)) !== 'postmaster') return;
  const { exitCode, output } = await runProgram(
    binaries.pgCtl,
    ['stop', '--mode=fast', '--wait', '--timeout=60', '--silent', `--pgdata=${location.cluster}`],
    location.user,
    { cwd: location.folder, timeoutMs: 90_000 },
  );
  if (exitCode === 0 || (await processOf(file.pid, location.cluster)) !== 'postmaster') return;
  throw new EmbeddedPostgresError(
    `PostgreSQL on ${location.cluster} did not stop within 60 seconds.`,
    'end it by its process id, the first line of postmaster.pid in that folder',
    lastLines(`${await logTail(logFile(location))}\n${output}`),
  );
}
