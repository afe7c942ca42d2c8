import { createHash } from 'node:crypto';
import { access, chmod, chown, lstat, mkdir, realpath } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresError } from './errors';
import { runProgram } from './run-program';
import { isRoot, serverUser, type ServerUser } from './server-user';

/** Where the server's files lie: cluster, log, port and password, and the copy of the binaries if there is one. */
export interface ServerLocation {
  readonly folder: string;
  /** The cluster itself (PGDATA). */
  readonly cluster: string;
  readonly user: ServerUser;
  /** Whether it is the folder that was asked for, or a fixed one elsewhere because PostgreSQL's user cannot enter that. */
  readonly asAsked: boolean;
}

const CLUSTER = 'cluster';

/**
 * Chooses the folder of the server: `<dataDirectory>/postgres`, or, where PostgreSQL's user cannot enter that, a fixed
 * folder `<root>/<hash of dataDirectory>/postgres` in the first usable of `fallbackRoots`. A cluster that is already there decides.
 * @throws EmbeddedPostgresError when no folder can be used, or when the cluster lies where its user can no longer come
 */
export async function locateServer(
  dataDirectory: string,
  fallbackRoots: readonly string[] = ['/var/lib/traject', join(tmpdir(), 'traject')],
): Promise<ServerLocation> {
  const asked = join(await trueFolder(dataDirectory), 'postgres');
  const elsewhere = isRoot() ? fallbackRoots.map((root) => join(root, hashOf(dirname(asked)), 'postgres')) : [];
  const candidates = [asked, ...elsewhere];
  for (const folder of candidates) {
    if (!(await exists(join(folder, CLUSTER, 'PG_VERSION')))) continue;
    const user = await serverUser(join(folder, CLUSTER));
    const refusal = await refusalOf(folder, user);
    if (refusal === null) return { folder, cluster: join(folder, CLUSTER), user, asAsked: folder === asked };
    throw new EmbeddedPostgresError(
      `The database is in ${folder}, but PostgreSQL's user (${user.name}) cannot use that folder: ${refusal}`,
      'start as the user that made it, or restore its owner and the mode of the folders above it (or move it aside to begin anew)',
    );
  }
  const user = await serverUser(null);
  const refusals: string[] = [];
  for (const folder of candidates) {
    const refusal = (await prepare(folder, user)) ?? (await refusalOf(folder, user));
    if (refusal === null) return { folder, cluster: join(folder, CLUSTER), user, asAsked: folder === asked };
    refusals.push(`${folder}: ${refusal}`);
  }
  throw new EmbeddedPostgresError(
    `No folder can be used for the database.\n    ${refusals.join('\n    ')}`,
    `set TRAJECT_DATA_DIR to a folder that the user ${user.name} can enter and write, or set TRAJECT_DATABASE_URL`,
  );
}

/** A digest of the folder's path: two checkouts on one machine have two databases. */
function hashOf(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}

/** Absolute, links resolved as far as the path exists, so that one folder has one name. */
async function trueFolder(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    return await realpath(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(await trueFolder(parent), absolute.slice(parent.length).replace(/^[\\/]+/, ''));
  }
}

/** Makes the folder for the user; null or why it could not be made. */
async function prepare(folder: string, user: ServerUser): Promise<string | null> {
  try {
    const firstMade = await mkdir(dirname(folder), { recursive: true });
    if (firstMade !== undefined && isRoot()) await letThrough(dirname(folder), firstMade);
    await mkdir(folder, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
    const entry = await lstat(folder);
    const owner = user.switchTo?.uid ?? process.getuid?.();
    // in a shared temporary folder someone else may have put something of this name there
    if (!entry.isDirectory()) return 'it is not a folder';
    if (owner !== undefined && entry.uid !== owner && entry.uid !== process.getuid?.())
      return `it belongs to the user with id ${entry.uid}`;
    if (user.switchTo !== undefined) await chown(folder, user.switchTo.uid, user.switchTo.gid);
    await chmod(folder, 0o700);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Opens the folders that we made ourselves, from `first` down to `last`, for passing through: a strict umask would shut them. */
async function letThrough(last: string, first: string): Promise<void> {
  for (let folder = last; folder.startsWith(first); folder = dirname(folder)) {
    await chmod(folder, 0o711);
    if (folder === first) return;
  }
}

/** Null when the user can enter and write the folder, else why not. */
async function refusalOf(folder: string, user: ServerUser): Promise<string | null> {
  if (process.platform === 'win32') return null;
  const { exitCode, output } = await runProgram('/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', folder], user);
  return exitCode === 0 ? null : `the user ${user.name} cannot enter or write it${output === '' ? '' : ` (${output.trim()})`}`;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
