/** The whole API over a real PostgreSQL, asked by inject; the projector runs beside it as it does in production. */
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { CommandBus } from '@nestjs/cqrs';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ActivatePolicy } from '#libs/dossiers';
import { createLogger, type RateLimits } from '#libs/platform';
import { loadPolicyFiles } from '#libs/policy-files';
import { createReadModelsDataSource, startProjector } from '#libs/read-models';
import { createTestDatabase } from '../../../../test/postgres/database';
import { ApiRuntime, openApiRuntime } from '../api-runtime';
import { startCampaignWorker } from '../campaigns/background';
import { createApi } from '../server';
import { openApiDocument } from '../openapi/document';
import { Contract } from './contract';
import { TestSignIn, type Caller } from './sign-in';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | number | undefined>>;
  readonly text: string;
  readonly bytes: Buffer;
  /** The body as JSON; null when there is none. */
  readonly body: Record<string, unknown>;
}

export interface Asked {
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly payload?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: a new one for every POST but the lookup. */
  readonly key?: string | null;
  /** Who asks; default: somebody who has all roles. Null: nobody signs in. */
  readonly as?: Caller | null;
}

export class TestApi {
  /** Every line that was logged. */
  readonly logged: string[] = [];
  app: NestFastifyApplication;
  runtime: ApiRuntime;
  signIn: TestSignIn;
  /** Connection string of the database. */
  url: string;
  #contract: Contract;
  #stopCampaigns: () => Promise<void> = () => Promise.resolve();
  #stopProjector: () => Promise<void> = () => Promise.resolve();
  #drop: () => Promise<void>;
  #folder: string;

  /** There once it was asked for. */
  get signingKeyFile(): string {
    return join(this.#folder, 'signing-key.pem');
  }

  /** Not there until a test writes it; an API without it takes in no statement. */
  get trustedInsurersFile(): string {
    return join(this.#folder, 'trusted-insurers.json');
  }

  static async start(
    options: {
      readonly projector?: boolean;
      readonly policy?: boolean;
      readonly limits?: Partial<RateLimits>;
      /** Whether what is asked of campaigns is done; default: it is not. */
      readonly campaigns?: boolean;
    } = {},
  ): Promise<TestApi> {
    const api = new TestApi();
    api.#folder = await mkdtemp(join(tmpdir(), 'traject-api-'));
    const database = await createTestDatabase();
    api.#drop = database.drop;
    api.url = database.url;
    const sink = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        api.logged.push(chunk.toString('utf8'));
        done();
      },
    });
    const config = {
      eventStore: { kind: 'postgres' as const },
      keyEncryptionKey: { value: randomBytes(32).toString('base64'), create: false as const },
      historyStatements: { signingKey: { file: api.signingKeyFile, create: true }, trustedInsurersFile: api.trustedInsurersFile },
    };
    api.runtime = await openApiRuntime(config, database.url, createLogger('api', 'info', sink));
    api.signIn = await TestSignIn.start();
    api.app = await createApi(api.runtime, api.signIn.access(options.limits));
    api.#contract = new Contract(openApiDocument(api.app));
    if (options.policy !== false)
      await api.app.get(CommandBus, { strict: false }).execute(new ActivatePolicy(loadPolicyFiles(), 'test'));
    if (options.projector !== false) await api.startProjector(database.url);
    if (options.campaigns === true) api.#stopCampaigns = startCampaignWorker(api.runtime);
    return api;
  }

  private async startProjector(url: string): Promise<void> {
    const dataSource = createReadModelsDataSource({ url });
    await dataSource.initialize();
    const abort = new AbortController();
    const running = startProjector({
      store: this.runtime.store,
      dataSource,
      logger: this.runtime.logger,
      signal: abort.signal,
    });
    this.#stopProjector = async () => {
      abort.abort();
      await running;
      await dataSource.destroy();
    };
  }

  async stop(): Promise<void> {
    await this.#stopCampaigns();
    await this.#stopProjector();
    await this.app.close();
    await this.signIn.stop();
    await this.runtime.close();
    await this.#drop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** Takes the database away from under it. */
  async dropDatabase(): Promise<void> {
    await this.#drop();
    this.#drop = () => Promise.resolve();
  }

  get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.ask('GET', url, { headers });
  }

  post(url: string, body: unknown, asked: Asked = {}): Promise<Answer> {
    return this.ask('POST', url, { body, ...asked });
  }

  async ask(method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH' | 'OPTIONS', url: string, asked: Asked = {}): Promise<Answer> {
    const { body, payload, headers = {}, key, as } = asked;
    const isCommand = method === 'POST' && !url.includes('lookup');
    const response = await this.app.inject({
      method,
      url,
      headers: {
        ...(payload !== undefined || body !== undefined ? { 'content-type': 'application/json' } : {}),
        ...(key !== null && (key !== undefined || isCommand) ? { 'idempotency-key': key ?? randomUUID() } : {}),
        ...(as === null ? {} : await this.signIn.bearer(as)),
        ...headers,
      },
      ...(payload !== undefined ? { payload } : body !== undefined ? { payload: JSON.stringify(body) } : {}),
    });
    const isJson = /json/.test(String(response.headers['content-type']));
    const parsed = (isJson ? JSON.parse(response.payload) : {}) as Record<string, unknown>;
    const mediaType = String(response.headers['content-type']);
    const fault = this.#contract.fault(method, url, response.statusCode, mediaType, parsed);
    if (fault !== null) throw new Error(`the answer is not as the OpenAPI document has it: ${fault}`);
    return {
      status: response.statusCode,
      headers: response.headers,
      text: response.payload,
      bytes: response.rawPayload,
      body: parsed,
    };
  }
}
