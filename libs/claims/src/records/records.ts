/** What the readers yield: one shape per record type, with the bytes as they came and the values as the domain uses them. */
import type { FieldProblem } from '../problems';

interface RecordBase {
  /** Number in the file, from 1 over all records. */
  readonly record: number;
  /** The bytes of the record without CR LF: 310 (claim) or 370 (return); the caller's own copy. Empty in what `checkPm304` returns. */
  readonly raw: Uint8Array;
  /**
   * Problems of single fields. A field named here holds `''` or 0 (or is absent, when optional) instead of a value: look here
   * before using the values.
   */
  readonly problems: readonly FieldProblem[];
}

/** Record 01. Codes are digits as sent; an optional N field that is zero or blank is absent. */
export interface HeaderRecord extends RecordBase {
  readonly kind: 'header';
  /** True when field 0105 says T: a test message, not to be processed as a claim. */
  readonly test: boolean;
  readonly version: string;
  readonly softwareCode?: string;
  readonly softwareVersion?: string;
  /** UZOVI of the insurer addressed. */
  readonly insurer: string;
  readonly serviceBureau?: string;
  /** AGB codes of fields 0110, 0111 and 0112. */
  readonly professional?: string;
  readonly practiceCode?: string;
  readonly institution?: string;
  /** AGB code of who declares: 0111, else 0112, else 0110. With a line's reference it is the key of the line. */
  readonly practice: string;
  readonly paymentTo: string;
  readonly periodStart: string;
  readonly periodEnd: string;
  readonly invoice: string;
  readonly invoiceDate: string;
  readonly vatNumber?: string;
}

/** Record 02. IDENTITY: for the vault and the return file only. */
export interface InsuredRecord extends RecordBase {
  readonly kind: 'insured';
  readonly detailNumber: number;
  readonly bsn: string;
  /** UZOVI, 4 digits. */
  readonly insurer: string;
  readonly relationNumber?: string;
  readonly patientNumber?: string;
  /** `YYYY-MM-DD`. */
  readonly birthDate: string;
  readonly sex: string;
  readonly name: string;
  readonly namePrefix?: string;
  readonly initials: string;
  readonly postcode?: string;
  readonly houseNumber?: number;
}

/** Record 03, repeated in the return and otherwise not read. It carries 8075, not allowed towards an insurer; lines do not suffer from it. */
export interface DebtorRecord extends RecordBase {
  readonly kind: 'debtor';
}

/** Record 04: one claim line. `bsn`, `relationNumber` and `insured` are identity. */
export interface PerformanceRecord extends RecordBase {
  readonly kind: 'performance';
  readonly detailNumber: number;
  /** The insured record that it stands under; null when there is none before it. */
  readonly insured: InsuredRecord | null;
  readonly bsn: string;
  /** UZOVI, 4 digits. */
  readonly insurer: string;
  readonly relationNumber?: string;
  /** From the header: AGB of who declares, invoice number and invoice date. */
  readonly practice: string;
  readonly invoice: string;
  readonly invoiceDate: string;
  readonly authorisation?: string;
  /** Session date, `YYYY-MM-DD`. */
  readonly date: string;
  /** Performance code list, 3 digits. */
  readonly list: string;
  readonly performance: string;
  readonly quantity: number;
  readonly accident?: string;
  /** DCSPH code of 0418, trimmed; `''` when the message gives none. */
  readonly diagnosis: string;
  readonly diagnosisList?: string;
  readonly secondDiagnosis?: string;
  /** Indication code, 3 digits; `''` when the message gives none. */
  readonly csi: string;
  /** AGB of the treating therapist. */
  readonly therapist?: string;
  readonly referralDate?: string;
  /** AGB of the referrer. */
  readonly referrer?: string;
  readonly endReason?: string;
  /** Amounts in cents, never negative: `debitCredit` has the sign. */
  readonly tariffCents: number;
  readonly calculatedCents: number;
  readonly declaredCents: number;
  /** `C` credits the line named by `relatedReference`. */
  readonly debitCredit: 'D' | 'C';
  readonly reference: string;
  readonly relatedReference?: string;
}

/** Record 98. The text may hold identity. */
export interface CommentRecord extends RecordBase {
  readonly kind: 'comment';
  readonly text: string;
}

/** Record 99. */
export interface TrailerRecord extends RecordBase {
  readonly kind: 'trailer';
  readonly insuredRecords: number;
  readonly debtorRecords: number;
  readonly performanceRecords: number;
  readonly commentRecords: number;
  readonly detailRecords: number;
  /** Debits less credits, negative when field 9908 says C. */
  readonly declaredCents: number;
}

export type Pm304Record = HeaderRecord | InsuredRecord | DebtorRecord | PerformanceRecord | CommentRecord | TrailerRecord;

/** Whether tariff × quantity = calculated amount = declared amount. The reader reports the values; what follows is the engine's. */
export function amountsAddUp(
  line: Pick<PerformanceRecord, 'tariffCents' | 'quantity' | 'calculatedCents' | 'declaredCents'>,
): boolean {
  return line.tariffCents * line.quantity === line.calculatedCents && line.calculatedCents === line.declaredCents;
}
