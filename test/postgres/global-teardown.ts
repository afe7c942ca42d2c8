import { rm } from 'node:fs/promises';
import { TEST_SERVER, type TestServer } from './global-setup';

/** Runs after passed and failed tests alike. */
export default async function stopTestServer(): Promise<void> {
  const running = (globalThis as Record<symbol, unknown>)[TEST_SERVER] as TestServer | undefined;
  if (running === undefined) return;
  await running.server.stop();
  await rm(running.server.location, { recursive: true, force: true });
  await rm(running.folder, { recursive: true, force: true });
}
