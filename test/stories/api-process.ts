/** The HTTP server as a process of its own, with a projector beside it where one is asked for, and users who sign in at the development issuer. */
import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { startDevelopmentIssuer, type DevelopmentIssuer } from '#libs/development-issuer';
import { projectRoot } from '#libs/platform';
import type { Role } from '#libs/sign-in';

/** Built, whether this file runs from its source or is built itself. */
const API = join(projectRoot(), 'dist/apps/api/src/main.js');
const PROJECTOR = join(projectRoot(), 'dist/apps/projector/src/main.js');

export interface HttpAnswer<T> {
  readonly status: number;
  readonly body: T;
}

export class ApiProcess {
  readonly #children: ChildProcess[] = [];

  private constructor(
    private readonly issuer: DevelopmentIssuer,
    private readonly environment: NodeJS.ProcessEnv,
  ) {}

  /** Nothing runs until `start`. */
  static async prepare(environment: NodeJS.ProcessEnv): Promise<ApiProcess> {
    const issuer = await startDevelopmentIssuer();
    return new ApiProcess(issuer, {
      ...environment,
      ...{ TRAJECT_OIDC_ISSUER: issuer.issuer, TRAJECT_OIDC_AUDIENCE: issuer.audience, TRAJECT_PORT: '0' },
    });
  }

  /** A header by which somebody with these roles is signed in. */
  async signIn(subject: string, ...roles: readonly Role[]): Promise<{ readonly authorization: string }> {
    return { authorization: `Bearer ${await this.issuer.sign({ subject, roles })}` };
  }

  /** Answers its address as soon as it says that it is ready. */
  async start(): Promise<string> {
    const child = this.#fork(API);
    const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the API ended with ${String(code)}`)));
    ended.catch(() => undefined);
    const [message] = (await Promise.race([once(child, 'message'), ended])) as [{ address: string }];
    return message.address;
  }

  startProjector(): void {
    this.#fork(PROJECTOR);
  }

  /** Ends what runs; it can be started again. */
  async stop(): Promise<void> {
    for (const child of this.#children.splice(0).reverse()) {
      // one that has ended by itself ends no second time
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    }
  }

  async close(): Promise<void> {
    await this.stop();
    await this.issuer.stop();
  }

  #fork(main: string): ChildProcess {
    const child = fork(main, [], { env: this.environment, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#children.push(child);
    return child;
  }
}

/** Somebody who is signed in, at one address. */
export class HttpUser {
  constructor(
    private readonly address: string,
    private readonly signedIn: { readonly authorization: string },
  ) {}

  get<T>(path: string): Promise<HttpAnswer<T>> {
    return this.#ask<T>(path, {});
  }

  post<T>(path: string, body: unknown, key: string = randomUUID()): Promise<HttpAnswer<T>> {
    return this.#ask<T>(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': key },
      body: JSON.stringify(body),
    });
  }

  async #ask<T>(
    path: string,
    init: RequestInit & { readonly headers?: Readonly<Record<string, string>> },
  ): Promise<HttpAnswer<T>> {
    const response = await fetch(`${this.address}${path}`, { ...init, headers: { ...init.headers, ...this.signedIn } });
    return { status: response.status, body: (await response.json()) as T };
  }
}
