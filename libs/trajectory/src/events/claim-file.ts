/**
 * Reception and processing of one claim file, in the stream `claim-file-<id>`. No person is named here: a line is known by its
 * record number in the file.
 *
 * WARNING: the storage format; see ./trajectory.ts.
 */
import type { Cents, ClaimFileId, IsoDate } from '../ids';

export interface ClaimFileReceived {
  readonly type: 'ClaimFileReceived.v1';
  readonly data: {
    readonly fileId: ClaimFileId;
    /** SHA-256 of the bytes, hex. */
    readonly digest: string;
    readonly bytes: number;
    /** `PM304` | `GDS801`. */
    readonly standard: string;
    readonly version: string;
    /** UZOVI of the addressed insurer. */
    readonly insurer: string;
    readonly practice: string;
    readonly invoice: string;
    readonly invoiceDate: IsoDate;
    readonly receivedOn: IsoDate;
    readonly performanceRecords: number;
  };
}

/** What the return message says of one record. */
export interface ProcessedLine {
  /** Record number in the file, from 1. */
  readonly record: number;
  readonly outcome: 'refused' | 'invalid' | 'held' | 'decided' | 'credited';
  readonly codes: readonly string[];
  /** Granted to the provider; negative on a credit. */
  readonly grantedCents: Cents;
}

/** A line told of before whose grant moved through this chunk: it is told in a payment specification, never in a return message. */
export interface PaymentChange {
  readonly practice: string;
  readonly reference: string;
  /** Invoice of the original declaration. */
  readonly invoice: string;
  readonly date: IsoDate;
  readonly grantedBeforeCents: Cents;
  readonly grantedNowCents: Cents;
}

/** What moved grants, as a payment specification names it. */
export interface PaymentCause {
  readonly type: string;
  /** The command; of claim lines the file they came in; of an activated policy its digest. */
  readonly id: string;
}

/** Lines whose grant one cause moved. */
export interface CausedPaymentChanges {
  readonly cause: PaymentCause;
  readonly changes: readonly PaymentChange[];
}

/** One per chunk of at most 500 lines, in file order. */
export interface LinesProcessed {
  readonly type: 'LinesProcessed.v2';
  readonly data: {
    readonly chunk: number;
    readonly lines: readonly ProcessedLine[];
    /** Moved by the file itself. */
    readonly changes: readonly PaymentChange[];
    /** Booked before the file's own and told of by nobody yet, under the causes that moved them. */
    readonly standing: readonly CausedPaymentChanges[];
  };
}

export interface ClaimFileCompleted {
  readonly type: 'ClaimFileCompleted.v1';
  readonly data: {
    readonly lines: number;
    readonly declaredCents: Cents;
    readonly grantedCents: Cents;
    /** SHA-256 of the return message, hex. */
    readonly returnDigest: string;
  };
}

/** The file as a whole was refused: no line of it became a fact. */
export interface ClaimFileRefused {
  readonly type: 'ClaimFileRefused.v1';
  readonly data: {
    readonly fileId: ClaimFileId;
    readonly digest: string;
    readonly bytes: number;
    readonly receivedOn: IsoDate;
    readonly problems: readonly {
      readonly code: string | null;
      readonly record: number | null;
      readonly field: string | null;
      readonly problem: string;
    }[];
  };
}

export type ClaimFileEvent = ClaimFileReceived | LinesProcessed | ClaimFileCompleted | ClaimFileRefused;
