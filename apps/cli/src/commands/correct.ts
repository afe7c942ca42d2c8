/** Corrections: one by one as commands of their own, or many from a file. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import { v4 as randomUuid } from 'uuid';
import { z } from 'zod';
import {
  commandIdFrom,
  ImportHistory,
  paymentChanges,
  paymentSpecificationCsv,
  paymentSpecifications,
  RecordSwitch,
  RemapDiagnosis,
  RetractHistory,
  StateInsurance,
  StatePackages,
  type CommandBase,
  type CommandResult,
} from '#libs/dossiers';
import type { CommandId, HistoryImportId, PaymentChange, PersonId } from '#libs/trajectory';
import { EXIT } from '../exit-codes';
import { UsageError } from '../errors';
import { Terminal } from '../output/terminal';
import { personOf, withPerson, type PersonOptions } from '../person-option';
import { openSession, type Session } from '../session';

const date = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'give a date as YYYY-MM-DD');
const diagnosis = z.string().regex(/^\d{4}$/, 'give four digits');
const period = z.strictObject({ insurer: diagnosis, from: date, through: date.nullable() });
/** The inputs of the corrections, as they stand in a file and as the API takes them. */
const INPUTS = {
  'record-switch': z.strictObject({ switchDate: date, diagnosis, previousInsurer: diagnosis.optional() }),
  'import-history': z.strictObject({
    diagnosis,
    startedOn: date,
    count: z.number().int().min(0),
    throughDate: date,
    scope: z.enum(['elsewhere', 'everything']),
    perCalendarYear: z.record(z.string().regex(/^\d{4}$/), z.number().int().min(0)).optional(),
    previousInsurer: diagnosis.optional(),
    source: z.string().min(1),
    statedBy: z.string().min(1),
    document: z.strictObject({
      reference: z.string().min(1),
      digest: z
        .string()
        .regex(/^[0-9a-f]{64}$/)
        .optional(),
    }),
    status: z.enum(['asserted', 'verified']).default('asserted'),
    supersedes: z
      .uuid()
      .transform((id) => id as HistoryImportId)
      .optional(),
  }),
  'retract-history': z.strictObject({ importId: z.uuid().transform((id) => id as HistoryImportId), reason: z.string().min(1) }),
  'remap-diagnosis': z.strictObject({
    from: diagnosis,
    to: diagnosis,
    effectiveDate: date,
    reason: z.string().min(1),
    absorb: z.boolean().default(false),
  }),
  'state-insurance': z.strictObject({ periods: z.array(period), diedOn: date.nullable().default(null) }),
  'state-packages': z.strictObject({ packages: z.array(period.extend({ package: z.string().min(1) })) }),
} as const;
export type CorrectionName = keyof typeof INPUTS;
export const CORRECTION_NAMES = Object.keys(INPUTS) as CorrectionName[];

