import { InvalidArgumentError, type Command } from 'commander';
import { EXIT } from '../exit-codes';
import { Terminal } from '../output/terminal';
import { openSession, type Session } from '../session';
import { startSignIn } from './sign-in';
import { startChild, type Child } from './supervisor';
import { walkThrough } from './walk-through';
import { readModelsLibrary } from '../read-models';

const wholeNumber = (text: string): number => {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('give a whole number');
  return Number(text);
};

export function addStart(program: Command): void {
  program
    .command('start')
    .description('run the product: database, sample files into decisions, API and its documentation')
    .option('--persons <n>', 'members in the sample', wholeNumber, 300)
    .option('--seed <n>', 'seed of the sample', wholeNumber, 1)
    .option('--no-sample', 'start on what is there, without the sample')
    .option('--exit-after-sample', 'stop after the tables are printed', false)
    .action(async (options: { persons: number; seed: number; sample: boolean; exitAfterSample: boolean }) => {
      const stopping = stopSignal();
      const terminal = new Terminal(false);
      const session = await openSession('start');
      const children: Child[] = [];
      try {
        await run(session, terminal, children, options, stopping.signal);
      } catch (error) {
        // Ctrl-C in the middle of the work is no fault: what is half-way is finished at the next start.
        if (!stopping.signal.aborted) throw error;
      } finally {
        if (stopping.signal.aborted) terminal.line('\nStopping …');
        for (const child of [...children].reverse()) await child.stop();
        await session.close();
        // The server that a killed start left behind was adopted; this start is its owner now.
        if (session.database.embedded?.adopted === true) await session.database.embedded.stop();
        stopping.release();
        if (stopping.signal.aborted) terminal.line('Stopped. Started again it finds its data.');
      }
    });
}

async function run(
  session: Session,
  terminal: Terminal,
  children: Child[],
  options: { persons: number; seed: number; sample: boolean; exitAfterSample: boolean },
  signal: AbortSignal,
): Promise<void> {
  const { embedded, url } = session.database;
  if (embedded !== null) {
    terminal.line(
      `PostgreSQL ${embedded.adopted ? 'found running' : 'started'} on port ${embedded.port}, data in ${embedded.location}`,
    );
    if (!embedded.locationAsAsked)
      terminal.line(
        '  (elsewhere than the data folder, because PostgreSQL’s user cannot enter that; the next start finds it there)',
      );
  }
  if ('create' in session.config.keyEncryptionKey && session.config.keyEncryptionKey.create)
    terminal.line('Identity vault: development key in the data folder. For real data configure TRAJECT_KEK_FILE.');
  const environment = {
    ...process.env,
    TRAJECT_DATABASE_URL: url,
    TRAJECT_LOG_LEVEL: process.env['TRAJECT_LOG_LEVEL'] ?? 'warn',
  };
  const launch = (name: string, more: Readonly<Record<string, string>> = {}): Child => {
    const child = startChild(name, { ...environment, ...more });
    children.push(child);
    return child;
  };
  // The read models' tables are there before the projector and the API ask for them.
  const { openReadModels, ReadModelQueries } = await readModelsLibrary();
  const readModels = await openReadModels({ url, poolSize: 2 });
  try {
    launch('projector');
    if (options.sample) await walkThrough(session, new ReadModelQueries(readModels), terminal, options);
  } finally {
    await readModels.destroy();
  }
  if (options.exitAfterSample) return;
  launch('outbox-sender');
  const { transport } = session.config.outbox;
  if (transport.kind === 'files') terminal.line(`Practices are told what was processed in files in ${transport.folder}`);
  const signIn = await startSignIn(session.config);
  try {
    const api = launch('api', signIn.environment);
    const address = await api.address;
    terminal.line(`\nAPI            ${address}/v1`);
    terminal.line(`Documentation  ${address}/docs`);
    for (const line of signIn.banner) terminal.line(line);
    terminal.line('Ctrl-C stops everything.');
    await stoppedOrEnded(children, terminal, signal);
  } finally {
    await signIn.stop();
  }
}

/** Returns when it is to stop, or when a child has ended by itself. */
async function stoppedOrEnded(children: readonly Child[], terminal: Terminal, signal: AbortSignal): Promise<void> {
  const first = await Promise.race([aborted(signal).then(() => null), ...children.map((child) => child.ended.then(() => child))]);
  if (first === null || signal.aborted) return;
  terminal.problem(`The ${first.name} ended by itself; stopping the rest.`);
  process.exitCode = EXIT.failed;
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => (signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true })));

/** Ctrl-C and SIGTERM ask to stop; a second Ctrl-C ends the process at once. */
function stopSignal(): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.failed);
    controller.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return { signal: controller.signal, release: () => void process.off('SIGINT', stop).off('SIGTERM', stop) };
}
