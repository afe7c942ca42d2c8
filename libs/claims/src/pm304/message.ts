/** Follows a claim message record by record: order, counts, total, and the values of each record. */
import { fieldOf, PM304_LAYOUT, textOf } from '../layouts';
import { fileProblem, MAX_FILE_PROBLEMS, type FieldProblem } from '../problems';
import { ClaimFileError } from '../claim-file-error';
import type { RecordSink } from '../records/framing';
import type { HeaderRecord, InsuredRecord, PerformanceRecord, Pm304Record, TrailerRecord } from '../records/records';
import { parseHeader } from './parse-header';
import { parseInsured } from './parse-insured';
import { parsePerformance } from './parse-performance';
import { compareTrailer, parseTrailer, type MessageCounts } from './parse-trailer';

const COMMENT_TEXT = fieldOf(PM304_LAYOUT['98'], '9804');
const UNREADABLE_AMOUNT = new Set(['8033', '0631', '8064']);
const DEBTOR =
  'Debtor records (03) are for factoring companies, not for an insurer; leave them out. The lines are judged without it.';
const NO_BYTES = new Uint8Array(0);
const NO_PROBLEMS: readonly FieldProblem[] = [];

export interface MessageRules {
  readonly messageCode: string;
  /** Whether the bytes of each record are kept with it. */
  readonly keepBytes: boolean;
  /** Problems of the header and of totals refuse the file. A return message repeats those of its claim, so there they do not. */
  readonly strict: boolean;
  /** Called with each record and its whole text, as long as the file as a whole has no problem. */
  readonly deliver: (record: Pm304Record, text: string) => void;
  /** Called when reading may stop: there are problems enough. */
  readonly enough: () => void;
}

export class MessageReader implements RecordSink {
  readonly problems: FieldProblem[] = [];
  readonly counts: MessageCounts = {
    insured: 0,
    debtors: 0,
    performances: 0,
    comments: 0,
    debitCents: 0,
    creditCents: 0,
    unreadableAmounts: 0,
  };
  header: HeaderRecord | null = null;
  trailer: TrailerRecord | null = null;
  linesWithProblems = 0;
  records = 0;
  private insured: InsuredRecord | null = null;
  private insuredNumber = 0;
  private lineNumber = 0;
  /** A record was lost: counts and totals mean nothing any more. */
  private lost = false;

  constructor(private readonly rules: MessageRules) {}

  broken(problem: FieldProblem): void {
    this.lost = true;
    this.refuse(problem);
  }

  record(text: string, bytes: Uint8Array, record: number): void {
    this.records = record;
    const type = text.slice(0, 2);
    const raw = this.rules.keepBytes ? new Uint8Array(bytes) : NO_BYTES;
    if (this.trailer !== null) {
      this.refuse(fileProblem('8026', record, 'A record follows the trailer (99); send one message per file.'));
    } else if (this.header === null && type !== '01') {
      this.noHeader(record, type);
    } else if (type === '04') {
      this.deliver(this.performance(text, raw, record), text);
    } else if (type === '02') {
      this.deliver(this.insuredRecord(text, raw, record), text);
    } else if (type === '98') {
      this.counts.comments += 1;
      const comment = textOf(text, COMMENT_TEXT).trimEnd();
      this.deliver({ kind: 'comment', record, raw, text: comment, problems: NO_PROBLEMS }, text);
    } else if (type === '99') {
      this.end(text, raw, record);
    } else if (type === '01') {
      this.begin(text, new Uint8Array(bytes), record);
    } else if (type === '03') {
      this.counts.debtors += 1;
      this.deliver({ kind: 'debtor', record, raw, problems: [fileProblem('8075', record, DEBTOR)] }, text);
    } else {
      this.lost = true;
      this.refuse(fileProblem('0002', record, 'The record type (positions 1-2) must be 01, 02, 03, 04, 98 or 99.'));
    }
  }

  /**
   * After the last record. Throws `ClaimFileError` when the file as a whole is refused.
   *
   * @param stopped reading ended before the end of the file, so that a missing trailer says nothing
   */
  finish(stopped: boolean): void {
    if (this.header === null && this.problems.length === 0) {
      this.refuse(fileProblem('0001', null, 'The file holds no records; send a PM304 claim file.'));
    }
    if (this.trailer === null && this.header !== null && !stopped) {
      this.refuse(fileProblem('0002', null, 'The trailer (99) is missing; the file was cut off: send it whole.'));
    }
    if (this.problems.length > 0) throw new ClaimFileError(this.problems, this.header);
  }

  private refuse(problem: FieldProblem): void {
    if (this.problems.length < MAX_FILE_PROBLEMS) this.problems.push(problem);
    if (this.problems.length >= MAX_FILE_PROBLEMS) this.rules.enough();
  }

  private deliver(record: Pm304Record, text: string): void {
    if (this.problems.length === 0) this.rules.deliver(record, text);
  }

  private noHeader(record: number, type: string): void {
    if (record > 1 || this.lost) {
      if (!this.lost) this.refuse(fileProblem('8026', record, 'The header (01) must be the first record.'));
      return;
    }
    this.lost = true;
    const known = type in PM304_LAYOUT;
    const problem = known
      ? 'The header (01) must be the first record; the file was cut at the start, or its records are out of order.'
      : 'The first record is not the header (01) of a PM304 message; this is not a claim file.';
    this.refuse(fileProblem('0002', record, problem));
    if (!known) this.rules.enough();
  }

  private begin(text: string, raw: Uint8Array, record: number): void {
    if (this.header !== null) {
      this.refuse(fileProblem('8026', record, 'A second header (01) stands here; send one message per file.'));
      return;
    }
    const header = parseHeader(text, raw, record, this.rules.messageCode);
    this.header = header;
    if (this.rules.strict) header.problems.forEach((problem) => this.refuse(problem));
    else header.problems.filter((problem) => problem.code === '0010').forEach((problem) => this.refuse(problem));
    this.deliver(header, text);
  }

  private insuredRecord(text: string, raw: Uint8Array, record: number): InsuredRecord {
    this.counts.insured += 1;
    this.insured = parseInsured(text, raw, record, this.header, this.insuredNumber);
    this.insuredNumber = Math.max(this.insuredNumber, this.insured.detailNumber);
    return this.insured;
  }

  private performance(text: string, raw: Uint8Array, record: number): PerformanceRecord {
    const line = parsePerformance(text, raw, record, {
      header: this.header,
      insured: this.insured,
      previousDetail: this.lineNumber,
    });
    this.lineNumber = Math.max(this.lineNumber, line.detailNumber);
    this.counts.performances += 1;
    if (line.problems.length > 0) this.linesWithProblems += 1;
    if (line.problems.some((problem) => problem.code !== null && UNREADABLE_AMOUNT.has(problem.code)))
      this.counts.unreadableAmounts += 1;
    else if (line.debitCredit === 'D') this.counts.debitCents += line.declaredCents;
    else this.counts.creditCents += line.declaredCents;
    return line;
  }

  private end(text: string, raw: Uint8Array, record: number): void {
    const trailer = parseTrailer(text, raw, record);
    this.trailer = trailer;
    trailer.problems.forEach((problem) => this.refuse(problem));
    if (!this.lost) compareTrailer(trailer, this.counts).forEach((problem) => this.refuse(problem));
    if (this.rules.strict && !this.lost && this.counts.performances === 0) {
      this.refuse(fileProblem('0158', record, 'The message holds no performance record (04); there is nothing to judge.'));
    }
    this.deliver(trailer, text);
  }
}
