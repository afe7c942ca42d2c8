import { chmod, chown, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { resolveBinaries, runnableBinaries, type PostgresBinaries } from './binaries';
import { checkVersion, fileError, initialise, isMade } from './cluster';
import { adviceFor, EmbeddedPostgresError, lastLines, logTail } from './errors';
import { locateServer, type ServerLocation } from './location';
import { processOf, readPostmasterFile } from './postmaster';
import { runProgram } from './run-program';
import { adopt, answersSoon, createDatabase, logFile, urlOf } from './running-server';
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

const LOG_LIMIT_BYTES = 10_000_000;
const START_ATTEMPTS = 5;

/**
 * Starts the PostgreSQL that the product brings with it, or adopts the one that already runs on this data. The server is a
 * process of its own: it outlives this one, also when this one is killed, until `stop`.
 * Two processes that start at once get the same server.
 * @throws EmbeddedPostgresError with what to do and the end of the server's log
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const location = await locateServer(options.dataDirectory, options.fallbackRoots);
  return underLock(location, async () => {
    // Under the lock, too: where the binaries have to be copied, two first starts would copy into each other.
    const binaries = await runnableBinaries(await resolveBinaries(), location.folder, location.user);
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
