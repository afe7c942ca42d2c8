/** Runs the other processes of the product as children, and stops them with this one. */
import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

const STOP_PATIENCE_MS = 10_000;

export interface Child {
  readonly name: string;
  /** Resolves with the first message of this type; rejects when the child ends before. */
  message<T extends { readonly type: string }>(type: T['type']): Promise<T>;
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
  return {
    name,
    ended,
    message: <T extends { readonly type: string }>(type: T['type']) =>
      new Promise<T>((resolve, reject) => {
        child.on('message', (message: T) => {
          if (message.type === type) resolve(message);
        });
        child.once('error', reject);
        void ended.then((code) => reject(new Error(`the ${name} ended with code ${String(code)} before it was ready`)));
      }),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_PATIENCE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}
