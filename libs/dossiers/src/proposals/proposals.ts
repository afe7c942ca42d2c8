/** Four eyes: what one person proposed takes effect when another agrees to the same effects. */
import { Injectable } from '@nestjs/common';
import { isSameActor } from '../actors';
import { commandIdFrom } from '../person/event-ids';
import { Corrections, type Correction, type CorrectionOutcome } from '../corrections/corrections';
import { CORRECTIONS } from '../corrections/kinds';
import type { ReasonCode } from '../corrections/names';
import type { Preview } from '../preview/shape';
import type { Proposal, ProposalBook, ProposalPage, ProposalStatus } from './proposal-book';

export interface ProposedCorrection extends Correction {
  readonly proposalId: string;
  readonly reason: ReasonCode;
  readonly note: string | null;
  readonly actor: string;
}

/** What became of an approval. Where it says why not, nothing was booked. */
export type ApprovalOutcome =
  | { readonly outcome: 'booked'; readonly proposal: Proposal; readonly result: Extract<CorrectionOutcome, { outcome: 'done' }> }
  /** The one who approves is the one who proposed. */
  | { readonly outcome: 'own'; readonly proposal: Proposal }
  /** Decided before, by whom and how the proposal says. */
  | { readonly outcome: 'decided'; readonly proposal: Proposal }
  /** The approver agreed to other effects than were proposed. */
  | { readonly outcome: 'other-effects'; readonly proposal: Proposal }
  /** Its effects have changed since it was proposed, or it is refused now: it has to be proposed anew. */
  | { readonly outcome: 'stale'; readonly proposal: Proposal; readonly result: Exclude<CorrectionOutcome, { outcome: 'done' }> }
  | { readonly outcome: 'unknown' };

type Refused = Extract<CorrectionOutcome, { outcome: 'refused' }>;

/** What was proposed in the form of today, which may have come to refuse it since: an import that is verified at once, say. */
function readInput({
  kind,
  input,
}: Pick<Proposal, 'kind' | 'input'>): { readonly outcome: 'read'; readonly input: unknown } | Refused {
  const parsed = CORRECTIONS[kind].input.safeParse(input);
  if (parsed.success) return { outcome: 'read', input: parsed.data };
  const refusals = parsed.error.issues.map(({ path, message }) => ({
    ...{ code: 'form-changed', field: path.join('.'), problem: `${message}; reject this and propose it anew` },
  }));
  return { outcome: 'refused', refusals };
}

@Injectable()
export class Proposals {
  constructor(
    private readonly corrections: Corrections,
    private readonly kept: ProposalBook | null,
  ) {}

  private get book(): ProposalBook {
    if (this.kept === null) throw new Error('this process keeps no proposals');
    return this.kept;
  }

  /** Keeps it until a second person decides. `preview`: what the one who proposes has seen. */
  propose({ proposalId, personId, kind, input, reason, note, actor }: ProposedCorrection, preview: Preview): Promise<Proposal> {
    const { digest: effects, needsApproval } = preview;
    return this.book.propose({ proposalId, personId, kind, input, reason, note, effects, needsApproval, proposedBy: actor });
  }

  list(status: ProposalStatus | null, limit: number, after: string | null): Promise<ProposalPage> {
    return this.book.list(status, limit, after);
  }

  read(proposalId: string): Promise<Proposal | null> {
    return this.book.read(proposalId);
  }

  /** What it would do now. It is stale when that is not what was proposed. */
  async preview(proposal: Proposal): ReturnType<Corrections['preview']> {
    const read = readInput(proposal);
    return read.outcome === 'refused' ? read : this.corrections.preview({ ...proposal, input: read.input }, proposal.proposedBy);
  }

  /**
   * Approves the effects and books exactly them, or nothing. The approval is recorded before anything is booked, so that the database can refuse it; a
   * process that is killed in between leaves an approved proposal, and approving it once more, by whomever may, books it.
   *
   * @param effects digest of what the one who approves has seen
   */
  async approve(proposalId: string, approver: string, effects: string): Promise<ApprovalOutcome> {
    const proposal = await this.book.read(proposalId);
    if (proposal === null) return { outcome: 'unknown' };
    if (proposal.status !== 'open' && proposal.status !== 'approved') return { outcome: 'decided', proposal };
    if (isSameActor(proposal.proposedBy, approver)) return { outcome: 'own', proposal };
    if (proposal.effects !== effects) return { outcome: 'other-effects', proposal };
    const approved =
      proposal.status === 'approved' ? proposal : await this.book.move(proposalId, 'open', 'approved', { by: approver });
    if (approved?.status !== 'approved' || approved.decidedBy === null)
      return { outcome: 'decided', proposal: approved ?? proposal };
    const { personId, kind, reason, note, decidedBy } = approved;
    const read = readInput(approved);
    const result =
      read.outcome === 'refused'
        ? read
        : await this.corrections.carryOut({
            personId,
            kind,
            input: read.input,
            commandId: commandIdFrom('proposal', proposalId),
            actor: approved.proposedBy,
            warrant: { reason, ...(note === null ? {} : { note }), approvedBy: decidedBy },
            effects: approved.effects,
          });
    const to = result.outcome === 'done' ? 'booked' : 'stale';
    const moved = (await this.book.move(proposalId, 'approved', to)) ?? approved;
    return result.outcome === 'done'
      ? { outcome: 'booked', proposal: moved, result }
      : { outcome: 'stale', proposal: moved, result };
  }

  /** Says no; also the one who proposed may, to take it back. */
  async reject(
    proposalId: string,
    by: string,
    remark: string,
  ): Promise<{ readonly outcome: 'rejected' | 'decided'; readonly proposal: Proposal } | { readonly outcome: 'unknown' }> {
    const moved = await this.book.move(proposalId, 'open', 'rejected', { by, remark });
    if (moved === null) return { outcome: 'unknown' };
    const isOurs = moved.status === 'rejected' && moved.decidedBy === by && moved.remark === remark;
    return { outcome: isOurs ? 'rejected' : 'decided', proposal: moved };
  }
}
