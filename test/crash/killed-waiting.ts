/** Kills a command at an exact moment: while it waits for a lock that the test holds. */
import { dossierStream, type PersonId } from '#libs/trajectory';
import type { Story } from '../stories/story';
import { endOf, reached } from './kill';
import { onlooker } from './log-of';

/** What the command waits for, as the statement that takes it first. */
export interface Lock {
  readonly text: string;
  readonly value: string;
}

/** Waited for by whoever writes to the person's dossier, when all is read and decided and nothing is written. */
export const dossierOf = (personId: PersonId): Lock => ({
  text: 'select pg_advisory_xact_lock(eventstore.lock_key($1))',
  value: dossierStream(personId),
});
/** Waited for by whoever notes where a line went, when its arrival is booked. */
export const registeredKey = (line: string): Lock => ({
  text: 'select from dossiers.line_key where line = $1 for update',
  value: line,
});

/**
 * SIGKILL to the command as soon as it waits for the lock. The server has its statement by then: `lost`, that ends with its process;
 * `written`, it is carried out when the lock is let go, and nobody is there to hear of it. Returns when it is over.
 */
export async function killedWaiting(
  story: Story,
  args: readonly string[],
  { text, value }: Lock,
  statement: 'lost' | 'written',
): Promise<void> {
  const holder = await onlooker(story.database.url);
  try {
    await holder.query('begin');
    await holder.query(text, [value]);
    const child = story.start(args);
    const ended = endOf(child);
    const waiting = await reached(ended, async () => {
      const { rows } = await holder.query<{ pid: number }>(
        'select pid from pg_locks where not granted and pg_backend_pid() = any (pg_blocking_pids(pid))',
      );
      return rows[0]?.pid ?? null;
    });
    if (waiting === null) throw new Error(`traject ${args.join(' ')} ended by itself: ${(await ended).stderr}`);
    child.kill('SIGKILL');
    const { signal } = await ended;
    if (signal !== 'SIGKILL') throw new Error(`traject ${args.join(' ')} was not killed but ended by ${signal}`);
    if (statement === 'lost') await holder.query('select pg_terminate_backend($1, 10000)', [waiting]);
    await holder.query('rollback');
    const isOver = async (): Promise<true | null> =>
      (await holder.query('select from pg_stat_activity where pid = $1', [waiting])).rowCount === 0 ? true : null;
    await reached(NEVER, isOver);
  } finally {
    await holder.end();
  }
}

const NEVER = new Promise<never>(() => undefined);
