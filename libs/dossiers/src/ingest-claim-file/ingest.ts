/** Takes in one PM304 claim file: everything in it becomes facts, decisions and bookings once, and one return message. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { AtomicFile, sweepAbandoned } from '#libs/platform';
import type { CommandBus } from '@nestjs/cqrs';
import { checkAgainstReceipt, checkPm304, ClaimFileError, readPm304, type FieldProblem, type HeaderRecord } from '#libs/claims';
import type { ClaimFileId, ClaimFileReceived, LinesProcessed } from '#libs/trajectory';
import type { DossierContext } from '../context';
import { claimFileId } from '../person/event-ids';
import { writePaymentFiles } from '../payment-specification/payment-file';
import { paymentSpecifications } from '../payment-specification/specification';
import { chunksOf, type Chunk } from './chunks';
import { ClaimFileStream, type FileProgress } from './file-stream';
import { whileItRestarts } from './interruption';
import { ChunkProcessor } from './process-chunk';
import { answerRefusal, refusalOf } from './refusal';
import type { IngestReport } from './report';
import { returnFileName, ReturnMessage } from './return-file';
import { Tally } from './tally';

export interface IngestOptions {
  readonly actor: string;
  /** Day on which the file came in; default today. A file that was received before keeps its first day. */
  readonly receivedOn?: string;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Chunks whose lines are on their way at the same time: while one waits for the database, the next is read and decided. */
const CHUNKS_IN_FLIGHT = 3;
const READ_BYTES = 1 << 20;

const bytesOf = (path: string): AsyncIterable<Uint8Array> => createReadStream(path, { highWaterMark: READ_BYTES });

export class ClaimFileIngestion {
  constructor(
    private readonly context: DossierContext,
    private readonly commands: CommandBus,
  ) {}

  /**
   * Ingests the file at `path`. The return message lies beside it. Rejects with the file system's error when the file cannot be
   * read; a file that is no good claim file is an outcome (`refused`), with its problems.
   */
  async ingest(path: string, options: IngestOptions): Promise<IngestReport> {
    const hash = createHash('sha256');
    let bytes = 0;
    async function* hashed(): AsyncGenerator<Uint8Array> {
      for await (const part of bytesOf(path)) {
        hash.update(part);
        bytes += part.length;
        yield part;
      }
    }
    let header: HeaderRecord;
    let performanceRecords: number;
    try {
      const summary = await checkPm304(hashed());
      header = summary.header;
      performanceRecords = summary.trailer.performanceRecords;
      if (header.test) throw new ClaimFileError([testMessage], header);
    } catch (error) {
      if (!(error instanceof ClaimFileError)) throw error;
      return this.refuse(path, error, options);
    }
    const digest = hash.digest('hex');
    const id = claimFileId(digest);
    const stream = new ClaimFileStream(this.context.store, id, options.actor);
    const progress = await stream.read();
    const receivedOn = options.receivedOn ?? this.context.today();
    // What was recorded first stands, whatever day it is by now: a file has one answer.
    const inFuture = progress.begun === null ? checkAgainstReceipt(header, receivedOn) : [];
    const begun =
      progress.begun ??
      (await stream.begin(
        inFuture.length === 0
          ? {
              type: 'ClaimFileReceived.v1',
              data: {
                fileId: id,
                digest,
                bytes,
                standard: 'PM304',
                version: header.version,
                insurer: header.insurer,
                practice: header.practice,
                invoice: header.invoice,
                invoiceDate: header.invoiceDate,
                receivedOn,
                performanceRecords,
              },
            }
          : refusalOf(new ClaimFileError(inFuture, header), { digest, bytes, receivedOn }),
      ));
    return begun.type === 'ClaimFileRefused.v1'
      ? answerRefusal(path, begun.data, { problems: inFuture, header }, stream.position)
      : this.process(path, id, stream, progress, begun.data, options);
  }

