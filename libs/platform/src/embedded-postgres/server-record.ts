import { randomBytes } from 'node:crypto';
import { chown, readFile, rename, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './errors';
import type { ServerLocation } from './location';

/** What must be remembered between starts, in `server.json` (mode 0600) beside the cluster. */
export interface ServerRecord {
  readonly port: number;
  readonly password: string;
}

const FILE = 'server.json';

/** @throws EmbeddedPostgresError when the file is there but not readable */
export async function readRecord(location: ServerLocation): Promise<ServerRecord | null> {
  const file = join(location.folder, FILE);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new EmbeddedPostgresError(`${file} cannot be read: ${(error as Error).message}`, 'start as the user that made it', '', {
      cause: error,
    });
  }
  try {
    const { port, password } = JSON.parse(text) as Partial<ServerRecord>;
    if (Number.isInteger(port) && typeof password === 'string' && password.length >= 16)
      return { port: port as number, password };
  } catch {
    // told below, without the content: it holds the password
  }
  throw new EmbeddedPostgresError(`${file} is damaged.`, 'restore it from a back-up: it holds the password of the database');
}

/** Written under another name and renamed, so that it is always whole. */
export async function writeRecord(location: ServerLocation, record: ServerRecord): Promise<void> {
  const file = join(location.folder, FILE);
  await writeFile(`${file}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  const { switchTo } = location.user;
  // the server's user may start it again itself, if it is the owner of the checkout
  if (switchTo !== undefined) await chown(`${file}.new`, switchTo.uid, switchTo.gid);
  await rename(`${file}.new`, file);
}

export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

export async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}
