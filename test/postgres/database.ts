import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

export interface TestDatabase {
  /** Connection string of an empty database of its own. */
  readonly url: string;
  /** Ends its connections and removes it. */
  readonly drop: () => Promise<void>;
}

/** The server that jest started for this run (global-setup.ts). */
export function testServerUrl(): string {
  const url = process.env.TRAJECT_TEST_POSTGRES_URL;
  if (url === undefined)
    throw new Error('no test server: only *.int-spec.ts, *.e2e-spec.ts and *.esdb-spec.ts have a PostgreSQL');
  return url;
}

/** A new, empty database with a name that no other call gets, in this worker or another. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(`create database ${name}`);
  const url = new URL(testServerUrl());
  url.pathname = `/${name}`;
  return {
    url: url.toString(),
    drop: () => onServer(`drop database if exists ${name} with (force)`),
  };
}

async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: testServerUrl() });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
