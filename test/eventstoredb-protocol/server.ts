import { Server, ServerCredentials, type sendUnaryData } from '@grpc/grpc-js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb';
import { SupportedMethod, SupportedMethods } from '@eventstore/db-client/generated/serverfeatures_pb';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb';
import { appendCall, batchAppendCall } from './append-calls';
import { Faults } from './faults';
import { InMemoryLog } from './log';
import { readCall } from './read-calls';

export interface ServerContext {
  readonly log: InMemoryLog;
  readonly faults: Faults;
  /** How many calls of each kind arrived, and how many events were sent to subscribers. */
  readonly seen: { append: number; batchAppend: number; read: number; features: number; eventsSent: number };
  /** Streams in the order in which appends to them were executed, repeats and conflicts too. */
  readonly appends: string[];
  leader(): { readonly host: string; readonly port: number };
  die(): void;
}

export interface DoubleOptions {
  /** Whether the server says that it supports BatchAppend (servers since 21.6 do). */
  readonly batchAppend?: boolean;
  /** Shared with another double to stand for a second node. */
  readonly log?: InMemoryLog;
}

/** TEST DOUBLE: a server that speaks the gRPC protocol of EventStoreDB from memory. See README.md for what it is not. */
export class EventStoreDbDouble {
  readonly log: InMemoryLog;
  readonly faults = new Faults();
  readonly seen = { append: 0, batchAppend: 0, read: 0, features: 0, eventsSent: 0 };
  readonly appends: string[] = [];
  private server: Server | null = null;
  private boundPort = 0;

  private constructor(private readonly options: DoubleOptions) {
    this.log = options.log ?? new InMemoryLog();
  }

  static async start(options: DoubleOptions = {}): Promise<EventStoreDbDouble> {
    const double = new EventStoreDbDouble(options);
    await double.listen();
    return double;
  }

  get port(): number {
    return this.boundPort;
  }

  get connectionString(): string {
    return `esdb://127.0.0.1:${this.boundPort}?tls=false`;
  }

  /** Cuts every connection at once and stops listening; what was written stays. */
  die(): void {
    this.server?.forceShutdown();
    this.server = null;
  }

  /** Listens again on the same port, with the same log. */
  async restart(): Promise<void> {
    this.die();
    await this.listen();
  }

  stop(): void {
    this.faults.none();
    this.die();
  }

  private async listen(): Promise<void> {
    const context: ServerContext = {
      log: this.log,
      faults: this.faults,
      seen: this.seen,
      appends: this.appends,
      leader: () => this.faults.leader ?? { host: '127.0.0.1', port: this.boundPort },
      die: () => this.die(),
    };
    const server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    server.addService(StreamsService, {
      append: appendCall(context),
      batchAppend: batchAppendCall(context),
      read: readCall(context),
    });
    server.addService(ServerFeaturesService, {
      getSupportedMethods: (_call: unknown, callback: sendUnaryData<SupportedMethods>) => {
        this.seen.features += 1;
        if (!this.faults.blackHole) callback(null, this.supportedMethods());
      },
    });
    this.boundPort = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`127.0.0.1:${this.boundPort}`, ServerCredentials.createInsecure(), (error, port) =>
        error ? reject(error) : resolve(port),
      );
    });
    this.server = server;
  }

  private supportedMethods(): SupportedMethods {
    const names = ['append', 'read', ...(this.options.batchAppend === false ? [] : ['batchappend'])];
    const methods = names.map((name) =>
      new SupportedMethod().setServiceName('event_store.client.streams.streams').setMethodName(name),
    );
    return new SupportedMethods().setEventStoreServerVersion('23.10.8-double').setMethodsList(methods);
  }
}