  private async process(
    path: string,
    id: ClaimFileId,
    stream: ClaimFileStream,
    progress: FileProgress,
    received: ClaimFileReceived['data'],
    options: IngestOptions,
  ): Promise<IngestReport> {
    const returnPath = returnFileName(path);
    await sweepAbandoned(returnPath);
    const file = new AtomicFile(returnPath);
    try {
      const tally = new Tally();
      const message = new ReturnMessage(file, received);
      const processor = new ChunkProcessor(this.context, this.commands, {
        file: id,
        receivedOn: received.receivedOn,
        actor: options.actor,
      });
      const queue: { readonly chunk: Chunk; readonly result: Promise<LinesProcessed['data']> }[] = [];
      let done = 0;
      const settleOldest = async (): Promise<void> => {
        const { chunk, result } = queue.shift() as (typeof queue)[number];
        const known = progress.chunks[chunk.index];
        const declared = known ?? (await result);
        const processed = known ?? (await whileItRestarts(path, () => stream.processed(declared)));
        tally.add(processed, await message.append(chunk.records, processed.lines));
        tally.problems(processor.problemsOf(chunk, processed.lines));
        done += chunk.lines.length;
        options.onProgress?.(done, received.performanceRecords);
      };
      let chunks = 0;
      for await (const chunk of chunksOf(readPm304(bytesOf(path)), () => undefined)) {
        chunks += 1;
        const known = progress.chunks[chunk.index];
        // A person's lines are declared in the order of the file: a chunk that shares a person or a reference with one on its way waits for it.
        while (queue.length > 0 && known === undefined && queue.some((each) => processor.dependsOn(each.chunk, chunk)))
          await settleOldest();
        const result = known === undefined ? whileItRestarts(path, () => processor.process(chunk)) : Promise.resolve(known);
        result.catch(() => undefined); // awaited in order; a later chunk's failure must not be unhandled until its turn
        queue.push({ chunk, result });
        if (queue.length >= CHUNKS_IN_FLIGHT) await settleOldest();
      }
      while (queue.length > 0) await settleOldest();
      const returnDigest = await file.commit();
      const { declaredCents, grantedCents } = tally;
      const completed = await whileItRestarts(path, () =>
        stream.complete({ lines: done, declaredCents, grantedCents, returnDigest }, chunks),
      );
      if (completed.returnDigest !== returnDigest)
        throw new Error(
          `claim file ${id}: the return message differs from the one recorded; it was not made from the same lines`,
        );
      const own = { cause: { type: 'DeclareClaimLines', id }, changes: tally.changes };
      const specifications = paymentSpecifications([...tally.standing, own], received.receivedOn);
      const payments = returnPath.replace(/\.pm305$/, '.payments');
      const [paymentFile = null] = specifications.length === 0 ? [] : await writePaymentFiles(payments, specifications);
      return {
        file: path,
        fileId: id,
        outcome: progress.completed === null ? 'processed' : 'already-processed',
        lines: done,
        byOutcome: tally.byOutcome,
        declaredCents: tally.declaredCents,
        grantedCents: tally.grantedCents,
        returnFile: returnPath,
        paymentFile,
        problems: tally.listed,
        problemCount: tally.problemCount,
        position: stream.position,
      };
    } catch (error) {
      await file.discard();
      throw error;
    }
  }

  /** A bad file is refused whole: recorded once, answered with its header where that can be read. */
  private async refuse(path: string, error: ClaimFileError, options: IngestOptions): Promise<IngestReport> {
    const digest = await this.digestOf(path);
    const { size } = await stat(path);
    const id = claimFileId(digest);
    const stream = new ClaimFileStream(this.context.store, id, options.actor);
    const receivedOn = options.receivedOn ?? this.context.today();
    const begun = (await stream.read()).begun ?? (await stream.begin(refusalOf(error, { digest, bytes: size, receivedOn })));
    // Its bytes alone make it a bad file, so that only another version of Traject can have taken it in.
    if (begun.type !== 'ClaimFileRefused.v1')
      throw new Error(`claim file ${id} was taken in before and cannot be read now: ${error.message}`, { cause: error });
    return answerRefusal(path, begun.data, error, stream.position);
  }

  private async digestOf(path: string): Promise<string> {
    const hash = createHash('sha256');
    for await (const part of bytesOf(path)) hash.update(part);
    return hash.digest('hex');
  }
}

const testMessage: FieldProblem = {
  code: '8028',
  record: 1,
  field: '0105 Soort bericht',
  position: '10',
  problem: 'This is a test message (T); send claims as production (P).',
};
