import type { Command } from 'commander';
import { EXIT } from '../exit-codes';
import { Terminal } from '../output/terminal';
import { openSession } from '../session';

export function addImportMembers(program: Command): void {
  program
    .command('import-members')
    .description('take in a member file (CSV): identity, insurance periods, packages, switches')
    .argument('<file>', 'CSV file; the README tells its columns')
    .option('--json', 'print the result as JSON')
    .action(async (file: string, options: { json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      const session = await openSession('import-members');
      try {
        const progress = terminal.progress('Members', 'persons');
        const report = await session.members.import(file, {
          actor: 'cli',
          onProgress: (persons) => progress.update(persons, null),
        });
        progress.end();
        terminal.value({ file, ...report });
        terminal.line(`${report.persons} persons read, ${report.changed} new or changed, ${report.refused} refused`);
        if (report.historyToAsk > 0) terminal.line(`${report.historyToAsk} switches without a code: history to ask`);
        for (const { line, column, problem } of report.problems)
          terminal.problem(`${file}:${line}${column === null ? '' : ` ${column}`}: ${problem}`);
        if (report.problemCount > report.problems.length)
          terminal.problem(`… and ${report.problemCount - report.problems.length} more`);
        process.exitCode = report.refused > 0 ? EXIT.refused : EXIT.ok;
      } finally {
        await session.close();
      }
    });
}
