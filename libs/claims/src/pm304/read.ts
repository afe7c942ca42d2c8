import { PM304_MESSAGE_CODE, PM304_RECORD_LENGTH } from '../layouts';
import { RecordFramer } from '../records/framing';
import type { HeaderRecord, Pm304Record, TrailerRecord } from '../records/records';
import { MessageReader } from './message';

/** What a full pass over a claim file found. */
export interface Pm304Summary {
  readonly header: HeaderRecord;
  readonly trailer: TrailerRecord;
  /** Records by type; `details` are all but header and trailer, `records` all of them. */
  readonly counts: {
    readonly insured: number;
    readonly debtors: number;
    readonly performances: number;
    readonly comments: number;
    readonly details: number;
    readonly records: number;
    /** Performance records with at least one field problem. */
    readonly performancesWithProblems: number;
  };
  /** Declared amounts in cents; `declaredCents` is debits less credits and may be negative. */
  readonly totals: { readonly debitCents: number; readonly creditCents: number; readonly declaredCents: number };
  readonly bytes: number;
}

export interface ReadPm304Options {
  /** Leave `raw` empty, for who does not write a return message. */
  readonly withoutBytes?: boolean;
}

/**
 * Reads a PM304 3.2 claim file as a stream: the records in order, each with its values and the problems of its fields.
 * Memory is that of one chunk. Run `checkPm304` first: a problem of the whole file (also one in its trailer) shows only when it is
 * reached, and then no further record is yielded.
 *
 * @param source the bytes in chunks of any size
 * @throws ClaimFileError when the file as a whole is refused, with every problem found, at most 20
 */
export async function* readPm304(
  source: AsyncIterable<Uint8Array>,
  options: ReadPm304Options = {},
): AsyncGenerator<Pm304Record, void, undefined> {
  let ready: Pm304Record[] = [];
  const message = new MessageReader({
    messageCode: PM304_MESSAGE_CODE,
    keepBytes: options.withoutBytes !== true,
    strict: true,
    deliver: (record) => ready.push(record),
    enough: () => (framer.stopped = true),
  });
  const framer: RecordFramer = new RecordFramer(PM304_RECORD_LENGTH, message);
  for await (const chunk of source) {
    for (const part of framer.parts(chunk)) {
      framer.push(part);
      yield* ready;
      ready = [];
    }
    if (framer.stopped) break;
  }
  framer.finish();
  yield* ready;
  message.finish(framer.stopped);
}

/**
 * Reads a claim file to its end without keeping records: whether it can be taken as a whole, and what it holds.
 *
 * @throws ClaimFileError as `readPm304` does
 */
export async function checkPm304(source: AsyncIterable<Uint8Array>): Promise<Pm304Summary> {
  const message = new MessageReader({
    messageCode: PM304_MESSAGE_CODE,
    keepBytes: false,
    strict: true,
    deliver: () => undefined,
    enough: () => (framer.stopped = true),
  });
  const framer: RecordFramer = new RecordFramer(PM304_RECORD_LENGTH, message);
  for await (const chunk of source) {
    for (const part of framer.parts(chunk)) framer.push(part);
    if (framer.stopped) break;
  }
  framer.finish();
  message.finish(framer.stopped);
  const { header, trailer, counts } = message;
  if (header === null || trailer === null) throw new Error('A checked message has a header and a trailer');
  return {
    header,
    trailer,
    counts: {
      insured: counts.insured,
      debtors: counts.debtors,
      performances: counts.performances,
      comments: counts.comments,
      details: counts.insured + counts.debtors + counts.performances + counts.comments,
      records: message.records,
      performancesWithProblems: message.linesWithProblems,
    },
    totals: {
      debitCents: counts.debitCents,
      creditCents: counts.creditCents,
      declaredCents: counts.debitCents - counts.creditCents,
    },
    bytes: framer.bytes,
  };
}
