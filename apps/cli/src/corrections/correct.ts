/** The corrections that staff may ask for on the command line and in files. */
import { userInfo } from 'node:os';
import { CORRECTIONS, type CorrectionKind, type CorrectionOutcome, type Proposal, type ReasonCode } from '#libs/dossiers';
import type { CommandId, PersonId } from '#libs/trajectory';
import type { Session } from '../session';
import { CorrectionInputError, faultsOf } from './faults';

export interface AskedCorrection {
  readonly personId: PersonId;
  readonly commandId: CommandId;
  readonly kind: CorrectionKind;
  /** As it was given; its form is checked. */
  readonly input: unknown;
  readonly reason: ReasonCode;
  /** Digest of the effects that were agreed to, from a preview. */
  readonly effects?: string;
  readonly actor: string;
}

/** What became of it. One that needs a second person is proposed. */
export type CorrectionResult =
  Exclude<CorrectionOutcome, { outcome: 'needs-approval' }> | { readonly outcome: 'proposed'; readonly proposal: Proposal };

/** Who gives the command: the user of the operating system. */
export const commandLineActor = (): string => `cli:${userInfo().username}`;

/** The input in its form. Throws CorrectionInputError when it is not of it. */
export function readInput(kind: CorrectionKind, input: unknown): unknown {
  const parsed = CORRECTIONS[kind].input.safeParse(input);
  if (!parsed.success) throw new CorrectionInputError(faultsOf(parsed.error, 'input'));
  return parsed.data;
}

/** Carries it out as far as one person may; proposes it otherwise, under the command's id. Throws CorrectionInputError. */
export async function correct(session: Session, asked: AskedCorrection): Promise<CorrectionResult> {
  const { personId, commandId, kind, reason, effects, actor } = asked;
  const input = readInput(kind, asked.input);
  const order = { personId, commandId, kind, input, actor, warrant: { reason }, ...(effects === undefined ? {} : { effects }) };
  const outcome = await session.corrections.carryOut(order);
  if (outcome.outcome !== 'needs-approval') return outcome;
  const proposed = { proposalId: commandId, personId, kind, input, reason, note: null, actor };
  return { outcome: 'proposed', proposal: await session.proposals.propose(proposed, outcome.preview) };
}
