import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './errors';

const execute = promisify(execFile);

/** The operating system user that runs the server. PostgreSQL refuses to run as root. */
export interface ServerUser {
  readonly name: string;
  /** Absent: the server runs as the user of this process. */
  readonly switchTo?: { readonly uid: number; readonly gid: number };
}

const SYSTEM_USER = 'postgres';

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Who runs the server. Not root: this process's own user. Root: the owner of the cluster that is already there, else the
 * system user `postgres`, made when it is missing.
 * @throws EmbeddedPostgresError when root and that user cannot be made
 */
export async function serverUser(existingCluster: string | null): Promise<ServerUser> {
  if (!isRoot()) return { name: 'of this process' };
  if (existingCluster !== null) {
    const { uid, gid } = await stat(existingCluster);
    if (uid !== 0) return { name: `with id ${uid}`, switchTo: { uid, gid } };
  }
  const found = (await lookUp()) ?? (await create());
  return { name: SYSTEM_USER, switchTo: found };
}

async function lookUp(): Promise<{ uid: number; gid: number } | null> {
  try {
    const uid = Number((await execute('id', ['-u', SYSTEM_USER])).stdout.trim());
    const gid = Number((await execute('id', ['-g', SYSTEM_USER])).stdout.trim());
    return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { uid, gid } : null;
  } catch {
    // `id` fails for a user that does not exist; every other failure shows when the user is made
    return null;
  }
}

async function create(): Promise<{ uid: number; gid: number }> {
  let reason = '';
  try {
    await execute('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', SYSTEM_USER]);
  } catch (error) {
    // another start may have made it in the meantime; the look-up below decides
    reason = (error as Error).message;
  }
  const created = await lookUp();
  if (created !== null) return created;
  throw new EmbeddedPostgresError(
    `PostgreSQL does not run as root, and the operating system user "${SYSTEM_USER}" could not be made: ${reason}`,
    `start as another user than root, or make the user first (useradd --system ${SYSTEM_USER}), or set TRAJECT_DATABASE_URL`,
  );
}
