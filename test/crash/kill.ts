/** Ends processes as a power failure does: SIGKILL, at a moment that a condition names. */
import { execFile, type ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const PATIENCE_MS = 60_000;

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
}

/** The end of a process that was started with pipes; its output is drained. */
export function endOf(child: ChildProcess): Promise<Ended> {
  let stderr = '';
  child.stdout?.resume();
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin?.end();
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', (code, signal) => resolve({ code, signal, stderr }));
  });
}

/** Resolves as soon as `isReached` says so, or as soon as `ended` resolves: then null. */
export async function reached<T>(ended: Promise<unknown>, isReached: () => Promise<T | null>): Promise<T | null> {
  let isOver = false;
  void ended.finally(() => (isOver = true)).catch(() => undefined);
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until && !isOver; await delay(3)) {
    const answer = await isReached();
    if (answer !== null) return answer;
  }
  if (!isOver) throw new Error(`the moment to kill at did not come within ${PATIENCE_MS / 1000} s`);
  return null;
}

/** SIGKILL to a PostgreSQL server, children first to last, until none of them is left. */
export async function killPostgres(postmaster: number): Promise<void> {
  const children = await childrenOf(postmaster);
  for (const pid of [postmaster, ...children]) kill(pid);
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await delay(10)) {
    const alive = await Promise.all([postmaster, ...children].map(isAlive));
    if (!alive.includes(true)) return;
  }
  throw new Error('PostgreSQL could not be killed');
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** A zombie that nobody has reaped yet is dead. */
async function isAlive(pid: number): Promise<boolean> {
  if (process.platform === 'linux') {
    const status = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => null);
    return status !== null && status[status.lastIndexOf(')') + 2] !== 'Z';
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function childrenOf(parent: number): Promise<number[]> {
  if (process.platform !== 'linux') {
    const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
    const rows = stdout
      .trim()
      .split('\n')
      .map((row) => row.trim().split(/\s+/).map(Number));
    return rows.flatMap(([pid, ppid]) => (ppid === parent && pid !== undefined ? [pid] : []));
  }
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(
    pids.map(async (pid) => {
      const status = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
      return Number(status.slice(status.lastIndexOf(')') + 2).split(' ')[1]);
    }),
  );
  return pids.flatMap((pid, i) => (parents[i] === parent ? [Number(pid)] : []));
}
