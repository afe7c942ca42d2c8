import { Pm305Writer, type Pm304Record } from '#libs/claims';
import type { AtomicFile } from '#libs/platform';
import type { ClaimFileReceived, ProcessedLine } from '#libs/trajectory';

/** The return message lies beside the claim file: `x.pm304` is answered by `x.pm305`. */
export const returnFileName = (claimFile: string): string => `${claimFile.replace(/\.pm304$/i, '')}.pm305`;

/** What the return says in its header: both follow from the file and its reception, so that the message is always the same. */
export const returnHeader = (
  received: Pick<ClaimFileReceived['data'], 'digest' | 'receivedOn'>,
): { insurerReference: string; returnDate: string } => ({
  insurerReference: `TRJ-${received.digest.slice(0, 20).toUpperCase()}`,
  returnDate: received.receivedOn,
});

/** Writes the return message chunk by chunk, as the lines become known. */
export class ReturnMessage {
  readonly #writer = new Pm305Writer();

  constructor(
    private readonly file: AtomicFile,
    private readonly received: ClaimFileReceived['data'],
  ) {}

  /** Repeats the records of a chunk with what became of its lines. Answers cents submitted and granted. */
  async append(
    records: readonly Pm304Record[],
    lines: readonly ProcessedLine[],
  ): Promise<{ declaredCents: number; grantedCents: number }> {
    const byRecord = new Map(lines.map((line) => [line.record, line]));
    const parts: Uint8Array[] = [];
    let declaredCents = 0;
    let grantedCents = 0;
    for (const record of records) {
      switch (record.kind) {
        case 'header':
          parts.push(this.#writer.header(record.raw, returnHeader(this.received)));
          break;
        case 'insured':
        case 'debtor':
        case 'comment':
          parts.push(this.#writer.detail(record.raw, remarks(record.problems)));
          break;
        case 'performance': {
          const line = byRecord.get(record.record);
          if (line === undefined) throw new Error(`record ${record.record} was not processed with its chunk`);
          const sign = record.debitCredit === 'C' ? -1 : 1;
          parts.push(
            this.#writer.performance(record.raw, {
              calculatedCents: line.outcome === 'refused' ? 0 : sign * record.calculatedCents,
              grantedCents: line.grantedCents,
              codes: line.codes,
            }),
          );
          declaredCents += sign * record.declaredCents;
          grantedCents += line.grantedCents;
          break;
        }
        case 'trailer':
          parts.push(this.#writer.trailer(record.raw));
          break;
      }
    }
    await this.file.write(Buffer.concat(parts));
    return { declaredCents, grantedCents };
  }
}

const remarks = (problems: readonly { readonly code: string | null }[]): string[] =>
  [...new Set(problems.flatMap((problem) => (problem.code === null ? [] : [problem.code])))].sort().slice(0, 3);
