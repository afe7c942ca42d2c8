import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { startEmbeddedPostgres } from '#libs/platform';

/** A PostgreSQL of the bench's own, with fsync and synchronous_commit on, as the product starts it. */
export interface BenchServer {
  readonly folder: string;
  /** A new database, empty or a copy of `template`. */
  database(name: string, template?: string): Promise<string>;
  drop(name: string): Promise<void>;
  /** Writes everything dirty to disk now, so that a round does not pay for what came before it. */
  checkpoint(): Promise<void>;
  stop(): Promise<void>;
}

export async function startBenchServer(): Promise<BenchServer> {
  const folder = await mkdtemp(join(tmpdir(), 'traject-bench-'));
  const server = await startEmbeddedPostgres({ dataDirectory: join(folder, 'data') });
  const admin = async (statement: string): Promise<void> => {
    const client = new Client({ connectionString: server.url('postgres') });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  return {
    folder,
    database: async (name, template) => {
      await admin(`create database ${name}${template === undefined ? '' : ` template ${template} strategy file_copy`}`);
      return server.url(name);
    },
    drop: (name) => admin(`drop database if exists ${name} with (force)`),
    checkpoint: () => admin('checkpoint'),
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
      if (!server.locationAsAsked) await rm(server.location, { recursive: true, force: true });
    },
  };
}

/** Runs statements on one connection. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
