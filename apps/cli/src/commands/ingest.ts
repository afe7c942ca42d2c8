import { InvalidArgumentError, type Command } from 'commander';
import type { IngestReport } from '#libs/dossiers';
import { EXIT } from '../exit-codes';
import { euros, Terminal } from '../output/terminal';
import { openSession, type Session } from '../session';
import { inputFileFault } from './input-file';

const parseDate = (text: string): string => {
  const date = new Date(`${text}T00:00:00Z`);
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text)
    throw new InvalidArgumentError('give a date as YYYY-MM-DD');
  return text;
};

export function addIngest(program: Command): void {
  program
    .command('ingest')
    .description('take in claim files (PM304); the return message is written beside each')
    .argument('<file...>', 'claim files, in the order in which they came in')
    .option('--received-on <date>', 'day on which the files came in (default: today)', parseDate)
    .option('--json', 'print the results as JSON')
    .action(async (files: string[], options: { receivedOn?: string; json?: boolean }) => {
      const terminal = new Terminal(options.json === true);
      const session = await openSession('ingest');
      try {
        const reports: (IngestReport | UnreadableFile)[] = [];
        for (const file of files) {
          const fault = await inputFileFault(file);
          if (fault !== null) {
            reports.push(unreadable(file, fault));
            terminal.problem(`${file}: ${fault}`);
            continue;
          }
          const report = await ingestFile(session, terminal, file, options.receivedOn);
          reports.push(report);
          printReport(terminal, report);
        }
        terminal.value(reports);
        process.exitCode = exitCodeOf(reports);
      } finally {
        await session.close();
      }
    });
}

/** A file that could not be opened; the others of the command line go on. */
interface UnreadableFile {
  readonly file: string;
  readonly outcome: 'unreadable';
  readonly problems: IngestReport['problems'];
  readonly problemCount: number;
}

const unreadable = (file: string, problem: string): UnreadableFile => ({
  file,
  outcome: 'unreadable',
  problems: [{ code: null, record: null, field: null, position: null, problem }],
  problemCount: 1,
});

function exitCodeOf(reports: readonly { readonly outcome: string }[]): number {
  const outcomes = new Set(reports.map((report) => report.outcome));
  return outcomes.has('refused') ? EXIT.refused : outcomes.has('unreadable') ? EXIT.usage : EXIT.ok;
}

export async function ingestFile(session: Session, terminal: Terminal, file: string, receivedOn?: string): Promise<IngestReport> {
  const progress = terminal.progress(file.split('/').at(-1) ?? file, 'lines');
  const report = await session.claims.ingest(file, {
    actor: 'ingest',
    ...(receivedOn === undefined ? {} : { receivedOn }),
    onProgress: (done, total) => progress.update(done, total),
  });
  progress.end();
  return report;
}

function printReport(terminal: Terminal, report: IngestReport): void {
  const { byOutcome: by } = report;
  if (report.outcome === 'refused') {
    terminal.problem(`${report.file}: refused whole, nothing of it was taken in`);
  } else {
    const again = report.outcome === 'already-processed' ? ' (taken in before: nothing was done again)' : '';
    terminal.line(
      `${report.file}: ${report.lines} lines: ${by.decided} decided, ${by.held} held, ${by.credited} credited, ${by.invalid} invalid, ${by.refused} refused${again}`,
    );
    terminal.line(`  declared ${euros(report.declaredCents)}, granted ${euros(report.grantedCents)}`);
  }
  if (report.returnFile !== null) terminal.line(`  return message: ${report.returnFile}`);
  if (report.paymentFile !== null) terminal.line(`  payment specifications of earlier lines: ${report.paymentFile}`);
  for (const problem of report.problems.slice(0, 20)) {
    const where = [
      ...(problem.record === null ? [] : [`record ${problem.record}`]),
      ...(problem.field === null ? [] : [`field ${problem.field}`]),
      ...(problem.position === null ? [] : [`position ${problem.position}`]),
    ].join(', ');
    terminal.problem(
      `  ${report.file}${where === '' ? '' : `: ${where}`}: ${problem.problem}${problem.code === null ? '' : ` [${problem.code}]`}`,
    );
  }
  if (report.problemCount > 20) terminal.problem(`  … and ${report.problemCount - 20} more problems`);
}
