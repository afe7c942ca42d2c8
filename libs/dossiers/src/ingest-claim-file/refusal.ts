/** A claim file that is refused whole: what is recorded of it, and its one answer. */
import { isDeepStrictEqual } from 'node:util';
import { Pm305Writer, type ClaimFileError, type FieldProblem } from '#libs/claims';
import type { LogPosition } from '#libs/event-store';
import { AtomicFile } from '#libs/platform';
import type { ClaimFileRefused } from '#libs/trajectory';
import { claimFileId } from '../person/event-ids';
import type { IngestReport } from './report';
import { returnFileName, returnHeader } from './return-file';
import { Tally } from './tally';

export const refusalOf = (
  { problems }: ClaimFileError,
  file: Pick<ClaimFileRefused['data'], 'digest' | 'bytes' | 'receivedOn'>,
): ClaimFileRefused => ({
  type: 'ClaimFileRefused.v1',
  data: { fileId: claimFileId(file.digest), ...file, problems: recordable(problems) },
});

const recordable = (problems: readonly FieldProblem[]): ClaimFileRefused['data']['problems'] =>
  problems.map(({ code, record, field, problem }) => ({ code, record, field, problem }));

/** Answers the file with what is recorded of it, whoever recorded it. `found` is what is wrong with it now, with its header. */
export async function answerRefusal(
  path: string,
  refused: ClaimFileRefused['data'],
  found: Pick<ClaimFileError, 'problems' | 'header'>,
  position: LogPosition | null,
): Promise<IngestReport> {
  // where in a record it is was not recorded: it is known when the same is found again
  const problems = isDeepStrictEqual(recordable(found.problems), refused.problems)
    ? found.problems
    : refused.problems.map((problem): FieldProblem => ({ ...problem, position: null }));
  const codes = [...new Set(problems.map((problem) => problem.code ?? '0001'))];
  const answer = Pm305Writer.refusal(found.header?.raw ?? null, { ...returnHeader(refused), codes });
  let returnFile: string | null = null;
  if (answer !== null) {
    returnFile = returnFileName(path);
    const file = new AtomicFile(returnFile);
    await file.write(answer);
    await file.commit();
  }
  return {
    file: path,
    fileId: refused.fileId,
    outcome: 'refused',
    lines: 0,
    byOutcome: new Tally().byOutcome,
    declaredCents: 0,
    grantedCents: 0,
    returnFile,
    paymentFile: null,
    problems,
    problemCount: problems.length,
    position,
  };
}
