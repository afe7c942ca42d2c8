/** Statements of a treatment history: for the next insurer, and from the one before. */
import { readFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { v4 as randomUuid } from 'uuid';
import { commandIdFrom, type Refusal } from '#libs/dossiers';
import { HistoryStatementDesk } from '#libs/history-statements';
import { AtomicFile, loadConfig } from '#libs/platform';
import type { CommandId, HistoryImportId } from '#libs/trajectory';
import { personsNamed, recordRead, recordSearch } from '../access';
import { commandLineActor, correct } from '../corrections/correct';
import { movedBy, summary } from '../corrections/from-file';
import { approvalReasons } from '../corrections/print-preview';
import { writePayments } from '../corrections/payments';
import { UsageError } from '../errors';
import { EXIT } from '../exit-codes';
import { Terminal } from '../output/terminal';
import { personOf, withPerson, type PersonOptions } from '../person-option';
import { openSession } from '../session';
import { requireInputFile } from './input-file';

/** A statement is a few kilobytes. */
const MAX_BYTES = 100_000;

const uuid = (text: string): string => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text)) throw new InvalidArgumentError('give an id, a UUID');
  return text;
};

export function addStatement(program: Command): void {
  const statement = program.command('statement').description('statements of a treatment history, between insurers');
  withPerson(
    statement.command('export').description('state the history of a trajectory for the next insurer: signed, and as PDF'),
  )
    .requiredOption('--diagnosis <code>', 'a DCSPH code of the trajectory')
    .requiredOption('--through <date>', 'last day that the count goes up to, YYYY-MM-DD')
    .option('--to <dir>', 'folder for the two files', '.')
    .option('--json', 'print the result as JSON')
    .action(exportStatement);
  withPerson(statement.command('import').description('import the history that another insurer states').argument('<file>'))
    .option('--supersedes <id>', 'id of the import that it replaces', uuid)
    .option('--key <text>', 'a key of your own: the same key again does nothing again')
    .option('--payments-to <dir>', 'folder for the payment specifications', '.')
    .option('--json', 'print the result as JSON')
    .action(importStatement);
  statement
    .command('keys')
    .description('print the public keys by which other insurers check our statements, as JSON')
    .option('--json', 'the same')
    .action(async () => {
      const { historyStatements } = loadConfig(process.env);
      // nothing else of the product is needed for it
      const { keys } = await HistoryStatementDesk.publicKeysOf(historyStatements);
      process.stdout.write(`${JSON.stringify({ keys }, null, 2)}\n`);
    });
}

interface ExportOptions extends PersonOptions {
  readonly diagnosis: string;
  readonly through: string;
  readonly to: string;
  readonly json?: boolean;
}

async function exportStatement(options: ExportOptions): Promise<void> {
  const terminal = new Terminal(options.json === true);
  if (!/^\d{4}$/.test(options.diagnosis)) throw new UsageError('--diagnosis: give the DCSPH code, four digits');
  const session = await openSession('statement export');
  try {
    const desk = new HistoryStatementDesk(session.runtime.context, session.config.historyStatements);
    const personId = await personOf(session, options);
    const issued = await desk.issue(personId, { diagnosis: options.diagnosis }, options.through);
    await recordRead(session, 'state-history', personId, issued.outcome !== 'refused', 'trajectory');
    if (issued.outcome === 'refused') return refuse(terminal, 'statement export', issued.refusals);
    const { statement, signed, pdf, digest, keyId } = issued;
    await mkdir(options.to, { recursive: true });
    const base = join(options.to, `history-statement-${statement.jti}`);
    const files = [`${base}.jws`, `${base}.pdf`] as const;
    await writeWhole(files[0], `${signed}\n`);
    await writeWhole(files[1], pdf);
    const { count, throughDate, startedOn } = statement.history;
    terminal.value({ id: statement.jti, insurer: statement.iss, count, startedOn, throughDate, digest, keyId, files });
    terminal.line(`${count} sessions from ${startedOn} through ${throughDate}, stated by insurer ${statement.iss}`);
    for (const file of files) terminal.line(file);
    terminal.line('Both name the person: for the next insurer and the insured alone.');
  } finally {
    await session.close();
  }
}

async function writeWhole(path: string, content: string | Buffer): Promise<void> {
  const file = new AtomicFile(path);
  await file.write(content);
  await file.commit();
}

interface ImportOptions extends PersonOptions {
  readonly supersedes?: string;
  readonly key?: string;
  readonly paymentsTo: string;
  readonly json?: boolean;
}

async function importStatement(file: string, options: ImportOptions): Promise<void> {
  const terminal = new Terminal(options.json === true);
  await requireInputFile(file);
  if ((await stat(file)).size > MAX_BYTES) throw new UsageError(`${file}: larger than any statement; name the .jws file`);
  const signed = await readFile(file, 'utf8');
  const session = await openSession('statement import');
  try {
    const isNamed = options.person !== undefined || options.relation !== undefined || options.bsnFromStdin !== undefined;
    const personId = isNamed ? await personOf(session, options) : null;
    const commandId = options.key === undefined ? (randomUuid() as CommandId) : commandIdFrom('cli/statement', options.key);
    const accepted = await new HistoryStatementDesk(session.runtime.context, session.config.historyStatements).accept({
      ...{ signed, personId, commandId },
      ...(options.supersedes === undefined ? {} : { supersedes: options.supersedes as HistoryImportId }),
    });
    const isRefused = accepted.outcome === 'refused';
    // the number in the statement is looked up where the command names nobody
    if (personId === null) await recordSearch(session, isRefused ? [] : [accepted.personId]);
    if (isRefused) {
      const persons = personId === null ? [] : personsNamed(personId);
      const access = { event: 'import-history', action: 'change', object: 'dossier', persons } as const;
      await session.runtime.access.record(access, 'refused');
      return refuse(terminal, file, accepted.refusals);
    }
    const result = await correct(session, {
      ...{ personId: accepted.personId, commandId, kind: 'import-history', input: accepted.input },
      ...{ reason: 'insurer-evidence', actor: commandLineActor() },
    });
    if (result.outcome === 'refused') return refuse(terminal, file, result.refusals);
    const payments = await writePayments(session, options.paymentsTo, [{ id: commandId, moved: movedBy(result) }]);
    const report = summary(result);
    const { count, throughDate, diagnosis } = accepted.input;
    terminal.value({ ...report, person: accepted.personId, diagnosis, count, throughDate, payments });
    if (report.outcome === 'proposed') {
      terminal.line(
        `${file}: waits for a second person as proposal ${report.proposalId ?? ''}: ${approvalReasons(report.needsApproval ?? [])}; nothing was changed`,
      );
      process.exitCode = EXIT.waiting;
    } else if (report.outcome === 'done-before') terminal.line(`${file}: was imported before; nothing was done again`);
    else
      terminal.line(
        `${file}: ${count} sessions through ${throughDate} imported: ${report.redecided} lines decided anew, ${report.released} released, ${report.entries} entries booked`,
      );
    for (const path of payments) terminal.line(`payment specifications: ${path}`);
  } finally {
    await session.close();
  }
}

function refuse(terminal: Terminal, where: string, refusals: readonly Refusal[]): void {
  terminal.value({ outcome: 'refused', refusals });
  for (const { code, problem } of refusals) terminal.problem(`${where}: refused (${code}): ${problem}`);
  process.exitCode = EXIT.refused;
}
