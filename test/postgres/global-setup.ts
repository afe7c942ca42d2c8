import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// by path: jest loads this file outside its own module system, where #libs is the built code
import { startEmbeddedPostgres, stopAbandonedServer, type EmbeddedPostgres } from '../../libs/platform/src/embedded-postgres';

/** What the teardown needs; both run in jest's parent process. */
export interface TestServer {
  readonly server: EmbeddedPostgres;
  readonly folder: string;
}

export const TEST_SERVER = Symbol.for('traject.test.postgres');
const PREFIX = 'traject-test-';
const UNCLAIMED_MS = 3_600_000;

/** One PostgreSQL for the whole run: real binaries, as a user other than root, durable as in production, only smaller. */
export default async function startTestServer(): Promise<void> {
  await sweepKilledRuns();
  const folder = join(tmpdir(), `${PREFIX}${randomBytes(6).toString('hex')}`);
  await mkdir(folder);
  // PostgreSQL's user must be able to pass through, whatever the umask
  await chmod(folder, 0o711);
  await writeFile(join(folder, 'owner.json'), JSON.stringify({ pid: process.pid }));
  const server = await startEmbeddedPostgres({
    dataDirectory: folder,
    settings: { shared_buffers: '64MB', max_wal_size: '256MB', max_connections: '200', autovacuum_naptime: '10s' },
  });
  await writeFile(join(folder, 'owner.json'), JSON.stringify({ pid: process.pid, location: server.location }));
  (globalThis as Record<symbol, unknown>)[TEST_SERVER] = { server, folder } satisfies TestServer;
  process.env.TRAJECT_TEST_POSTGRES_URL = server.url('postgres');
}

/** Stops and removes what runs that were killed have left; runs that are still going on are left alone. */
async function sweepKilledRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const folder = join(tmpdir(), name);
    try {
      const owner = await ownerOf(folder);
      if (owner === 'alive') continue;
      for (const location of new Set([join(folder, 'postgres'), owner.location])) {
        await stopAbandonedServer(location);
        await rm(location, { recursive: true, force: true });
      }
      await rm(folder, { recursive: true, force: true });
    } catch (error) {
      // another user's, or another run sweeps it at the same time: not in the way of this run
      process.stderr.write(`left in place: ${folder} (${(error as Error).message})\n`);
    }
  }
}

async function ownerOf(folder: string): Promise<'alive' | { location: string }> {
  const unclaimed = { location: join(folder, 'postgres') };
  let owner: { pid: number; location?: string };
  try {
    owner = JSON.parse(await readFile(join(folder, 'owner.json'), 'utf8')) as typeof owner;
  } catch {
    // being made just now, or left between two lines of the setup
    return Date.now() - (await stat(folder)).mtimeMs < UNCLAIMED_MS ? 'alive' : unclaimed;
  }
  try {
    process.kill(owner.pid, 0);
    return 'alive';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' ? { location: owner.location ?? unclaimed.location } : 'alive';
  }
}
