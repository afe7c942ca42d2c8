import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** What a running (or killed) server has written into its `postmaster.pid`. */
export interface PostmasterFile {
  readonly pid: number;
  /** Null while the server has not come so far. */
  readonly port: number | null;
}

export async function readPostmasterFile(cluster: string): Promise<PostmasterFile | null> {
  let text: string;
  try {
    text = await readFile(join(cluster, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  const [pid, , , port] = text.split('\n');
  const portNumber = Number(port);
  return { pid: Math.abs(Number(pid)), port: Number.isInteger(portNumber) && portNumber > 0 ? portNumber : null };
}

/**
 * What the process of a postmaster.pid is now.
 * `gone`: none, or only a zombie that its parent has not yet reaped (`pg_ctl status` calls that running);
 * `other`: the number was given to another program since, so the file is stale; `postmaster`: the server, or likely it.
 */
export async function processOf(pid: number, cluster: string): Promise<'gone' | 'other' | 'postmaster'> {
  if (!Number.isInteger(pid) || pid <= 0) return 'gone';
  if (process.platform === 'linux') {
    try {
      const status = await readFile(`/proc/${pid}/stat`, 'latin1');
      // "pid (name) state …": the name may hold spaces and parentheses
      if (status[status.lastIndexOf(')') + 2] === 'Z') return 'gone';
      const commandLine = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
      return commandLine.includes(cluster) ? 'postmaster' : 'other';
    } catch {
      return 'gone';
    }
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return 'gone';
  }
  if (process.platform === 'win32') return 'postmaster';
  try {
    const { stdout } = await execute('ps', ['-o', 'state=,command=', '-p', String(pid)]);
    if (stdout.trim() === '' || stdout.trimStart().startsWith('Z')) return 'gone';
    return stdout.includes(cluster) ? 'postmaster' : 'other';
  } catch {
    return 'gone';
  }
}
