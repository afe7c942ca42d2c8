import { z } from 'zod';
import { CORRECTION_KINDS } from '#libs/dossiers';
import { digest, preview } from '../corrections/schema';
import { pageQuery, prose, uuid } from '../http/fields';

const STATUSES = ['open', 'approved', 'booked', 'stale', 'rejected'] as const;

export const proposal = z
  .strictObject({
    proposalId: z.uuid(),
    personId: z.uuid(),
    kind: z.enum(CORRECTION_KINDS),
    input: z.unknown().meta({ description: 'As it was asked for' }),
    reason: z.string(),
    note: z.string().nullable(),
    effects: digest,
    needsApproval: z.array(z.strictObject({ code: z.string(), value: z.int().nullable(), limit: z.int().nullable() })),
    proposedBy: z.string(),
    proposedAt: z.string(),
    status: z.enum(STATUSES),
    decidedBy: z.string().nullable(),
    decidedAt: z.string().nullable(),
    remark: z.string().nullable(),
  })
  .meta({ id: 'Proposal', description: 'A correction that waits, or waited, for a second person.' });
export type ProposalAnswer = z.infer<typeof proposal>;

export const proposalList = z
  .strictObject({ proposals: z.array(proposal), next: z.string().nullable() })
  .meta({ id: 'ProposalList' });

export const proposalQuery = z.strictObject({
  status: z.enum(STATUSES).optional().meta({ description: 'Left out: all' }),
  limit: pageQuery.limit,
  after: uuid('`next` of the page before').optional(),
});
export type ProposalQuery = z.infer<typeof proposalQuery>;

export const proposalPath = z.strictObject({ proposalId: uuid('the id of the proposal') });
export type ProposalPath = z.infer<typeof proposalPath>;

export const proposalShown = z
  .strictObject({
    proposal,
    now: preview.nullable().meta({
      description:
        'What it would do now; null when it is refused now, or no longer `open`. `approved`: it is agreed to and not finished; approving the same effects once more finishes it',
    }),
    isStale: z.boolean().meta({
      description:
        'Of one that is `open` whether it would do something else now than was proposed, or is refused now; else whether it was so when it was approved',
    }),
  })
  .meta({ id: 'ProposalShown' });
export type ProposalShown = z.infer<typeof proposalShown>;

export const proposalApproval = z
  .strictObject({ effects: digest.meta({ description: 'Digest of the effects that are agreed to' }) })
  .meta({ id: 'ProposalApproval' });
export const proposalRejection = z.strictObject({ remark: prose('why it is rejected') }).meta({ id: 'ProposalRejection' });
