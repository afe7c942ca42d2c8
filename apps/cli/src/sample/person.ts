/** One person of the sample, with all that is declared for and corrected of that person. */
import type { Pm304LineInput } from '#libs/claims';
import type { HistoryInput, RemapInput } from '#libs/dossiers';
import type { SampleIdentity } from './identity';
import type { Card } from './proportions';

/** How the system should answer a line when its file is ingested in order, before any correction. */
export type Expectation =
  | { readonly outcome: 'decided' | 'held' | 'credited' }
  | { readonly outcome: 'invalid' | 'refused'; readonly codes: readonly string[] };

export interface SampleLine {
  /** Index in CLAIM_PERIODS of the file that carries it. */
  readonly period: number;
  readonly line: Pm304LineInput;
  readonly expected: Expectation;
  /** It comes in a later file than the sessions around it. */
  readonly late?: true;
}

/** A line of somebody who is not in the member file, or whose number is wrong. */
export interface StrangerLine extends SampleLine {
  readonly identity: SampleIdentity;
}

export interface Cover {
  readonly insurer: string;
  readonly from: string;
  /** `''` = open. */
  readonly through: string;
}

export interface ReportedSwitchRow {
  readonly from: string;
  /** `''` = the member administration does not know it. */
  readonly dcsph: string;
  readonly previousInsurer: string;
}

/** A line of corrections.jsonl: a command of the back office, and whom it is about. */
export type SampleCorrection =
  | { readonly command: 'import-history'; readonly bsn: string; readonly input: HistoryInput }
  | { readonly command: 'remap-diagnosis'; readonly bsn: string; readonly input: RemapInput };

export interface SamplePerson {
  readonly index: number;
  readonly card: Card;
  readonly identity: SampleIdentity;
  /** Number of the practice, from 0. */
  readonly practice: number;
  readonly insurance: readonly Cover[];
  readonly packages: readonly (Cover & { readonly package: string })[];
  readonly switches: readonly ReportedSwitchRow[];
  readonly diedOn: string | null;
  readonly lines: readonly SampleLine[];
  readonly strangers: readonly StrangerLine[];
  readonly corrections: readonly SampleCorrection[];
}
