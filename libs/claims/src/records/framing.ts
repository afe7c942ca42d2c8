/** Cuts a stream of bytes into fixed-width records that end in CR LF, and says what is wrong where it cannot. */
import { fileProblem, type FieldProblem } from '../problems';
import { foreignFormat, lengthProblem } from './wrong-format';

const CR = 13;
const LF = 10;
/** Ctrl-Z: some systems write it behind the last record. */
const END_OF_FILE = 26;
/** Bytes without a line end after which the file is taken for something else. */
const LONGEST_LINE = 65_536;
/** Bytes worked on at once, whatever the size of a chunk: bounds what one step keeps in memory. */
const STEP = 65_536;
const NOTHING = Buffer.alloc(0);
// eslint-disable-next-line no-control-regex -- finding control characters is the purpose
const CONTROL = /[\x00-\x1f\x7f]/;

export interface RecordSink {
  /**
   * @param text the record, one character a byte
   * @param bytes the same record; valid during the call only
   */
  record(text: string, bytes: Uint8Array, record: number): void;
  /** A record that cannot be used, or a file that is none (`stopped` is set then); otherwise the framer goes on with the next line. */
  broken(problem: FieldProblem): void;
}

/** Push chunks of any size, then `finish`. Nothing more is delivered once `stopped`. */
export class RecordFramer {
  private rest: Buffer = NOTHING;
  private records = 0;
  private afterEnd = false;
  /** Set when the file is no file of records at all; the sink may set it too. */
  stopped = false;
  bytes = 0;

  constructor(
    private readonly length: number,
    private readonly sink: RecordSink,
  ) {}

  /** A chunk in parts that are pushed one by one, so that a file given as one huge chunk is read in bounded steps too. */
  *parts(chunk: Uint8Array): Generator<Uint8Array, void, undefined> {
    for (let from = 0; from < chunk.length && !this.stopped; from += STEP) yield chunk.subarray(from, from + STEP);
  }

  push(part: Uint8Array): void {
    if (this.stopped) return;
    this.bytes += part.length;
    this.step(Buffer.from(part.buffer, part.byteOffset, part.byteLength));
  }

  finish(): void {
    if (this.stopped) return;
    let at = 0;
    let end = this.rest.length;
    while (end > 0 && this.rest[end - 1] === END_OF_FILE) end -= 1;
    this.rest = this.rest.subarray(0, end);
    while (at < end && !this.stopped) at = this.line(this.rest, at, true);
    this.rest = NOTHING;
    if (this.bytes === 0) this.sink.broken(fileProblem('0001', null, 'The file is empty; send the claim file again.'));
  }

  private step(fresh: Buffer): void {
    const buffer = this.rest.length === 0 ? fresh : Buffer.concat([this.rest, fresh]);
    const whole = this.length + 2;
    let at = 0;
    while (buffer.length - at >= whole && !this.stopped) {
      const end = at + this.length;
      if (buffer[end] === CR && buffer[end + 1] === LF && !this.afterEnd) {
        const text = buffer.toString('latin1', at, end);
        if (!CONTROL.test(text)) {
          this.records += 1;
          this.sink.record(text, buffer.subarray(at, end), this.records);
          at += whole;
          continue;
        }
      }
      const next = this.line(buffer, at, false);
      if (next < 0) break;
      at = next;
    }
    // a copy: the caller may use its chunk again
    this.rest = Buffer.from(buffer.subarray(at));
  }

  /** One line that is not plainly a record. Returns where the next begins, or -1 when its end has not come yet. */
  private line(buffer: Buffer, at: number, final: boolean): number {
    if (this.afterEnd || buffer[at] === END_OF_FILE) return this.padding(buffer, at);
    const feed = buffer.indexOf(LF, at);
    const lineEnd = feed < 0 ? buffer.length : feed;
    if (lineEnd - at >= LONGEST_LINE) {
      const problem = foreignFormat(buffer.subarray(at)) ?? 'The file has no records that end in CR LF; send a PM304 claim file.';
      return this.stop(fileProblem('0001', this.records + 1, problem), buffer);
    }
    if (feed < 0 && !final) return -1;
    const next = feed < 0 ? buffer.length : feed + 1;
    const end = feed > at && buffer[feed - 1] === CR ? feed - 1 : lineEnd;
    const line = buffer.subarray(at, end);
    const record = this.records + 1;
    const foreign = this.records === 0 || line.includes(0) ? foreignFormat(line) : null;
    if (foreign !== null) return this.stop(fileProblem('0001', record, foreign), buffer);
    if (feed >= 0 && end === lineEnd) {
      const problem = 'The record ends in LF alone; every record must end in CR LF: have the software write the file again.';
      return this.stop(fileProblem('8095', record, problem), buffer);
    }
    this.records = record;
    if (line.length === 0) {
      this.sink.broken(fileProblem('8095', record, 'An empty line stands here; take out every CR LF that follows no record.'));
    } else if (line.length !== this.length) {
      this.sink.broken(fileProblem('0804', record, lengthProblem(line, this.length)));
    } else {
      this.lastLine(line, record);
    }
    return next;
  }

  /** A line of the right length: a record after all (the last one without CR LF), unless a control character is in it. */
  private lastLine(line: Buffer, record: number): void {
    const text = line.toString('latin1');
    const control = CONTROL.exec(text);
    if (control === null) return this.sink.record(text, line, record);
    const problem = `A control character stands at position ${control.index + 1}; only printable characters of ISO 8859-1 are allowed.`;
    this.sink.broken({ code: '0001', record, field: null, position: String(control.index + 1), problem });
  }

  /** Behind the end-of-file character only more of it and line ends may follow. */
  private padding(buffer: Buffer, at: number): number {
    this.afterEnd = true;
    for (let index = at; index < buffer.length; index += 1) {
      const byte = buffer[index];
      if (byte !== END_OF_FILE && byte !== CR && byte !== LF) {
        const problem = 'Something follows the end-of-file character (0x1A); take that character or what follows out.';
        return this.stop(fileProblem('0002', this.records + 1, problem), buffer);
      }
    }
    return buffer.length;
  }

  private stop(problem: FieldProblem, buffer: Buffer): number {
    this.stopped = true;
    this.sink.broken(problem);
    return buffer.length;
  }
}
