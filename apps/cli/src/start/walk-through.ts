/** The main job on the sample: members and claim files in, the payer split before and after the sample's corrections. */
import { join } from 'node:path';
import { comparePositions, type LogPosition } from '#libs/event-store';
import type { ReadModelQueries, SplitPart } from '#libs/read-models';
import { correctFromFile, movedBy, summary, type CorrectionReport, type CorrectionsOutcome } from '../corrections/from-file';
import { writePayments } from '../corrections/payments';
import { ingestFile } from '../commands/ingest';
import { euros, type Terminal } from '../output/terminal';
import { writeSample, type SampleManifest } from '../sample';
import type { Session } from '../session';

export interface WalkThroughOptions {
  readonly persons: number;
  readonly seed: number;
}
type PayerSplit = Readonly<Record<SplitPart, number>>;

const FRESHNESS_PATIENCE_MS = 120_000;
const LABELS: Readonly<Record<SplitPart, string>> = {
  basic: 'basic insurance',
  supplementary: 'supplementary insurance',
  insured: 'the insured',
  undecided: 'not decided yet (held)',
  refused: 'refused (borne by the practice)',
};

/** Carries out the whole way; what was done before is found and not done again. */
export async function walkThrough(
  session: Session,
  queries: ReadModelQueries,
  terminal: Terminal,
  options: WalkThroughOptions,
): Promise<void> {
  const folder = join(session.config.dataDirectory, `sample-${options.persons}-${options.seed}`);
  const manifest = await writeSample({ ...options, out: folder });
  terminal.line(`Sample: ${manifest.persons} made-up members and ${manifest.claimFiles.length} claim files in ${folder}`);
  const members = await session.members.import(join(folder, manifest.members.file), { actor: 'sample' });
  terminal.line(`Members: ${members.persons} read, ${members.changed} new or changed`);
  const position = await ingestAll(session, terminal, folder, manifest);
  const before = await payerSplit(queries, position);
  const corrected = await correctTogether(session, join(folder, manifest.corrections.file));
  const payments = await writePayments(session, folder, corrected.runs);
  const done = corrected.reports.filter((report) => report.outcome === 'done');
  const latest = corrected.position;
  if (done.length === 0) {
    terminal.line('\nThe sample’s corrections were made before; the payer split is:');
    terminal.table(['who pays', 'euros'], rows(before, null));
    return;
  }
  const after = await payerSplit(queries, latest);
  const released = done.reduce((sum, report) => sum + report.released, 0);
  const histories = done.filter((report) => report.command === 'import-history').length;
  const remaps = done.filter((report) => report.command === 'remap-diagnosis').length;
  terminal.line(
    `\nCorrections: ${histories} treatment histories imported, ${remaps} closed codes remapped; ${released} held lines released, no file sent again.`,
  );
  for (const path of payments.filter((each) => each.endsWith('.csv')))
    terminal.line(`Practices are told in payment specifications: ${path}`);
  terminal.line('\nPayer split of all lines, before and after the corrections:');
  terminal.table(['who pays', 'before', 'after', 'difference'], rows(before, after));
}

/** Two made-up clerks: what the first one may not decide alone the second one approves, having seen the same effects. */
async function correctTogether(session: Session, file: string): Promise<CorrectionsOutcome> {
  const { reports, runs, position } = await correctFromFile(session, file, 'sample-clerk');
  const approved = [...runs];
  let latest = position;
  const seen: CorrectionReport[] = [];
  for (const report of reports) {
    const proposal = report.proposalId === undefined ? null : await session.proposals.read(report.proposalId);
    if (proposal === null) {
      seen.push(report);
      continue;
    }
    const outcome = await session.proposals.approve(proposal.proposalId, 'sample-second-clerk', proposal.effects);
    if (outcome.outcome !== 'booked') {
      seen.push(report);
      continue;
    }
    const { result } = outcome;
    seen.push({ line: report.line, command: report.command, ...summary(result) });
    const moved = movedBy(result);
    if (moved.length > 0) approved.push({ id: result.commandId, moved });
    if (result.position !== null && (latest === null || comparePositions(result.position, latest) > 0)) latest = result.position;
  }
  return { reports: seen, runs: approved, position: latest };
}

async function ingestAll(
  session: Session,
  terminal: Terminal,
  folder: string,
  manifest: SampleManifest,
): Promise<LogPosition | null> {
  let latest: LogPosition | null = null;
  const total = { lines: 0, decided: 0, held: 0, invalid: 0, refused: 0, credited: 0, again: 0 };
  for (const { file } of manifest.claimFiles) {
    const report = await ingestFile(session, terminal, join(folder, file));
    if (report.position !== null && (latest === null || comparePositions(report.position, latest) > 0)) latest = report.position;
    total.lines += report.lines;
    if (report.outcome === 'already-processed') total.again += 1;
    for (const outcome of ['decided', 'held', 'invalid', 'refused', 'credited'] as const)
      total[outcome] += report.byOutcome[outcome];
  }
  const { lines, decided, held, credited, invalid, refused, again } = total;
  terminal.line(
    `Claim files: ${lines} lines: ${decided} decided, ${held} held, ${credited} credited, ${invalid} invalid, ${refused} refused` +
      (again === 0
        ? ''
        : `; ${again} of ${manifest.claimFiles.length} files were taken in before and nothing of them was done again`),
  );
  terminal.line(`Return messages (PM305) lie beside the claim files in ${folder}`);
  for (const { file, expected } of manifest.badFiles) {
    const report = await ingestFile(session, terminal, join(folder, file));
    terminal.line(`Bad file ${file}: ${report.outcome} (${expected})`);
  }
  return latest;
}

/** The payer split of all months, at least as fresh as `position`. */
async function payerSplit(queries: ReadModelQueries, position: LogPosition | null): Promise<PayerSplit> {
  if (position !== null && !(await queries.waitUntil(position, FRESHNESS_PATIENCE_MS)))
    throw new Error('the read models did not follow within two minutes; look at the projector’s log');
  const split: Record<SplitPart, number> = { basic: 0, supplementary: 0, insured: 0, undecided: 0, refused: 0 };
  for (const month of await queries.payerSplit('0001-01', '9999-12')) split[month.purse] += month.cents;
  return split;
}

function rows(before: PayerSplit, after: PayerSplit | null): string[][] {
  const total = (split: PayerSplit): number => Object.values(split).reduce((sum, cents) => sum + cents, 0);
  const row = (label: string, b: number, a: number | null): string[] => [
    label,
    euros(b),
    ...(a === null ? [] : [euros(a), euros(a - b)]),
  ];
  return [
    ...(Object.keys(LABELS) as SplitPart[]).map((part) => row(LABELS[part], before[part], after === null ? null : after[part])),
    row('declared', total(before), after === null ? null : total(after)),
  ];
}
