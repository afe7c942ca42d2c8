import type { Pool } from 'pg';

export type DatabaseHealth =
  | { readonly status: 'up'; readonly latencyMs: number }
  | { readonly status: 'down'; /** SQLSTATE or system code, never a text of the server. */ readonly code: string };

/** Whether the database answers a query within `timeoutMs`; never rejects. */
export async function databaseHealth(pool: Pool, timeoutMs = 2_000): Promise<DatabaseHealth> {
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<DatabaseHealth>((resolve) => {
    timer = setTimeout(() => resolve({ status: 'down', code: 'TIMEOUT' }), timeoutMs);
  });
  const answer = pool.query('select 1').then(
    (): DatabaseHealth => ({ status: 'up', latencyMs: Math.round(performance.now() - started) }),
    (error: { code?: unknown }): DatabaseHealth => ({
      status: 'down',
      code: typeof error.code === 'string' ? error.code : 'UNKNOWN',
    }),
  );
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
