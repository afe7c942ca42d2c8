/**
 * Writes PM305 return messages: every record of the claim byte for byte, and behind it the insurer's answer.
 * Only field 0102 changes: the return has its own message code, 108.
 */
import { digitsOf } from '../calendar';
import { fieldOf, PM304_LAYOUT, PM304_RECORD_LENGTH, PM305_ADDED_FIELDS, PM305_MESSAGE_CODE, textOf } from '../layouts';
import type { RecordType } from '../layouts';
import { ClaimFieldError, formatDate, formatRecord, recordBytes, type FieldValues } from '../records/format-record';

/** At most three return codes of four digits; the first is the main one. */
export type ReturnCodes = readonly string[];

export interface ReturnHeaderInput {
  /** The insurer's reference of the return, at most 24 characters. */
  readonly insurerReference: string;
  /** `YYYY-MM-DD`. */
  readonly returnDate: string;
  readonly codes?: ReturnCodes;
}

/** Amounts in cents, negative for a credit. */
export interface ReturnLineInput {
  readonly calculatedCents: number;
  readonly grantedCents: number;
  readonly codes?: ReturnCodes;
}

const MESSAGE_CODE = fieldOf(PM304_LAYOUT['01'], '0102');
const DECLARED = fieldOf(PM304_LAYOUT['04'], '0432');
const DECLARED_FLAG = fieldOf(PM304_LAYOUT['04'], '0433');
const TRAILER = PM304_LAYOUT['99'];
/** The trailer's claim part ends where its reserve began. */
const TRAILER_CLAIM_LENGTH = 45;
const CODE_FIELDS: Readonly<Record<RecordType, readonly string[]>> = {
  '01': ['0183', '0184', '0185'],
  '02': ['0281', '0282', '0283'],
  '03': ['0381', '0382', '0383'],
  '04': ['0485', '0486', '0487'],
  '98': ['9881', '9882', '9883'],
  '99': [],
};

function codeValues(type: RecordType, codes: ReturnCodes): FieldValues {
  const fields = CODE_FIELDS[type];
  const first = fieldOf(PM305_ADDED_FIELDS[type], fields[0] ?? '');
  if (codes.length > fields.length)
    throw new ClaimFieldError(first, `takes part in ${fields.length} return codes, ${codes.length} were given`);
  if (codes.some((code) => !/^\d{4}$/.test(code))) throw new ClaimFieldError(first, 'a return code must be four digits');
  return Object.fromEntries(fields.map((number, index) => [number, codes[index]]));
}

function claimText(raw: Uint8Array, type: string | null): string {
  const text = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString('latin1');
  if (text.length !== PM304_RECORD_LENGTH || (type !== null && !text.startsWith(type))) {
    const kind = type === null ? 'a claim record' : `a claim record ${type}`;
    throw new RangeError(
      `The return repeats ${kind} of ${PM304_RECORD_LENGTH} bytes; this one has ${text.length} or another type`,
    );
  }
  return text;
}

function flag(cents: number, whenZero: string): string {
  return cents < 0 ? 'C' : cents > 0 ? 'D' : whenZero === 'C' ? 'C' : 'D';
}

/**
 * One return message, record by record in the order of the claim. It counts what it writes, so that the trailer closes over it.
 * Every method returns one record of 370 bytes and CR LF and throws `ClaimFieldError` or `RangeError` when a value does not fit.
 */
export class Pm305Writer {
  private readonly counts = new Map<RecordType, number>();
  private submittedCents = 0;
  private grantedCents = 0;

  /** @param raw record 01 of the claim, 310 bytes */
  header(raw: Uint8Array, input: ReturnHeaderInput): Uint8Array {
    const claim = claimText(raw, '01');
    const from = MESSAGE_CODE.start - 1;
    const repeated = claim.slice(0, from) + PM305_MESSAGE_CODE + claim.slice(from + MESSAGE_CODE.length);
    const added = PM305_ADDED_FIELDS['01'];
    return recordBytes(
      repeated +
        formatRecord(added, {
          '0181': input.insurerReference,
          '0182': formatDate(fieldOf(added, '0182'), input.returnDate),
          ...codeValues('01', input.codes ?? []),
        }),
    );
  }

  /** @param raw record 02, 03 or 98 of the claim, 310 bytes */
  detail(raw: Uint8Array, codes: ReturnCodes = []): Uint8Array {
    const claim = claimText(raw, null);
    const type = claim.slice(0, 2);
    if (type !== '02' && type !== '03' && type !== '98')
      throw new RangeError('Only records 02, 03 and 98 are returned as a detail');
    this.count(type);
    return recordBytes(claim + formatRecord(PM305_ADDED_FIELDS[type], codeValues(type, codes)));
  }

  /** @param raw record 04 of the claim, 310 bytes */
  performance(raw: Uint8Array, input: ReturnLineInput): Uint8Array {
    const claim = claimText(raw, '04');
    const declaredFlag = textOf(claim, DECLARED_FLAG);
    const text = formatRecord(PM305_ADDED_FIELDS['04'], {
      '0481': Math.abs(input.calculatedCents),
      '0482': flag(input.calculatedCents, declaredFlag),
      '0483': Math.abs(input.grantedCents),
      '0484': flag(input.grantedCents, declaredFlag),
      ...codeValues('04', input.codes ?? []),
    });
    this.count('04');
    this.submittedCents += Math.max(0, digitsOf(textOf(claim, DECLARED))) * (declaredFlag === 'C' ? -1 : 1);
    this.grantedCents += input.grantedCents;
    return recordBytes(claim + text);
  }

  /**
   * @param raw record 99 of the claim, repeated byte for byte up to its total; without it the counts and the submitted total are
   * those of the records written. With it, they must agree on the counts.
   */
  trailer(raw?: Uint8Array): Uint8Array {
    const own = this.ownTrailer();
    const repeated = raw === undefined ? own : claimText(raw, '99').slice(0, TRAILER_CLAIM_LENGTH);
    const counted = 33; // positions 1-33: record type and counts
    if (repeated.slice(0, counted) !== own.slice(0, counted)) {
      throw new RangeError('The return message does not repeat every record that the trailer of the claim counts');
    }
    const added = formatRecord(PM305_ADDED_FIELDS['99'], {
      '9909': Math.abs(this.grantedCents),
      '9910': flag(this.grantedCents, 'D'),
    });
    return recordBytes(repeated + added);
  }

  /**
   * The return on a file that is refused whole: its header with the codes, and a trailer of nothing. Null when the header itself could
   * not be read: then there is nobody to return it to. More than three codes are cut to the first three, ascending, each once.
   */
  static refusal(rawHeader: Uint8Array | null, input: ReturnHeaderInput): Uint8Array | null {
    if (rawHeader === null) return null;
    const codes = [...new Set(input.codes ?? [])].sort().slice(0, 3);
    const writer = new Pm305Writer();
    return new Uint8Array(Buffer.concat([writer.header(rawHeader, { ...input, codes }), writer.trailer()]));
  }

  private count(type: RecordType): void {
    this.counts.set(type, (this.counts.get(type) ?? 0) + 1);
  }

  private ownTrailer(): string {
    const of = (type: RecordType) => this.counts.get(type) ?? 0;
    return formatRecord(TRAILER, {
      '9901': '99',
      '9902': of('02'),
      '9903': of('03'),
      '9904': of('04'),
      '9905': of('98'),
      '9906': of('02') + of('03') + of('04') + of('98'),
      '9907': Math.abs(this.submittedCents),
      '9908': flag(this.submittedCents, 'D'),
    }).slice(0, TRAILER_CLAIM_LENGTH);
  }
}
