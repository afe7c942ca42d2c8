/** The corrections that staff may ask for on the command line and in files. */
import { userInfo } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { AccessOutcome } from '#libs/access-log';
import {
  CORRECTIONS,
  personsNamedIn,
  type CorrectionKind,
  type CorrectionOutcome,
  type Corrections,
  type Proposal,
  type ReasonCode,
} from '#libs/dossiers';
import type { CommandId, PersonId } from '#libs/trajectory';
import { personsNamed } from '../access';
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

/** What became of it. One that needs a second person is proposed, and booked when that one has agreed. */
export type CorrectionResult =
  | Exclude<CorrectionOutcome, { outcome: 'needs-approval' }>
  | { readonly outcome: 'proposed' | 'booked-before'; readonly proposal: Proposal };

/** Who gives the command: the user of the operating system. */
export const commandLineActor = (): string => `cli:${userInfo().username}`;

/** A correction may be about a second person. */
const personsIn = (personId: PersonId, input: unknown): readonly string[] => [
  ...personsNamed(personId),
  ...personsNamedIn(input),
];

/** The input in its form. Throws CorrectionInputError when it is not of it. */
function readInput(kind: CorrectionKind, input: unknown): unknown {
  const parsed = CORRECTIONS[kind].input.safeParse(input);
  if (!parsed.success) throw new CorrectionInputError(faultsOf(parsed.error, 'input'));
  return parsed.data;
}

/** What it would do, on record before it is told. Throws CorrectionInputError. */
export async function previewed(
  { runtime, corrections }: Session,
  { personId, kind, input }: Pick<AskedCorrection, 'personId' | 'kind' | 'input'>,
): ReturnType<Corrections['preview']> {
  const access = { event: kind, action: 'preview', object: 'dossier', persons: personsIn(personId, input) } as const;
  try {
    const outcome = await corrections.preview({ personId, kind, input: readInput(kind, input) }, commandLineActor());
    await runtime.access.record(access, outcome.outcome === 'refused' ? 'refused' : 'success');
    return outcome;
  } catch (error) {
    if (error instanceof CorrectionInputError) await runtime.access.record(access, 'refused');
    throw error;
  }
}

/**
 * Carries it out as far as one person may; proposes it otherwise, under the command's id: on record before and after. Throws
 * CorrectionInputError.
 */
export function correct(session: Session, asked: AskedCorrection): Promise<CorrectionResult> {
  return session.runtime.access.change(
    { event: asked.kind, action: 'change', object: 'dossier', persons: personsIn(asked.personId, asked.input) },
    () => carryOut(session, asked),
    ({ outcome }) => (outcome === 'refused' || outcome === 'moved' ? 'refused' : 'success'),
    outcomeOfFault,
  );
}

const outcomeOfFault = (error: unknown): AccessOutcome => (error instanceof CorrectionInputError ? 'refused' : 'failed');

async function carryOut(session: Session, asked: AskedCorrection): Promise<CorrectionResult> {
  const { personId, commandId, kind, reason, effects, actor } = asked;
  const input = readInput(kind, asked.input);
  const kept = await session.proposals.read(commandId);
  if (kept !== null) return askedBefore(kept, { personId, kind, input });
  const order = { personId, commandId, kind, input, actor, warrant: { reason }, ...(effects === undefined ? {} : { effects }) };
  const outcome = await session.corrections.carryOut(order);
  if (outcome.outcome !== 'needs-approval') return outcome;
  const proposed = { proposalId: commandId, personId, kind, input, reason, note: null, actor };
  return { outcome: 'proposed', proposal: await session.proposals.propose(proposed, outcome.preview) };
}

/** What the same key has proposed already: nothing is done again, whatever became of it. */
function askedBefore(
  proposal: Proposal,
  { personId, kind, input }: Pick<Proposal, 'personId' | 'kind' | 'input'>,
): CorrectionResult {
  const refused = (code: string, problem: string): CorrectionResult => ({
    outcome: 'refused',
    refusals: [{ code, field: '', problem: `${problem}; give it anew under another --key, or in another file` }],
  });
  const asked = JSON.parse(JSON.stringify(input)) as unknown;
  if (proposal.personId !== personId || proposal.kind !== kind || !isDeepStrictEqual(proposal.input, asked))
    return refused('key-reused', `this key was used for another correction, proposal ${proposal.proposalId}`);
  switch (proposal.status) {
    case 'open':
    case 'approved':
      return { outcome: 'proposed', proposal };
    case 'booked':
      return { outcome: 'booked-before', proposal };
    case 'rejected':
      return refused(
        'proposal-rejected',
        `proposal ${proposal.proposalId} was rejected by ${proposal.decidedBy ?? '?'}${proposal.remark === null ? '' : ` (${proposal.remark})`}`,
      );
    case 'stale':
      return refused(
        'proposal-stale',
        `proposal ${proposal.proposalId} was agreed to when its effects had changed, and nothing of it stands`,
      );
  }
}
