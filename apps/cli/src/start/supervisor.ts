/** Runs the other processes of the product as children, and stops them with this one. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const STOP_PATIENCE_MS = 10_000;

export interface Child {
  readonly name: string;
  /** Resolves with the address that the child says it listens on; rejects when it ends before. */
  readonly address: Promise<string>;
  /** Resolves when the child has ended, with its exit code (null: by a signal). */
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
}

/** Starts `dist/apps/<name>/src/main.js`. The child ends by itself when its channel to this process breaks, also by kill -9. */
export function startChild(name: string, environment: NodeJS.ProcessEnv): Child {
  // dist/apps/cli/src/start -> dist/apps
  const main = join(__dirname, '../../..', name, 'src/main.js');
  const child: ChildProcess = fork(main, [], {
    env: environment,
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // Its own process group: Ctrl-C at the terminal reaches this process alone, which then stops its children in order.
    detached: true,
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const address = new Promise<string>((resolve, reject) => {
    child.on('message', (message: { readonly ready?: boolean; readonly address?: string }) => {
      if (message.ready === true && message.address !== undefined) resolve(message.address);
    });
    child.once('error', reject);
    void ended.then((code) => reject(new Error(`the ${name} ended with code ${String(code)} before it was ready`)));
  });
  address.catch(() => undefined); // only who waits for it is told
  return {
    name,
    ended,
    address,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
