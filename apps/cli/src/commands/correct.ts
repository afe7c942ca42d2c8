/** Corrections: one by one as commands of their own, or many from a file. */
import type { Command } from 'commander';
import { v4 as randomUuid } from 'uuid';
import { commandIdFrom } from '#libs/dossiers';
import type { CommandId } from '#libs/trajectory';
import { correct, CORRECTION_NAMES } from '../corrections/correct';
import { correctFromFile, movedBy, summary, type CorrectionReport } from '../corrections/from-file';
import { writePayments } from '../corrections/payments';
import { EXIT } from '../exit-codes';
import { UsageError } from '../errors';
import { Terminal } from '../output/terminal';
import { personOf, withPerson, type PersonOptions } from '../person-option';
import { openSession } from '../session';
import { requireInputFile } from './input-file';

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
      process.exitCode = reports.some((report) => report.outcome === 'refused' || report.outcome === 'unreadable')
        ? EXIT.refused
        : EXIT.ok;
    } finally {
      await session.close();
    }
  });
  for (const name of CORRECTION_NAMES)
    output(withPerson(program.command(name).description(`correction: ${name.replaceAll('-', ' ')} of one person`)))
      .requiredOption('--input <json>', 'the input as JSON; the README shows each')
      .option('--key <text>', 'a key of your own: the same key again does nothing again')
      .action(async (options: PersonOptions & { input: string; key?: string; paymentsTo: string; json?: boolean }) => {
        const terminal = new Terminal(options.json === true);
        let input: unknown;
        try {
          input = JSON.parse(options.input);
        } catch {
          throw new UsageError('--input is not JSON');
        }
        const session = await openSession(name);
        try {
          const personId = await personOf(session, options);
          const commandId =
            options.key === undefined ? (randomUuid() as CommandId) : commandIdFrom(`cli/${name}/${personId}`, options.key);
          const result = await correct(session, { personId, commandId, actor: 'back-office' }, name, input);
          const report: CorrectionReport = { line: 1, command: name, ...summary(result) };
          const payments = await writePayments(session, options.paymentsTo, [{ id: commandId, moved: movedBy(name, result) }]);
          terminal.value({ ...report, payments });
          printCorrection(terminal, name, report);
          for (const path of payments) terminal.line(`payment specifications: ${path}`);
          process.exitCode = result.outcome === 'refused' ? EXIT.refused : EXIT.ok;
        } finally {
          await session.close();
        }
      });
}

function printCorrection(terminal: Terminal, where: string, report: CorrectionReport): void {
  if (report.problems.length > 0)
    for (const { field, problem } of report.problems) terminal.problem(`${where}: ${report.outcome}: ${field}: ${problem}`);
  else if (report.outcome === 'done-before') terminal.line(`${where}: ${report.command} was done before; nothing was done again`);
  else
    terminal.line(
      `${where}: ${report.command} done: ${report.redecided} lines decided anew, ${report.released} released, ${report.entries} entries booked`,
    );
}
