import { describeProblem, type FieldProblem } from './problems';
import type { HeaderRecord } from './records/records';

/** A file that is refused whole. It carries every problem that was found (at most 20), and the header when that could be read. */
export class ClaimFileError extends Error {
  override readonly name = 'ClaimFileError';

  constructor(
    readonly problems: readonly FieldProblem[],
    /** For the return message (`Pm305Writer.refusal`); null when the first record could not be read as a header. */
    readonly header: HeaderRecord | null = null,
  ) {
    const [first] = problems;
    const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
    super(`The claim file is refused: ${first ? describeProblem(first) : 'no reason given'}${more}`);
  }
}
