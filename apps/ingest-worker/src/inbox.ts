/** A folder as a queue of claim files: what lies there whole is ingested, then moved with its answers. */
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClaimFileIngestion, IngestReport } from '#libs/dossiers';
import type { Logger } from '#libs/platform';

const POLL_MS = 1_000;
/** A file that has not grown for so long is taken to be whole; senders had better move a finished file in. */
const SETTLED_MS = 2_000;

/** Subfolders of the inbox. */
const DONE = 'done';
const REFUSED = 'refused';
const FAILED = 'failed';

export interface InboxOptions {
  readonly folder: string;
  readonly ingestion: Pick<ClaimFileIngestion, 'ingest'>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly settledMs?: number;
  readonly pollMs?: number;
}

/**
 * Works the inbox until the signal is aborted. A file is ingested to its end before the next; a second worker on the same folder does
 * no harm, since every line has one effect. A file that fails for a reason of ours is tried again, and set apart after three times.
 */
export async function workInbox(options: InboxOptions): Promise<void> {
  for (const folder of ['', DONE, REFUSED, FAILED]) await mkdir(join(options.folder, folder), { recursive: true });
  const failures = new Map<string, number>();
  while (!options.signal.aborted) {
    const file = await nextFile(options);
    if (file === null) await delay(options.pollMs ?? POLL_MS, undefined, { signal: options.signal }).catch(() => undefined);
    else await take(file, failures, options);
  }
}

/** The oldest claim file that is no longer being written; by name where times are equal. */
async function nextFile({ folder, settledMs = SETTLED_MS }: InboxOptions): Promise<string | null> {
  const candidates: { path: string; modifiedMs: number }[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (!entry.isFile() || !/\.pm304$/i.test(entry.name)) continue;
    const path = join(folder, entry.name);
    const found = await stat(path).catch(() => null); // another worker may have moved it
    if (found !== null && Date.now() - found.mtimeMs >= settledMs) candidates.push({ path, modifiedMs: found.mtimeMs });
  }
  candidates.sort((a, b) => a.modifiedMs - b.modifiedMs || (a.path < b.path ? -1 : 1));
  return candidates[0]?.path ?? null;
}

async function take(path: string, failures: Map<string, number>, { folder, ingestion, logger }: InboxOptions): Promise<void> {
  const name = basename(path);
  try {
    const report = await ingestion.ingest(path, { actor: 'ingest-worker' });
    await moveAway(path, report, join(folder, report.outcome === 'refused' ? REFUSED : DONE));
    failures.delete(path);
    const { outcome, lines, byOutcome, fileId, problemCount } = report;
    logger.info({ fileId, outcome, lines, byOutcome, problemCount }, 'claim file taken in');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return; // another worker took it
    const times = (failures.get(path) ?? 0) + 1;
    failures.set(path, times);
    logger.error({ err: error, times }, 'a claim file could not be taken in');
    if (times < MAX_FAILURES) await delay(RETRY_MS * times);
    else {
      await rename(path, join(folder, FAILED, name)).catch(() => undefined);
      failures.delete(path);
    }
  }
}

const MAX_FAILURES = 3;
const RETRY_MS = 1_000;

async function moveAway(path: string, report: IngestReport, to: string): Promise<void> {
  const answers = [report.returnFile, report.paymentFile, report.paymentFile?.replace(/\.csv$/, '.json') ?? null];
  for (const each of answers)
    if (each !== null)
      await rename(each, join(to, basename(each))).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
  await rename(path, join(to, basename(path)));
}
