/** The proposals as they are kept: what somebody wants corrected, and what became of it. */
import type { Pool } from '#libs/platform';
import type { PersonId } from '#libs/trajectory';
import type { CorrectionKind, ReasonCode } from '../corrections/names';
import type { ApprovalReason } from '../preview/shape';

/**
 * `open`: waits for a second person. `approved`: agreed to and not finished; approved once more it is. `booked`: it is. `stale`: when it was
 * carried out its effects had changed or it was refused, and nothing of it stands: a line that was on its way to a person who could not take it
 * any more went back. `rejected`: somebody said no.
 */
export type ProposalStatus = 'open' | 'approved' | 'booked' | 'stale' | 'rejected';

export interface Proposal {
  readonly proposalId: string;
  readonly personId: PersonId;
  readonly kind: CorrectionKind;
  /** As it was asked for; its form is checked again when it is carried out. */
  readonly input: unknown;
  readonly reason: ReasonCode;
  /** Id of the note; its text is kept under the person's key. */
  readonly note: string | null;
  /** Digest of the effects that were proposed. */
  readonly effects: string;
  readonly needsApproval: readonly ApprovalReason[];
  readonly proposedBy: string;
  /** ISO 8601 in UTC. */
  readonly proposedAt: string;
  readonly status: ProposalStatus;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  /** Why it was rejected. */
  readonly remark: string | null;
}

export type NewProposal = Pick<
  Proposal,
  'proposalId' | 'personId' | 'kind' | 'input' | 'reason' | 'note' | 'effects' | 'needsApproval' | 'proposedBy'
>;

export interface ProposalPage {
  readonly proposals: readonly Proposal[];
  /** Where to go on; null = this was the last page. */
  readonly next: string | null;
}

const COLUMNS = `proposal_id as "proposalId", person_id as "personId", kind, input, reason, note, effects, needs_approval as "needsApproval",
  proposed_by as "proposedBy", to_char(proposed_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "proposedAt", status,
  decided_by as "decidedBy", to_char(decided_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as "decidedAt", remark`;

export class ProposalBook {
  constructor(private readonly pool: Pool) {}

  /** Keeps the proposal; the same id again changes nothing. Answers what is kept. */
  async propose(proposal: NewProposal): Promise<Proposal> {
    const { proposalId, personId, kind, input, reason, note, effects, needsApproval, proposedBy } = proposal;
    await this.pool.query(
      `insert into corrections.proposal (proposal_id, person_id, kind, input, reason, note, effects, needs_approval, proposed_by)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (proposal_id) do nothing`,
      [proposalId, personId, kind, JSON.stringify(input), reason, note, effects, JSON.stringify(needsApproval), proposedBy],
    );
    return (await this.read(proposalId)) as Proposal;
  }

  async read(proposalId: string): Promise<Proposal | null> {
    const { rows } = await this.pool.query<Proposal>(`select ${COLUMNS} from corrections.proposal where proposal_id = $1`, [
      proposalId,
    ]);
    return rows[0] ?? null;
  }

  /** The oldest first. */
  async list(status: ProposalStatus | null, limit: number, after: string | null): Promise<ProposalPage> {
    const { rows } = await this.pool.query<Proposal>(
      `select ${COLUMNS} from corrections.proposal
       where ($1::text is null or status = $1)
         and ($3::uuid is null
              or (proposed_at, proposal_id) > (select proposed_at, proposal_id from corrections.proposal where proposal_id = $3))
       order by proposed_at, proposal_id limit $2`,
      [status, limit + 1, after],
    );
    const proposals = rows.slice(0, limit);
    return { proposals, next: rows.length > limit ? (proposals.at(-1)?.proposalId ?? null) : null };
  }

  /**
   * Moves a proposal on, if it still is what it was; answers what it is then. The database refuses what may not be, above all that somebody approves
   * their own.
   */
  async move(
    proposalId: string,
    from: ProposalStatus,
    to: Exclude<ProposalStatus, 'open'>,
    decision?: { readonly by: string; readonly remark?: string },
  ): Promise<Proposal | null> {
    await this.pool.query(
      `update corrections.proposal
       set status = $3, decided_by = coalesce($4, decided_by), remark = coalesce($5, remark),
           decided_at = case when $4::text is null then decided_at else clock_timestamp() end
       where proposal_id = $1 and status = $2`,
      [proposalId, from, to, decision?.by ?? null, decision?.remark ?? null],
    );
    return this.read(proposalId);
  }
}
