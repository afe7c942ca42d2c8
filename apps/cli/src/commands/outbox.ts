/** The outbox from the command line: what practices are still to be told, and telling them. */
import { InvalidArgumentError, type Command } from 'commander';
import { openEventStore } from '#libs/event-store';
import { installOutbox, MessageBook, openTransport, workOnce, type Message, type MessageState } from '#libs/outbox';
import { loadConfig, openDatabase, openPool, type Pool, type TrajectConfig } from '#libs/platform';
import { EXIT } from '../exit-codes';
import { Terminal } from '../output/terminal';

const STATES: readonly MessageState[] = ['waiting', 'unaddressed', 'parked', 'sent'];
const LIST_LIMIT = 500;

interface Opened {
  readonly config: TrajectConfig;
  readonly databaseUrl: string;
  readonly pool: Pool;
}

export function addOutbox(program: Command): void {
  const outbox = program.command('outbox').description('confirmations to practices of processed histories and remaps');
  outbox
    .command('send')
    .description('take the log in and send what is due; a running traject start does it by itself')
    .option('--now', 'also what waits for its next attempt')
    .option('--json', 'print the result as JSON')
    .action((options: { now?: boolean; json?: boolean }) => withOutbox((opened) => send(opened, options)));
  outbox
    .command('list')
    .description('messages that are not sent: waiting, without an address, or given up')
    .option('--state <state>', 'only these: waiting, unaddressed, parked or sent', parseState)
    .option('--json', 'print the result as JSON')
    .action((options: { state?: MessageState; json?: boolean }) => withOutbox((opened) => list(opened, options)));
  outbox
    .command('retry')
    .description('send again what was given up: all, or the messages of these ids')
    .argument('[ids...]', 'ids of messages, as list prints them', parseIds)
    .option('--json', 'print the result as JSON')
    .action((ids: string[], options: { json?: boolean }) => withOutbox((opened) => retry(opened, ids, options)));
}

const parseState = (text: string): MessageState => {
  const state = STATES.find((each) => each === text);
  if (state === undefined) throw new InvalidArgumentError(`give one of ${STATES.join(', ')}`);
  return state;
};

const parseIds = (text: string, before: string[] = []): string[] => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) throw new InvalidArgumentError('give the id of a message');
  return [...before, text];
};

async function withOutbox(work: (opened: Opened) => Promise<void>): Promise<void> {
  const config = loadConfig(process.env);
  const database = await openDatabase(config);
  const pool = openPool(database.url, { max: 3, applicationName: 'traject outbox command' });
  try {
    await installOutbox(pool);
    await work({ config, databaseUrl: database.url, pool });
  } finally {
    await pool.end();
    await database.close();
  }
}

async function send({ config, databaseUrl, pool }: Opened, options: { now?: boolean; json?: boolean }): Promise<void> {
  const terminal = new Terminal(options.json === true);
  const store = await openEventStore(config, databaseUrl, {
    applicationName: 'traject outbox command events',
    maxConnections: 2,
  });
  const transport = openTransport(config.outbox.transport);
  try {
    if (options.now === true) await new MessageBook(pool).makeDue();
    const { addressesFile } = config.outbox;
    const report = await workOnce({ store, pool, transport, addressesFile, signal: new AbortController().signal });
    const counts = await new MessageBook(pool).counts();
    terminal.value({ ...report, open: { waiting: counts.waiting, unaddressed: counts.unaddressed, parked: counts.parked } });
    terminal.line(
      `${report.confirmations} new, ${report.sent} sent, ${report.failed} to be tried again, ${report.parked} given up`,
    );
    if (counts.unaddressed > 0)
      terminal.line(`${counts.unaddressed} to practices without an address; traject outbox list shows them`);
    process.exitCode = report.failed + counts.parked + counts.unaddressed === 0 ? EXIT.ok : EXIT.findings;
  } finally {
    transport.close();
    await store.close();
  }
}

async function list({ pool }: Opened, options: { state?: MessageState; json?: boolean }): Promise<void> {
  const terminal = new Terminal(options.json === true);
  const book = new MessageBook(pool);
  const messages = await book.list(
    options.state === undefined ? ['waiting', 'unaddressed', 'parked'] : [options.state],
    LIST_LIMIT,
  );
  const counts = await book.counts();
  terminal.value({ counts, messages });
  if (messages.length > 0)
    terminal.table(['id', 'practice', 'confirms', 'lines', 'state', 'attempts', 'next', 'fault'], messages.map(row));
  terminal.line(STATES.map((state) => `${counts[state]} ${state}`).join(', '));
  if (counts.unaddressed > 0)
    terminal.line('A practice without an address gets one in the file of TRAJECT_PRACTICES_FILE; its messages are then sent.');
}

const row = (each: Message): (string | number)[] => [
  each.id,
  each.practice,
  each.confirmed,
  each.lines.length,
  each.state,
  each.attempts,
  each.state === 'waiting' ? each.nextAttemptAt.toISOString() : '',
  each.fault ?? '',
];

async function retry({ pool }: Opened, ids: readonly string[], options: { json?: boolean }): Promise<void> {
  const terminal = new Terminal(options.json === true);
  const messages = await new MessageBook(pool).retry(ids.length === 0 ? null : ids);
  terminal.value({ messages });
  terminal.line(`${messages} messages will be sent again`);
}
