import type { Command } from 'commander';
import { replay, type ReplayDifference } from '#libs/dossiers';
import type { PersonId } from '#libs/trajectory';
import { recordRead, recordReadOfAll } from '../access';
import { EXIT } from '../exit-codes';
import { Terminal } from '../output/terminal';
import { openSession } from '../session';

export function addReplay(program: Command): void {
  program
    .command('replay')
    .description('decide every recorded decision again, on what it had seen, and list where the engine of today differs')
    .option('--person <id>', 'of this person alone')
    .option('--json', 'print the result as JSON')
    .action(async ({ person, json }: { person?: string; json?: boolean }) => {
      const terminal = new Terminal(json === true);
      const session = await openSession('replay');
      try {
        const { store, context } = session.runtime;
        const progress = terminal.progress('Replaying', 'persons');
        const report = await replay(store, context.policies, {
          ...(person === undefined ? {} : { person: person as PersonId }),
          onProgress: (persons) => progress.update(persons, null),
        });
        progress.end();
        if (person === undefined) await recordReadOfAll(session, 'replay');
        else await recordRead(session, 'replay', person as PersonId, report.persons > 0);
        terminal.value(report);
        terminal.line(`${report.decisions} decisions of ${report.persons} persons decided again by engine ${report.engine}`);
        for (const each of report.differences) terminal.problem(textOf(each));
        if (report.more > 0) terminal.problem(`… and ${report.more} more`);
        terminal.line(
          report.differences.length === 0 ? 'Nothing differs.' : `${report.differences.length + report.more} differ.`,
        );
        process.exitCode = report.differences.length === 0 ? EXIT.ok : EXIT.findings;
      } finally {
        await session.close();
      }
    });
}

const textOf = ({
  stream,
  revision,
  recordedAt,
  line,
  recordedEngine,
  engine,
  recorded,
  now,
  isVisible,
}: ReplayDifference): string =>
  `${stream} revision ${revision} of ${recordedAt}, ${line}: engine ${recordedEngine} decided ${recorded?.reason.rule ?? 'nothing'}, ` +
  `engine ${engine} decides ${now?.reason.rule ?? 'nothing'}${isVisible ? '' : ' (only the reason or a flag differs)'}`;
