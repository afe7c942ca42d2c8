import { spawn } from 'node:child_process';
import type { ServerUser } from './server-user';

export interface ProgramResult {
  /** Null when it could not be started or was killed. */
  readonly exitCode: number | null;
  /** Standard output and error, at most the last 64 kB. */
  readonly output: string;
}

const OUTPUT_LIMIT = 65_536;

/** PG* settings of the user's shell (PGPORT, PGDATA, …) must not bend our server; messages must be English to be recognised. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^PG|^LC_|^LANG/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

/**
 * Runs a program to its end as `user`, in `cwd` (which that user must be able to enter), bounded in time.
 * Never rejects: a program that cannot be started answers exitCode null and the reason.
 */
export function runProgram(
  file: string,
  args: readonly string[],
  user: ServerUser,
  { cwd = '/', timeoutMs = 120_000 }: { cwd?: string; timeoutMs?: number } = {},
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(file, args, {
      cwd: process.platform === 'win32' && cwd === '/' ? undefined : cwd,
      env: cleanEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      // undefined leaves the user as it is; setting both also drops root's further groups
      uid: user.switchTo?.uid,
      gid: user.switchTo?.gid,
    });
    const timer = setTimeout(() => {
      output += `\n(stopped after ${timeoutMs} ms)`;
      child.kill('SIGKILL');
    }, timeoutMs);
    const collect = (chunk: Buffer): void => {
      output = (output + chunk.toString('utf8')).slice(-OUTPUT_LIMIT);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => {
      clearTimeout(timer);
      resolve({ exitCode: null, output: `${output}${error.message}` });
    });
    // 'exit', not 'close': a daemon that kept our pipe open must not keep us waiting
    child.once('exit', (exitCode) => {
      clearTimeout(timer);
      setImmediate(() => {
        child.stdout.destroy();
        child.stderr.destroy();
        resolve({ exitCode, output });
      });
    });
  });
}
