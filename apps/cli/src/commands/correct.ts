/** Corrections: one by one as commands of their own, or many from a file. */
import { Option, type Command } from 'commander';
import { v4 as randomUuid } from 'uuid';
import { commandIdFrom, CORRECTION_KINDS, REASON_CODES, type ReasonCode } from '#libs/dossiers';
import type { CommandId } from '#libs/trajectory';
import { commandLineActor, correct, previewed } from '../corrections/correct';
import { correctFromFile, movedBy, summary, type CorrectionReport } from '../corrections/from-file';
import { writePayments } from '../corrections/payments';
import { approvalReasons, printPreview } from '../corrections/print-preview';
import { EXIT } from '../exit-codes';
import { UsageError } from '../errors';
import { Terminal } from '../output/terminal';
import { personOf, withPerson, type PersonOptions } from '../person-option';
import { openSession } from '../session';
import { requireInputFile } from './input-file';

interface CorrectionOptions extends PersonOptions {
  readonly input: string;
  readonly key?: string;
  readonly reason: ReasonCode;
  readonly preview?: boolean;
  readonly effects?: string;
  readonly paymentsTo: string;
  readonly json?: boolean;
}

export function addCorrections(program: Command): void {
  const output = (command: Command): Command =>
    command
      .option('--payments-to <dir>', 'folder for the payment specifications', '.')
      .option('--json', 'print the result as JSON');
  output(
    program.command('correct').description('carry out the corrections of a file (one JSON object a line)').argument('<file>'),
  ).action(async (file: string, options: { paymentsTo: string; json?: boolean }) => {
    const terminal = new Terminal(options.json === true);
    await requireInputFile(file);
    const session = await openSession('correct');
    try {
      const { reports, runs } = await correctFromFile(session, file);
      const payments = await writePayments(session, options.paymentsTo, runs);
      terminal.value({ reports, payments });
      for (const report of reports) printCorrection(terminal, `${file}:${report.line}`, report);
      for (const path of payments) terminal.line(`payment specifications: ${path}`);
      process.exitCode = exitCodeOf(reports);
    } finally {
      await session.close();
    }
  });
  for (const kind of CORRECTION_KINDS)
    output(withPerson(program.command(kind).description(`correction: ${kind.replaceAll('-', ' ')} of one person`)))
      .requiredOption('--input <json>', 'the input as JSON; the README shows each')
      .option('--key <text>', 'a key of your own: the same key again does nothing again')
      .addOption(new Option('--reason <code>', 'why it is corrected').choices(REASON_CODES).default('unspecified'))
      .option('--preview', 'show what it would do, with the digest of its effects; nothing is written')
      .option('--effects <digest>', 'carry it out only if it does exactly what a preview with this digest showed')
      .action(async (options: CorrectionOptions) => {
        const terminal = new Terminal(options.json === true);
        let input: unknown;
        try {
          input = JSON.parse(options.input);
        } catch {
          throw new UsageError('--input is not JSON');
        }
        const session = await openSession(kind);
        try {
          const personId = await personOf(session, options);
          if (options.preview === true) {
            const shown = await previewed(session, { personId, kind, input });
            if (shown.outcome === 'previewed') {
              terminal.value(shown.preview);
              printPreview(terminal, shown.preview);
              return;
            }
            const report: CorrectionReport = { line: 1, command: kind, ...summary(shown) };
            terminal.value(report);
            printCorrection(terminal, kind, report);
            process.exitCode = EXIT.refused;
            return;
          }
          const { reason, effects, key } = options;
          const commandId = key === undefined ? (randomUuid() as CommandId) : commandIdFrom(`cli/${kind}/${personId}`, key);
          const asked = { personId, commandId, kind, input, reason, actor: commandLineActor() };
          const result = await correct(session, effects === undefined ? asked : { ...asked, effects });
          const report: CorrectionReport = { line: 1, command: kind, ...summary(result) };
          const payments = await writePayments(session, options.paymentsTo, [{ id: commandId, moved: movedBy(result) }]);
          terminal.value({ ...report, payments });
          printCorrection(terminal, kind, report);
          for (const path of payments) terminal.line(`payment specifications: ${path}`);
          process.exitCode = exitCodeOf([report]);
        } finally {
          await session.close();
        }
      });
}

const exitCodeOf = (reports: readonly CorrectionReport[]): number => {
  const outcomes = new Set(reports.map((report) => report.outcome));
  if (outcomes.has('refused') || outcomes.has('unreadable')) return EXIT.refused;
  return outcomes.has('proposed') ? EXIT.waiting : EXIT.ok;
};

function printCorrection(terminal: Terminal, where: string, report: CorrectionReport): void {
  if (report.problems.length > 0)
    for (const { field, problem } of report.problems) terminal.problem(`${where}: ${report.outcome}: ${field}: ${problem}`);
  else if (report.outcome === 'done-before') terminal.line(`${where}: ${report.command} was done before; nothing was done again`);
  else if (report.outcome === 'proposed')
    terminal.line(
      `${where}: ${report.command} waits for a second person as proposal ${report.proposalId ?? ''}: ` +
        `${approvalReasons(report.needsApproval ?? [])}; nothing was changed`,
    );
  else
    terminal.line(
      `${where}: ${report.command} done: ${report.redecided} lines decided anew, ${report.released} released, ${report.entries} entries booked`,
    );
}
