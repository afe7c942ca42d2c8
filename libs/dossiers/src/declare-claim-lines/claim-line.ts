import type { Cents, IsoDate, LineSource } from '#libs/trajectory';

interface ClaimLineBase {
  /** Where it stands; a record of a file or the command itself. */
  readonly source: LineSource;
  readonly practice: string;
  /** Reference number of this line, unique within the practice. */
  readonly reference: string;
  readonly date: IsoDate;
  readonly declaredCents: Cents;
  readonly invoice: string;
}

/** A performance that is declared. */
export interface DebitLine extends ClaimLineBase {
  readonly kind: 'debit';
  readonly startTime?: string;
  readonly list: string;
  readonly performance: string;
  readonly quantity: number;
  readonly diagnosis: string;
  readonly csi: string;
  readonly side?: 'left' | 'right' | 'both';
  readonly tariffCents: Cents;
  readonly calculatedCents: Cents;
  readonly insurer: string;
  readonly therapist?: string;
  readonly authorisation?: string;
  readonly referralDate?: IsoDate;
}

/** A debit that is taken back, whole. */
export interface CreditLine extends ClaimLineBase {
  readonly kind: 'credit';
  /** Reference number of the debit line; empty when the message names none. */
  readonly debitReference: string;
}

export type ClaimLine = DebitLine | CreditLine;
