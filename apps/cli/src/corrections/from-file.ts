/** Many corrections from a file, one JSON object a line. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import {
  commandIdFrom,
  CORRECTION_KINDS,
  REASON_CODES,
  toldOf,
  toldOfParts,
  type CorrectionOutcome,
  type Preview,
} from '#libs/dossiers';
import { comparePositions, type LogPosition } from '#libs/event-store';
import type { CausedPaymentChanges, CommandId, PersonId } from '#libs/trajectory';
import { isValidBsn } from '#libs/claims';
import { recordSearch } from '../access';
import { UsageError } from '../errors';
import type { Session } from '../session';
import { commandLineActor, correct, type CorrectionResult } from './correct';
import { CorrectionInputError, faultsOf, type InputFault } from './faults';

/** Larger files are refused: their lines are read at once. */
const MAX_BYTES = 64_000_000;

const FILE_LINE = z.strictObject({
  command: z.enum(CORRECTION_KINDS),
  bsn: z.string().optional(),
  person: z.uuid().optional(),
  reason: z.enum(REASON_CODES).default('unspecified'),
  effects: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'give the digest of a preview, 64 hexadecimal digits')
    .optional(),
  input: z.unknown(),
});

export interface CorrectionReport {
  readonly line: number;
  readonly command: string;
  readonly outcome: 'done' | 'done-before' | 'proposed' | 'refused' | 'unreadable';
  readonly commandId: string | null;
  /** Where it waits for a second person, or waited until that one agreed. */
  readonly proposalId?: string;
  /** Why it does. */
  readonly needsApproval?: Preview['needsApproval'];
  readonly released: number;
  readonly redecided: number;
  readonly entries: number;
  readonly problems: readonly { readonly field: string; readonly problem: string }[];
}

/** One run that moved grants, for its payment specification. */
export interface CorrectionRun {
  readonly id: string;
  readonly moved: readonly CausedPaymentChanges[];
}

export interface CorrectionsOutcome {
  readonly reports: readonly CorrectionReport[];
  readonly runs: readonly CorrectionRun[];
  /** Position of the last event that was written; null when nothing was. */
  readonly position: LogPosition | null;
}

interface CorrectedLine {
  readonly report: CorrectionReport;
  readonly moved: readonly CausedPaymentChanges[];
  readonly position: LogPosition | null;
}

/**
 * Carries out the corrections of a file, one JSON object a line. The command ids follow from the file's bytes and the line, so the
 * same file again does nothing again. A bad line is reported and the others go on.
 */
export async function correctFromFile(session: Session, file: string, actor = commandLineActor()): Promise<CorrectionsOutcome> {
  const { size } = await stat(file);
  if (size > MAX_BYTES) throw new UsageError(`${file}: larger than ${MAX_BYTES} bytes; split it into files`);
  const digest = createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
  const reports: CorrectionReport[] = [];
  const runs: CorrectionRun[] = [];
  let latest: LogPosition | null = null;
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() === '') continue;
    const { report, moved, position } = await correctLine(
      session,
      { text, line, actor },
      commandIdFrom('corrections', `${digest}/${line}`),
    );
    reports.push(report);
    if (moved.length > 0) runs.push({ id: report.commandId ?? '', moved });
    if (position !== null && (latest === null || comparePositions(position, latest) > 0)) latest = position;
  }
  return { reports, runs, position: latest };
}

async function correctLine(
  session: Session,
  { text, line, actor }: { readonly text: string; readonly line: number; readonly actor: string },
  commandId: CommandId,
): Promise<CorrectedLine> {
  const unreadable = (command: string, problems: readonly InputFault[]): CorrectedLine => ({
    report: { line, command, outcome: 'unreadable', commandId: null, released: 0, redecided: 0, entries: 0, problems },
    moved: [],
    position: null,
  });
  let json: unknown;
  try {
    json = JSON.parse(line === 1 ? text.replace(/^\ufeff/, '') : text);
  } catch {
    return unreadable('?', [{ field: 'line', problem: 'this is not a JSON object; give one on a line' }]);
  }
  const parsed = FILE_LINE.safeParse(json);
  if (!parsed.success) return unreadable('?', faultsOf(parsed.error, 'line'));
  const { command, bsn, person, input, reason, effects } = parsed.data;
  if ((bsn === undefined) === (person === undefined))
    return unreadable(command, [{ field: 'bsn', problem: 'name the person by bsn or by person, not by both' }]);
  if (bsn !== undefined && !isValidBsn(bsn))
    return unreadable(command, [{ field: 'bsn', problem: 'fails the 11-test; check the number' }]);
  const personId = person ?? (await session.runtime.context.vault.resolveByBsn([bsn ?? ''])).get(bsn ?? '')?.personId;
  if (personId === undefined) {
    await recordSearch(session, []);
    return unreadable(command, [{ field: 'bsn', problem: 'nobody is known by this bsn; import the member first' }]);
  }
  try {
    const asked = { personId: personId as PersonId, commandId, kind: command, input, reason, actor };
    const result = await correct(session, effects === undefined ? asked : { ...asked, effects });
    const position = result.outcome === 'done' ? result.position : null;
    return { report: { line, command, ...summary(result) }, moved: movedBy(result), position };
  } catch (error) {
    if (error instanceof CorrectionInputError) return unreadable(command, error.faults);
    throw error;
  }
}

/** What a correction tells the practices: what stood untold before it, then what it moved itself; of a move that went back both ways. */
export function movedBy(result: CorrectionResult | CorrectionOutcome): readonly CausedPaymentChanges[] {
  if (result.outcome === 'refused') return toldOfParts(result.undone ?? []);
  if (result.outcome !== 'done') return [];
  const persons = [result, ...(result.receiving === undefined ? [] : [result.receiving])];
  return persons.flatMap((each) => toldOf(each, result.commandId));
}

const NOTHING_DONE = { commandId: null, released: 0, redecided: 0, entries: 0 };

/** What a report says of a result, beside where it stands. */
export function summary(result: CorrectionResult): Omit<CorrectionReport, 'line' | 'command'> {
  switch (result.outcome) {
    case 'refused': {
      const problems = result.refusals.map(({ field, problem }) => ({ field: field || 'input', problem }));
      return { outcome: 'refused', ...NOTHING_DONE, problems };
    }
    case 'moved': {
      const problem = `it would do something else than was agreed to (now ${result.preview.digest}); preview it again`;
      return { outcome: 'refused', ...NOTHING_DONE, problems: [{ field: 'effects', problem }] };
    }
    case 'booked-before':
      return { outcome: 'done-before', ...NOTHING_DONE, proposalId: result.proposal.proposalId, problems: [] };
    case 'proposed': {
      const { proposalId, needsApproval } = result.proposal;
      return { outcome: 'proposed', ...NOTHING_DONE, proposalId, needsApproval, problems: [] };
    }
    case 'done': {
      const { commandId, changed } = result;
      const persons = [result, ...(result.receiving === undefined ? [] : [result.receiving])];
      const sum = (count: (each: (typeof persons)[number]) => number): number =>
        persons.reduce((total, each) => total + count(each), 0);
      return {
        outcome: changed ? 'done' : 'done-before',
        commandId,
        released: sum(({ released }) => released.length),
        redecided: sum(({ decided }) => decided?.decisions.length ?? 0),
        entries: sum(({ decided }) => decided?.entries.length ?? 0),
        problems: [],
      };
    }
  }
}
