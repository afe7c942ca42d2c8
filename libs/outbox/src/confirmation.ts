/** What a practice is told once a history or a remap has been processed. It names lines by the practice's own numbers and nobody. */
import { v5 as uuidV5 } from 'uuid';

/** Namespace of message ids. Part of the storage format: never change it. */
const NAMESPACE = 'c2f1f0f4-4c0e-5a0e-8d65-0b7f8f3f9b52';

export const CONFIRMED = ['import', 'supersession', 'retraction', 'remap', 'remap-reverted', 'absorption-reverted'] as const;
export type Confirmed = (typeof CONFIRMED)[number];

export interface ClaimReference {
  readonly invoice: string;
  readonly reference: string;
}

export interface Confirmation {
  /** The command that was processed. */
  readonly cause: string;
  /** AGB code, eight digits. */
  readonly practice: string;
  readonly confirmed: Confirmed;
  /** Lines of the practice that were decided anew, by invoice and reference. */
  readonly lines: readonly ClaimReference[];
}

/** What is told of one person of a campaign; it waits for the others (`campaign-messages.ts`). */
export interface CampaignConfirmation extends Confirmation {
  readonly campaign: string;
}

/**
 * One cause and practice, one id, wherever and however often it is derived: what a receiver knows a repeated message by. A campaign is one cause, and tells
 * a practice in as many parts as it takes, from 1; other causes have one, part 0.
 */
export const messageId = ({ cause, practice }: Pick<Confirmation, 'cause' | 'practice'>, part = 0): string =>
  uuidV5(part === 0 ? `${cause}/${practice}` : `${cause}/${practice}/${part}`, NAMESPACE);

/** By invoice, then reference. */
export const byReference = (a: ClaimReference, b: ClaimReference): number =>
  a.invoice !== b.invoice ? (a.invoice < b.invoice ? -1 : 1) : a.reference < b.reference ? -1 : 1;
