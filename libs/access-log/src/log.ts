/** The log of one process: entries that come while others are being written travel together, in one round trip and one commit. */
import { openPool, type Pool } from '#libs/platform';
import { contentOf, type AccessEntry } from './entry';
import { noteHead, type AccessHead } from './head';
import { installAccessLog } from './install';

/** Most rows of one append: the head is locked for as long as it takes. */
const MAX_ROWS = 1_000;
/** Longest that an append waits for the head and for the disk. */
const STATEMENT_TIMEOUT_MS = 10_000;
const CONNECTION_TIMEOUT_MS = 5_000;
/** The head is noted outside the database so often at most, and when the log is closed. */
const NOTE_EVERY_MS = 60_000;

/** An access could not be recorded: what asked for it must not go on. */
export class AccessLogUnavailableError extends Error {
  override readonly name = 'AccessLogUnavailableError';
  /** Code of the cause: that of a lost connection is met again by whoever waits for a database that restarts. */
  readonly code: string | undefined;
  constructor(cause: Error) {
    super(`the access log could not be written (${cause.message}); nothing is read or changed unrecorded`, { cause });
    const { code } = cause as { code?: unknown };
    this.code = typeof code === 'string' ? code : undefined;
  }
}

export interface AccessRecorder {
  /** Resolves when all of them are durably recorded, in order. Rejects with AccessLogUnavailableError: then they may not be. */
  record(entries: readonly AccessEntry[]): Promise<void>;
}

export interface AccessLogOptions {
  /** File of heads outside the database; null = none is kept. */
  readonly headsFile: string | null;
  /** Told when the file of heads cannot be written; the log itself goes on. */
  readonly onHeadsFault?: (error: Error) => void;
  /** Default 10,000. */
  readonly statementTimeoutMs?: number;
  readonly now?: () => Date;
}

interface Call {
  readonly ids: readonly string[];
  readonly contents: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

const APPEND = { name: 'access.append', text: 'select log_id, seq, hash from access.append($1::uuid[], $2::text[])' };

export class AccessLog implements AccessRecorder {
  readonly #waiting: Call[] = [];
  #writing: Promise<void> | null = null;
  #head: AccessHead | null = null;
  #noted: { readonly seq: number; readonly atMs: number } = { seq: 0, atMs: 0 };
  #noting: Promise<void> = Promise.resolve();
  #closed: Promise<void> | null = null;

  constructor(
    private readonly pool: Pool,
    private readonly options: AccessLogOptions,
  ) {}

  record(entries: readonly AccessEntry[]): Promise<void> {
    if (entries.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const contents = entries.map(contentOf); // a throw rejects
      this.#waiting.push({ ids: entries.map(({ id }) => id), contents, resolve, reject });
      this.#writing ??= this.write();
    });
  }

  /** Waits for what is being written, notes where the chain ends, and closes the connections. */
  close(): Promise<void> {
    return (this.#closed ??= this.end());
  }

  private async end(): Promise<void> {
    await this.#writing;
    this.note();
    await this.#noting;
    await this.pool.end();
  }

  /** Never rejects. It ends in the same step in which it finds nothing waiting: what comes after that begins again. */
  private async write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const calls = this.nextCalls();
      try {
        await this.append(
          calls.flatMap(({ ids }) => ids),
          calls.flatMap(({ contents }) => contents),
        );
        for (const call of calls) call.resolve();
      } catch (error) {
        const unavailable = new AccessLogUnavailableError(error as Error);
        for (const call of calls) call.reject(unavailable);
      }
      if (this.now().getTime() - this.#noted.atMs >= NOTE_EVERY_MS) this.note();
    }
    this.#writing = null;
  }

  /** Whole calls, in order; one that is larger than an append is taken alone, and cut. */
  private nextCalls(): Call[] {
    let count = 0;
    let rows = 0;
    for (const { ids } of this.#waiting) {
      rows += ids.length;
      if (count > 0 && rows > MAX_ROWS) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  private async append(ids: readonly string[], contents: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += MAX_ROWS) {
      const values = [ids.slice(from, from + MAX_ROWS), contents.slice(from, from + MAX_ROWS)];
      const { rows } = await this.pool.query<{ log_id: string; seq: string; hash: Buffer }>({ ...APPEND, values });
      const [end] = rows;
      if (end === undefined) throw new Error('access.append answered nothing');
      this.#head = { log: end.log_id, seq: Number(end.seq), hash: end.hash.toString('hex') };
    }
  }

  /** Notes the head if it has moved; one at a time. */
  private note(): void {
    const { headsFile, onHeadsFault } = this.options;
    const head = this.#head;
    if (headsFile === null || head === null || head.seq === this.#noted.seq) return;
    const at = this.now();
    this.#noted = { seq: head.seq, atMs: at.getTime() };
    this.#noting = this.#noting.then(() => noteHead(headsFile, head, at)).catch((error: Error) => onHeadsFault?.(error));
  }

  private now(): Date {
    return this.options.now?.() ?? new Date();
  }
}

/** Opens the log of a process in a database, on a connection of its own, and brings its schema up to date. */
export async function openAccessLog(databaseUrl: string, processName: string, options: AccessLogOptions): Promise<AccessLog> {
  const pool = openPool(databaseUrl, {
    max: 1,
    applicationName: `traject ${processName} access log`,
    connectionTimeoutMs: CONNECTION_TIMEOUT_MS,
    statementTimeoutMs: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
  });
  try {
    await installAccessLog(pool);
    return new AccessLog(pool, options);
  } catch (error) {
    await pool.end();
    throw error;
  }
}
