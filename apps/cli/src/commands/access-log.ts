import { InvalidArgumentError, type Command } from 'commander';
import {
  accessesOf,
  noteHead,
  notedHeads,
  openAccessLog,
  verifyAccessLog,
  type AccessHead,
  type ChainReport,
} from '#libs/access-log';
import { loadConfig, openDatabase, openPool, type Pool, type TrajectConfig } from '#libs/platform';
import { personsNamed, recordAlone } from '../access';
import { UsageError } from '../errors';
import { EXIT } from '../exit-codes';
import { Terminal } from '../output/terminal';
import { parseDate } from './policy-source';

const DEFAULT_LIMIT = 100;
const MAX_LIMIT = 10_000;

interface ShowOptions {
  readonly person: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
  readonly after: number;
  readonly json?: boolean;
}

export function addAccessLog(program: Command): void {
  const accessLog = program.command('access-log').description('who looked at, and who changed, whose data');
  accessLog
    .command('verify')
    .description('walk the chain and name the first row that is not as it was written; exit code 4 when one is not')
    .option('--head <log:row:hash>', 'also compare with a head that was printed or kept elsewhere', parseHead)
    .option('--json', 'print the result as JSON')
    .action(async (options: { head?: AccessHead; json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      await withLog(async ({ pool, config }) => {
        const { headsFile } = config.accessLog;
        const heads = [...(await notedHeads(headsFile)), ...(options.head === undefined ? [] : [options.head])];
        const progress = terminal.progress('Access log', 'rows');
        const report = await verifyAccessLog(pool, heads, (rows) => progress.update(rows, null));
        progress.end();
        if (report.broken === null && report.head.seq > 0) await noteHead(headsFile, report.head, new Date());
        terminal.value({ ...report, headsFile });
        print(terminal, report, headsFile);
        process.exitCode = report.broken === null ? EXIT.ok : EXIT.findings;
      });
    });
  accessLog
    .command('show')
    .description('who looked at a person: lines in the order in which they were recorded')
    .requiredOption('--person <id>', 'person id (a pseudonym), as other commands print it')
    .option('--from <date>', 'first day, by the Dutch calendar', parseDate)
    .option('--to <date>', 'last day', parseDate)
    .option('--limit <n>', `lines in a page, at most ${MAX_LIMIT}`, wholeNumber(1, MAX_LIMIT), DEFAULT_LIMIT)
    .option('--after <row>', 'row that the page before ended with', wholeNumber(0, Number.MAX_SAFE_INTEGER), 0)
    .option('--json', 'print the result as JSON')
    .action(async (options: ShowOptions) => {
      const terminal = new Terminal(options.json === true);
      const [personId] = personsNamed(options.person);
      if (personId === undefined) throw new UsageError('--person: give the person id, a UUID in lower case');
      await withLog(async ({ pool, config, url }) => {
        // who asks who looked is recorded as well
        const access = { event: 'access-log', action: 'read', object: 'access-log', persons: [personId] } as const;
        await recordAlone(config, url, 'access-log', access);
        const page = await accessesOf(pool, {
          personId,
          from: options.from ?? null,
          through: options.to ?? null,
          after: options.after,
          limit: options.limit,
        });
        terminal.value({ personId, ...page });
        terminal.table(
          ['row', 'time', 'event', 'action', 'outcome', 'user', 'role', 'purpose', 'object', 'source'],
          page.items.map((each) => [
            ...[String(each.seq), each.time, each.event, each.action, each.outcome, each.user, each.role],
            ...[each.purpose ?? '', each.object, each.source],
          ]),
        );
        terminal.line(page.next === null ? `${page.items.length} lines` : `more: --after ${page.next}`);
      });
    });
}

interface OpenedLog {
  readonly config: TrajectConfig;
  readonly url: string;
  /** For reading the log. */
  readonly pool: Pool;
}

/** Nothing else of the product is opened: the log is looked at also when the rest of it would not start. */
async function withLog(work: (opened: OpenedLog) => Promise<void>): Promise<void> {
  const config = loadConfig(process.env);
  const database = await openDatabase(config);
  try {
    const log = await openAccessLog(database.url, 'access-log', { headsFile: null });
    await log.close(); // its tables are there now
    const pool = openPool(database.url, { max: 1, applicationName: 'traject access-log' });
    try {
      await work({ config, url: database.url, pool });
    } finally {
      await pool.end();
    }
  } finally {
    await database.close();
  }
}

function print(terminal: Terminal, { rows, head, compared, broken }: ChainReport, headsFile: string): void {
  if (broken !== null) {
    terminal.problem(`row ${broken.seq}: ${broken.kind}: ${broken.detail}`);
    terminal.problem(`${rows} rows before it are in order. Keep the database as it is, and compare with a back-up.`);
    return;
  }
  terminal.line(`${rows} rows, each as it was written; ${compared} noted heads compared`);
  terminal.line(`ends with ${headText(head)}`);
  terminal.line(`noted in ${headsFile}: keep a copy where the owner of the database cannot write`);
}

const headText = ({ log, seq, hash }: AccessHead): string => `${log}:${seq}:${hash}`;

function parseHead(text: string): AccessHead {
  const [, log, seq, hash] = /^([0-9a-f-]{36}):(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (log === undefined || hash === undefined) throw new InvalidArgumentError('give it as verify printed it: LOG:ROW:HASH');
  return { log, seq: Number(seq), hash };
}

const wholeNumber =
  (least: number, most: number) =>
  (text: string): number => {
    if (!/^\d{1,16}$/.test(text) || Number(text) < least || Number(text) > most)
      throw new InvalidArgumentError(`give a whole number from ${least} to ${most}`);
    return Number(text);
  };
