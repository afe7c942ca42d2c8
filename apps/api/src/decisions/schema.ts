import { z } from 'zod';
import { freshQuery, personId, practice } from '../http/fields';
import { session, splitCents } from '../trajectories/session-schema';
import { sentences, trace } from './trace-schema';

export const linePath = z.strictObject({
  personId,
  practice,
  reference: z.string().min(1).max(60, 'use at most 60 characters').meta({ description: 'Reference number of the line' }),
});
export type LinePath = z.infer<typeof linePath>;

export const decisionQuery = z.strictObject({ ...freshQuery });

const cause = z
  .strictObject({
    command: z.uuid(),
    type: z.string(),
    actor: z.string(),
    reason: z.string().nullable().meta({ description: 'Of a correction: why it was made, as a code' }),
    approvedBy: z.string().nullable().meta({ description: 'Of a correction: the second person, who agreed to these effects' }),
  })
  .meta({ id: 'Cause', description: 'The command that led to it, and who gave it.' });

const policy = z.strictObject({ version: z.string(), digest: z.string() });

const earlier = z.strictObject({
  revision: z.int(),
  recordedAt: z.string(),
  cause,
  policy,
  status: z
    .enum(['decided', 'held', 'invalid', 'withdrawn', 'moved'])
    .meta({ description: '`withdrawn`: credited. `moved`: it went to another person.' }),
  rule: z.string().nullable(),
  split: splitCents.nullable(),
});

export const lineDecision = z
  .strictObject({
    personId: z.uuid(),
    session,
    decision: z
      .strictObject({
        revision: z.int().meta({ description: 'Revision in the dossier' }),
        recordedAt: z.string().meta({ description: 'Since when this has been known' }),
        cause,
        policy,
        engine: z.string(),
      })
      .nullable()
      .meta({
        description:
          'Where the decision in effect, the withdrawal or the departure to another person was recorded; null when there is none',
      }),
    trace: trace.nullable().meta({ description: 'null where no decision stands' }),
    sentences: sentences.nullable(),
    known: z.array(earlier.extend({ engine: z.string() })).meta({
      description:
        'Known when: everything that was decided on the line, oldest first, what is in effect (or its withdrawal or departure) last',
    }),
    earlier: z
      .array(earlier)
      .meta({ description: 'What was decided on the line before, oldest first: `known` without its last' }),
    bookings: z
      .array(
        z.strictObject({
          revision: z.int(),
          flow: z.enum(['basic', 'supplementary', 'insured', 'paidToProvider', 'claimFromInsured']),
          cents: z.int(),
          cause: z.strictObject({ command: z.uuid(), type: z.string() }),
          policyDigest: z.string(),
          recordedAt: z.string(),
        }),
      )
      .meta({ description: 'Every posting on the line, in the order of booking' }),
    booked: z
      .strictObject({
        basic: z.int(),
        supplementary: z.int(),
        insured: z.int(),
        paidToProvider: z.int(),
        claimFromInsured: z.int(),
      })
      .meta({ description: 'Their sum, in cents' }),
  })
  .meta({ id: 'LineDecision', description: 'Why this cent: the decision on one line, its reason, its cause and its bookings.' });

export type LineDecisionAnswer = z.infer<typeof lineDecision>;
