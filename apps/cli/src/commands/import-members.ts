import type { Command } from 'commander';
import { MemberFileError, type MemberImportReport } from '#libs/dossiers';
import { EXIT } from '../exit-codes';
import { Terminal } from '../output/terminal';
import { openSession } from '../session';
import { requireInputFile } from './input-file';

/** A file that is none is reported like one of which nobody could be taken in. */
function noMemberFile(error: unknown): MemberImportReport {
  if (!(error instanceof MemberFileError)) throw error;
  return { persons: 0, changed: 0, refused: 0, problems: [error.problem], problemCount: 1, historyToAsk: 0 };
}

export function addImportMembers(program: Command): void {
  program
    .command('import-members')
    .description('take in a member file (CSV): identity, insurance periods, packages, switches')
    .argument('<file>', 'CSV file; the README tells its columns')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: { json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      await requireInputFile(file);
      const session = await openSession('import-members');
      try {
        const progress = terminal.progress('Members', 'persons');
        const report = await session.members
          .import(file, { actor: 'cli', onProgress: (persons) => progress.update(persons, null) })
          .catch(noMemberFile);
        progress.end();
        terminal.value({ file, ...report });
        terminal.line(`${report.persons} persons read, ${report.changed} new or changed, ${report.refused} refused`);
        if (report.historyToAsk > 0) terminal.line(`${report.historyToAsk} switches without a code: history to ask`);
        for (const { line, column, problem } of report.problems)
          terminal.problem(`${file}:${line}${column === null ? '' : ` ${column}`}: ${problem}`);
        if (report.problemCount > report.problems.length)
          terminal.problem(`… and ${report.problemCount - report.problems.length} more`);
        process.exitCode = report.problemCount > 0 ? EXIT.refused : EXIT.ok;
      } finally {
        await session.close();
      }
    });
}
