import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BIGINT } from './columns';

/** The parts of a declared amount: the three purses, and what is refused or not yet decided. They add up to the declared amount. */
export const SPLIT_PARTS = ['basic', 'supplementary', 'insured', 'refused', 'undecided'] as const;
export type SplitPart = (typeof SPLIT_PARTS)[number];

/** Cents and sessions of all uncredited lines by month of the session's date, addressed insurer and part. */
@Entity('payer_split_month')
export class PayerSplitMonthEntity {
  /** `YYYY-MM`. */
  @PrimaryColumn('text') month: string;
  /** UZOVI the lines were addressed to. */
  @PrimaryColumn('text') insurer: string;
  @PrimaryColumn('text') purse: SplitPart;
  @Column(BIGINT) cents: number;
  @Column(BIGINT) sessions: number;
}
