import { Injectable } from '@nestjs/common';
import type { LogPosition } from '#libs/event-store';
import { databaseHealth } from '#libs/platform';
import { POLICY_BOOK_STREAM } from '#libs/trajectory';
import { ApiRuntime } from '../api-runtime';
import type { Readiness } from './schema';

const TIMEOUT_MS = 2_000;
type ReadModelsHealth = Readiness['readModels'];

/** Asks every part that the API needs; never rejects, never takes much more than two seconds. */
@Injectable()
export class HealthChecks {
  constructor(private readonly runtime: ApiRuntime) {}

  async readiness(): Promise<Readiness> {
    const { pool, store } = this.runtime;
    const [database, eventStore, readModels] = await Promise.all([
      databaseHealth(pool, TIMEOUT_MS),
      probe(async () => void (await store.readStreams([{ stream: POLICY_BOOK_STREAM }]))),
      this.readModels(),
    ]);
    const isUp = database.status === 'up' && eventStore.status === 'up' && readModels.status !== 'down';
    return { status: isUp ? 'up' : 'down', database, eventStore, readModels };
  }

  /** Behind is not down: a rebuild, or a projector that was restarted, must not take the commands away. */
  private async readModels(): Promise<ReadModelsHealth> {
    const { queries, store, context } = this.runtime;
    const down: ReadModelsHealth = { status: 'down', position: null, lagSeconds: null, parked: null };
    return within(
      async () => {
        const [{ position }, parked] = await Promise.all([queries.checkpoint(), queries.parkedCount()]);
        const [oldest] = (await store.readLog(position as LogPosition | null, 1)).events;
        if (oldest === undefined) return { status: 'current', position, lagSeconds: 0, parked };
        const lagMs = Math.max(0, context.now().getTime() - Date.parse(oldest.recordedAt));
        return { status: 'behind', position, lagSeconds: Math.round(lagMs / 100) / 10, parked };
      },
      down,
      () => down,
    );
  }
}

const probe = (ask: () => Promise<void>): Promise<Readiness['eventStore']> => {
  const started = performance.now();
  return within<Readiness['eventStore']>(
    async () => {
      await ask();
      return { status: 'up', latencyMs: Math.round(performance.now() - started) };
    },
    { status: 'down', code: 'TIMEOUT' },
    (error) => {
      const { code } = error as { code?: unknown };
      return { status: 'down', code: typeof code === 'string' ? code : 'UNKNOWN' };
    },
  );
};

/** The answer, or what stands for it when it fails or takes longer than two seconds. */
async function within<T>(ask: () => Promise<T>, late: T, failed: (error: unknown) => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(late), TIMEOUT_MS);
  });
  try {
    return await Promise.race([ask().catch(failed), timeout]);
  } finally {
    clearTimeout(timer);
  }
}