/** Parses and carries out one correction. Throws UsageError when the input is not of its form, with every fault. */
export async function correct(session: Session, base: CommandBase, name: CorrectionName, input: unknown): Promise<CommandResult> {
  const read = <N extends CorrectionName>(of: N): z.output<(typeof INPUTS)[N]> => {
    const parsed = INPUTS[of].safeParse(input);
    if (!parsed.success)
      throw new UsageError(parsed.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`).join('; '));
    return parsed.data as z.output<(typeof INPUTS)[N]>;
  };
  switch (name) {
    case 'record-switch':
      return session.commands.execute(new RecordSwitch(base, defined(read(name))));
    case 'import-history':
      return session.commands.execute(new ImportHistory(base, defined(read(name))));
    case 'retract-history':
      return session.commands.execute(new RetractHistory(base, read(name)));
    case 'remap-diagnosis':
      return session.commands.execute(new RemapDiagnosis(base, read(name)));
    case 'state-insurance':
      return session.commands.execute(new StateInsurance(base, read(name)));
    case 'state-packages':
      return session.commands.execute(new StatePackages(base, read(name)));
  }
}

/** Optional fields that were not given are left out, so that what is stored says only what was stated. */
const defined = <T extends object>(input: T): T =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)) as T;

const FILE_LINE = z.strictObject({
  command: z.enum(CORRECTION_NAMES as [CorrectionName, ...CorrectionName[]]),
  bsn: z.string().optional(),
  person: z.uuid().optional(),
  input: z.unknown(),
});

export interface CorrectionReport {
  readonly line: number;
  readonly command: string;
  readonly outcome: 'done' | 'done-before' | 'refused' | 'unreadable';
  readonly commandId: string | null;
  readonly released: number;
  readonly redecided: number;
  readonly entries: number;
  readonly problems: readonly { readonly field: string; readonly problem: string }[];
}

/**
 * Carries out the corrections of a file, one JSON object a line. The command ids follow from the file's bytes and the line, so the
 * same file again does nothing again. A bad line is reported and the others go on.
 */
export async function correctFromFile(
  session: Session,
  file: string,
): Promise<{ reports: CorrectionReport[]; changes: { id: string; type: string; changes: PaymentChange[] }[] }> {
  const digest = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  const reports: CorrectionReport[] = [];
  const moved: { id: string; type: string; changes: PaymentChange[] }[] = [];
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() === '') continue;
    const { report, changes } = await correctLine(session, text, line, commandIdFrom('corrections', `${digest}/${line}`));
    reports.push(report);
    if (changes.length > 0) moved.push({ id: report.commandId ?? '', type: report.command, changes });
  }
  return { reports, changes: moved };
}

async function correctLine(
  session: Session,
  text: string,
  line: number,
  commandId: CommandId,
): Promise<{ report: CorrectionReport; changes: PaymentChange[] }> {
  const unreadable = (command: string, problem: string): { report: CorrectionReport; changes: PaymentChange[] } => ({
    report: {
      line,
      command,
      outcome: 'unreadable',
      commandId: null,
      released: 0,
      redecided: 0,
      entries: 0,
      problems: [{ field: 'line', problem }],
    },
    changes: [],
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return unreadable('?', 'this line is not a JSON object');
  }
  const parsed = FILE_LINE.safeParse(json);
  if (!parsed.success)
    return unreadable('?', parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  const { command, bsn, person, input } = parsed.data;
  if ((bsn === undefined) === (person === undefined))
    return unreadable(command, 'name the person by bsn or by person, not by both');
  const personId = person ?? (await session.runtime.context.vault.resolveByBsn([bsn ?? ''])).get(bsn ?? '')?.personId;
  if (personId === undefined) return unreadable(command, 'nobody is known by this bsn; import the member first');
  try {
    const result = await correct(session, { personId: personId as PersonId, commandId, actor: 'back-office' }, command, input);
    return { report: { line, command, ...summary(result) }, changes: changesOf(result) };
  } catch (error) {
    if (error instanceof UsageError) return unreadable(command, error.message);
    throw error;
  }
}

const changesOf = (result: CommandResult): PaymentChange[] =>
  result.outcome === 'done' && result.decided !== null ? paymentChanges(result.state, result.decided) : [];

function summary(result: CommandResult): Omit<CorrectionReport, 'line' | 'command'> {
  if (result.outcome === 'refused')
    return { outcome: 'refused', commandId: null, released: 0, redecided: 0, entries: 0, problems: result.refusals };
  const { decided, commandId, released } = result;
  return {
    outcome: result.changed ? 'done' : 'done-before',
    commandId,
    released: released.length,
    redecided: decided?.decisions.length ?? 0,
    entries: decided?.entries.length ?? 0,
    problems: [],
  };
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
    const session = await openSession('correct');
    try {
      const { reports, changes } = await correctFromFile(session, file);
      const payments = await writePayments(session, options.paymentsTo, changes);
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
    output(withPerson(program.command(name).description(`correction: ${name.replace('-', ' ')} of one person`)))
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
          const payments = await writePayments(session, options.paymentsTo, [
            { id: commandId, type: name, changes: changesOf(result) },
          ]);
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
  else {
    const done = report.outcome === 'done' ? 'done' : 'done before, nothing was done again';
    terminal.line(
      `${where}: ${report.command} ${done}: ${report.redecided} lines decided anew, ${report.released} released, ${report.entries} entries booked`,
    );
  }
}

/** One CSV and one JSON per run; nothing when no grant moved. Answers the paths. */
export async function writePayments(
  session: Session,
  folder: string,
  runs: readonly { readonly id: string; readonly type: string; readonly changes: readonly PaymentChange[] }[],
): Promise<string[]> {
  const today = session.runtime.context.today();
  const specifications = runs.flatMap(({ id, type, changes }) => paymentSpecifications(changes, { type, id }, today));
  if (specifications.length === 0) return [];
  const base = join(folder, `payments-${runs[0]?.id.slice(0, 13) ?? ''}`);
  await writeFile(`${base}.json`, `${JSON.stringify(specifications, null, 2)}\n`);
  await writeFile(`${base}.csv`, paymentSpecificationCsv(specifications));
  return [`${base}.csv`, `${base}.json`];
}
