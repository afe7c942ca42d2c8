import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { SUPERUSER } from './cluster';
import { EmbeddedPostgresError, logTail } from './errors';
import type { ServerLocation } from './location';
import { processOf, readPostmasterFile } from './postmaster';
import { readRecord, writeRecord, type ServerRecord } from './server-record';

const ADOPTION_PATIENCE_MS = 60_000;

/** A server that already runs on this cluster and answers, or null after which it may be started. */
export async function adopt(location: ServerLocation): Promise<{ record: ServerRecord; pid: number } | null> {
  const { cluster } = location;
  for (let waited = 0; waited < ADOPTION_PATIENCE_MS; waited += 100) {
    const file = await readPostmasterFile(cluster);
    if (file === null) return null;
    const running = await processOf(file.pid, cluster);
    if (running === 'gone') return null; // PostgreSQL recovers from a stale file by itself
    if (running === 'other') {
      // the number now belongs to another program (as after a restart of the machine), for which PostgreSQL would refuse to start
      await rm(join(cluster, 'postmaster.pid'), { force: true });
      return null;
    }
    const record = await readRecord(location);
    if (record !== null && file.port !== null && (await answers(file.port, record.password))) {
      const now = { ...record, port: file.port };
      if (record.port !== now.port) await writeRecord(location, now);
      return { record: now, pid: file.pid };
    }
    await delay(100);
  }
  throw new EmbeddedPostgresError(
    `A PostgreSQL server runs on ${cluster} but has not answered for ${ADOPTION_PATIENCE_MS / 1000} seconds.`,
    'end that server (its process id is the first line of postmaster.pid in that folder), then start again',
    await logTail(logFile(location)),
  );
}

async function answers(port: number, password: string): Promise<boolean> {
  const client = new Client({ connectionString: urlOf({ port, password }, 'postgres'), connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined); // a connection that breaks while closing has answered or not; either is known
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

export async function answersSoon(record: ServerRecord): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    if (await answers(record.port, record.password)) return true;
    await delay(100);
  }
  return false;
}

export async function createDatabase(record: ServerRecord, name: string): Promise<void> {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(name)) {
    throw new Error(`not a database name: ${JSON.stringify(name)} (small letters, digits and _, at most 63)`);
  }
  const client = new Client({ connectionString: urlOf(record, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 0) await client.query(`create database ${name}`);
  } catch (error) {
    // made by another process in the meantime
    const { code } = error as { code?: string };
    if (code !== '42P04' && code !== '23505') throw error;
  } finally {
    await client.end();
  }
}

export function urlOf({ port, password }: ServerRecord, database: string): string {
  return `postgresql://${SUPERUSER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${encodeURIComponent(database)}`;
}

export const logFile = (location: ServerLocation): string => join(location.folder, 'postgresql.log');
