/** Which failures of the server may pass, which are final, and how long to wait for an answer. */

/** The server refused for a reason that no repetition cures (no permission, stream deleted, unknown call). */
export class EventStoreDbRefusedError extends Error {
  override readonly name = 'EventStoreDbRefusedError';
  constructor(what: string, cause: Error) {
    super(`EventStoreDB refused to ${what}: ${cause.message || cause.name}`, { cause });
  }
}

/** Nothing came back in time; what was asked may or may not have been done. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError';
  constructor(what: string, timeoutMs: number) {
    super(`EventStoreDB did not answer within ${timeoutMs} ms: ${what}`);
  }
}

const FINAL_TYPES = new Set([
  'access-denied',
  'stream-deleted',
  'maximum-append-size-exceeded',
  'missing-required-metadata-property',
  'invalid-argument',
  'unsupported',
]);
/** gRPC: INVALID_ARGUMENT, PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED. */
const FINAL_CODES = new Set([3, 7, 12, 16]);

/**
 * Classified by the server's error kind, then by gRPC code: the class of the error depends on the call that met it. Whatever is not known
 * to be final counts as passing, since every repetition carries the same event ids.
 */
export function isFinal(error: unknown): boolean {
  const { type, code } = (error ?? {}) as { type?: unknown; code?: unknown };
  if (typeof type === 'string' && FINAL_TYPES.has(type)) return true;
  return type !== 'not-leader' && typeof code === 'number' && FINAL_CODES.has(code);
}

export function hasType(error: unknown, type: string): boolean {
  return (error as { type?: unknown } | null)?.type === type;
}

export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The promise's own end, or NoAnswerError; a later rejection of it is of no interest any more. */
export async function within<T>(promise: Promise<T>, timeoutMs: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswerError(what, timeoutMs)), timeoutMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    promise.catch(() => undefined);
  }
}

/** Resolves after the pause, or at once when the signal is or becomes aborted. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done);
  });
}

/** Repeats what failed for a passing reason, with doubling pauses; rejects with the last failure, a final one as a refusal. */
export async function retrying<T>(
  what: string,
  settings: { readonly attempts: number; readonly retryDelayMs: number },
  attempt: () => Promise<T>,
): Promise<T> {
  for (let failures = 0; ;) {
    try {
      return await attempt();
    } catch (thrown) {
      const error = toError(thrown);
      if (isFinal(error)) throw new EventStoreDbRefusedError(what, error);
      failures += 1;
      if (failures >= settings.attempts) throw error;
      await pause(settings.retryDelayMs * 2 ** (failures - 1));
    }
  }
}

/** Runs the tasks with at most `limit` of them at once; answers in their order. */
export async function inParallel<In, Out>(
  inputs: readonly In[],
  limit: number,
  task: (input: In, index: number) => Promise<Out>,
): Promise<Out[]> {
  const outputs = new Array<Out>(inputs.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < inputs.length; index = next++) {
      outputs[index] = await task(inputs[index] as In, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, inputs.length) }, worker));
  return outputs;
}
