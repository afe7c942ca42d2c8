import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { testServerUrl } from '../postgres/database';

/** A database with the same members, vault and policy as another one: what is made in both can be compared id by id. */
export async function cloneOf(url: string): Promise<string> {
  const [clone, template] = [new URL(url), new URL(url)];
  clone.pathname = `/test_${randomBytes(8).toString('hex')}`;
  const client = new Client({ connectionString: testServerUrl() });
  await client.connect();
  await client.query(`create database ${clone.pathname.slice(1)} template ${template.pathname.slice(1)}`);
  await client.end();
  return clone.toString();
}

export async function dropped(url: string): Promise<void> {
  const client = new Client({ connectionString: testServerUrl() });
  await client.connect();
  await client.query(`drop database if exists ${new URL(url).pathname.slice(1)} with (force)`);
  await client.end();
}
