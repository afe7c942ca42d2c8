import type { Command } from 'commander';
import { verify } from '#libs/dossiers';
import { recordReadOfAll } from '../access';
import { EXIT } from '../exit-codes';
import { Terminal } from '../output/terminal';
import { openSession } from '../session';

export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('hold the store against itself: decisions = engine, books = decisions, nothing unbooked, streams whole')
    .option('--json', 'print the result as JSON')
    .action(async (options: { json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      const session = await openSession('verify');
      try {
        const progress = terminal.progress('Verifying', 'persons');
        await recordReadOfAll(session, 'verify');
        const { store, context } = session.runtime;
        const report = await verify(store, context.policies, (persons) => progress.update(persons, null), context.today());
        progress.end();
        terminal.value(report);
        const { persons, lines, trajectories, claimFiles } = report;
        terminal.line(`${persons} persons, ${trajectories} trajectories, ${lines} lines, ${claimFiles} claim files verified`);
        for (const finding of report.findings)
          terminal.problem(
            `${finding.kind} ${finding.stream}${finding.line === undefined ? '' : ` ${finding.line}`}: ${finding.detail}`,
          );
        if (report.more > 0) terminal.problem(`… and ${report.more} more`);
        terminal.line(
          report.findings.length === 0 ? 'Clean: nothing differs.' : `${report.findings.length + report.more} findings`,
        );
        process.exitCode = report.findings.length === 0 ? EXIT.ok : EXIT.findings;
      } finally {
        await session.close();
      }
    });
}
