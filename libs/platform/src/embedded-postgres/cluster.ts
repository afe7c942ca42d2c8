import { appendFile, chown, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PostgresBinaries } from './binaries';
import { adviceFor, EmbeddedPostgresError, lastLines } from './errors';
import type { ServerLocation } from './location';
import { runProgram } from './run-program';
import { writeRecord, type ServerRecord } from './server-record';

export const SUPERUSER = 'traject';

/** Whether a whole cluster is there. */
export async function isMade({ cluster }: ServerLocation): Promise<boolean> {
  try {
    return (await stat(join(cluster, 'PG_VERSION'))).isFile();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Makes the cluster under another name and renames it: one that was killed half-way is never taken for a whole one. */
export async function initialise(location: ServerLocation, binaries: PostgresBinaries, record: ServerRecord): Promise<void> {
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

export function fileError(folder: string, error: unknown): EmbeddedPostgresError {
  const { code, message } = error as NodeJS.ErrnoException;
  const meaning = code === 'ENOSPC' ? 'No space left on device' : code === 'EDQUOT' ? 'Disk quota exceeded' : message;
  return new EmbeddedPostgresError(
    `The database's files in ${folder} could not be written: ${message}`,
    adviceFor(meaning, 'check the owner and mode of that folder'),
    '',
    { cause: error },
  );
}

/** @throws EmbeddedPostgresError when another major version made the cluster: only that one can read it */
export async function checkVersion({ cluster }: ServerLocation, binaries: PostgresBinaries): Promise<void> {
  const made = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
  const ours = binaries.version.split('.')[0] ?? '';
  if (made === ours) return;
  throw new EmbeddedPostgresError(
    `The database in ${cluster} was made by PostgreSQL ${made}, and this is PostgreSQL ${ours}.`,
    `run the release of Traject that brought PostgreSQL ${made}, or start with another TRAJECT_DATA_DIR`,
  );
}
