import { createHash, type Hash } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { basename, dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { Pm305Writer, type Pm304Record } from '#libs/claims';
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

/** A file that is there whole or not at all: written beside its place, flushed to disk, then moved there. */
export class AtomicFile {
  readonly #temporary: string;
  readonly #stream: WriteStream;
  readonly #hash: Hash = createHash('sha256');
  #failure: Error | null = null;

  constructor(private readonly path: string) {
    this.#temporary = join(dirname(path), `.${basename(path)}.${randomUUID()}`);
    this.#stream = createWriteStream(this.#temporary, { flags: 'wx' });
    this.#stream.on('error', (error) => (this.#failure = error));
  }

  async write(bytes: Uint8Array | string): Promise<void> {
    if (this.#failure !== null) throw this.#failure;
    this.#hash.update(bytes);
    if (!this.#stream.write(bytes)) await once(this.#stream, 'drain');
  }

  /** Puts the file in its place; answers the SHA-256 of its bytes, hex. */
  async commit(): Promise<string> {
    this.#stream.end();
    await once(this.#stream, 'close');
    if (this.#failure !== null) throw this.#failure;
    const handle = await open(this.#temporary, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(this.#temporary, this.path);
    return this.#hash.digest('hex');
  }

  /** Gives up; nothing stays behind. */
  async discard(): Promise<void> {
    this.#stream.destroy();
    await rm(this.#temporary, { force: true });
  }
}

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
