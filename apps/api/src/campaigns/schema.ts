import { z } from 'zod';
import { CAMPAIGN_CENTS, MAX_MAPPING_BYTES, type Reached } from '#libs/dossiers';
import { digest } from '../corrections/schema';
import { pageQuery, personId, prose, uuid } from '../http/fields';

const STATUSES = ['draft', 'previewed', 'approved', 'running', 'waiting', 'paused', 'done', 'stopped', 'rejected'] as const;
/** The canary of whoever does not say. */
const CANARY = 16;
const TOLERANCE_PERCENT = 1;

const orderFields = {
  reason: prose('why').meta({ description: 'Goes into the events; names no person' }),
  canary: z
    .int('give a whole number of persons; 0 = no canary')
    .min(0, 'give a whole number of persons; 0 = no canary')
    .max(9_999_999, 'give at most 9999999 persons')
    .default(CANARY)
    .meta({ description: 'How many persons come first, before somebody lets it go on; 0 = none' }),
  tolerancePercent: z
    .number('give per cent from 0 to 100')
    .min(0, 'give per cent from 0 to 100')
    .max(100, 'give per cent from 0 to 100')
    .default(TOLERANCE_PERCENT)
    .meta({ description: 'How far, in per cent, what is booked may stay away from what was approved' }),
};

export const campaignRequest = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({
        kind: z.literal('mapping'),
        mapping: z
          .string('give the text of the mapping file')
          .min(1, 'give the text of the mapping file')
          .max(MAX_MAPPING_BYTES, `use at most ${MAX_MAPPING_BYTES} characters`)
          .meta({
            description: 'CSV: old_code,new_code,effective_date[,item][,practice], the first line with these names',
            example: 'old_code,new_code,effective_date\n9376,3176,2024-07-01\n',
          }),
        ...orderFields,
      }),
      z.strictObject({ kind: z.literal('policy'), ...orderFields }),
    ],
    { error: 'give mapping or policy' },
  )
  .meta({
    id: 'CampaignRequest',
    description:
      'One cause over very many persons: codes that go elsewhere, or everybody decided anew by the policy version in effect.',
  });
export type CampaignRequest = z.infer<typeof campaignRequest>;

export const campaignUndoRequest = z.strictObject(orderFields).meta({ id: 'CampaignUndoRequest' });
export type CampaignUndoRequest = z.infer<typeof campaignUndoRequest>;

const signedCents = z.int().meta({ description: 'Euro cents; negative when it becomes less' });
const cents = z.strictObject(
  Object.fromEntries(CAMPAIGN_CENTS.map((field) => [field, signedCents])) as Record<
    (typeof CAMPAIGN_CENTS)[number],
    typeof signedCents
  >,
);

const totals = z
  .strictObject({
    persons: z.int(),
    trajectories: z.int(),
    lines: z.int().meta({ description: 'Lines whose outcome changes' }),
    released: z.int().meta({ description: 'Of these, held before and decided then' }),
    centsMoved: z.int().meta({ description: 'Cents that come to stand on another purse' }),
    cents,
    leftAlone: z.record(z.string(), z.int()).meta({ description: 'Persons that are left alone, by the code that says why' }),
  })
  .meta({ id: 'CampaignTotals' });

export const campaign = z
  .strictObject({
    campaignId: z.uuid(),
    kind: z.enum(['mapping', 'policy', 'undo']),
    undoes: z.uuid().nullable().meta({ description: 'Campaign that it takes back' }),
    reason: z.string(),
    canary: z.int(),
    tolerancePercent: z.number(),
    policy: z.strictObject({ digest: z.string(), version: z.string() }),
    status: z.enum(STATUSES),
    stage: z.enum(['canary', 'rest']),
    totals: totals.nullable().meta({ description: 'Of the preview; null = it has not come to its end' }),
    digest: digest.nullable().meta({ description: 'Over mapping, policy, totals, tolerance and canary: what is approved' }),
    proposedBy: z.string(),
    proposedAt: z.string(),
    decidedBy: z.string().nullable(),
    decidedAt: z.string().nullable(),
    remark: z.string().nullable().meta({ description: 'Why it was rejected, paused or stopped' }),
  })
  .meta({ id: 'Campaign' });
export type CampaignAnswer = z.infer<typeof campaign>;

export const campaignList = z
  .strictObject({ campaigns: z.array(campaign), next: z.string().nullable() })
  .meta({ id: 'CampaignList' });
export type CampaignList = z.infer<typeof campaignList>;
export const campaignQuery = z.strictObject({
  limit: pageQuery.limit,
  after: uuid('`next` of the page before').optional(),
});
export type CampaignQuery = z.infer<typeof campaignQuery>;

export const campaignPath = z.strictObject({ campaignId: uuid('the id of the campaign') });
export type CampaignPath = z.infer<typeof campaignPath>;

export const campaignShown = z
  .strictObject({
    campaign,
    mapping: z
      .array(
        z.strictObject({
          line: z.int(),
          from: z.string(),
          to: z.string(),
          effectiveDate: z.string(),
          item: z.string().nullable(),
          practice: z.string().nullable(),
        }),
      )
      .nullable()
      .meta({ description: 'Rows of the mapping; null where there is none' }),
    progress: z.strictObject({
      booked: z.int(),
      exceptions: z.int(),
      toDo: z.int(),
      bookedTotals: totals,
      expectedTotals: totals.meta({ description: 'If all that is left is booked as previewed' }),
    }),
    work: z
      .strictObject({
        kind: z.enum(['preview', 'run']),
        askedBy: z.string(),
        askedAt: z.string(),
        looked: z.int().meta({ description: 'Persons that a preview has looked at' }),
        attempts: z.int().meta({ description: 'That failed, one after another' }),
        fault: z.string().nullable().meta({ description: 'Code of the last fault; it is tried again' }),
        endedAt: z.string().nullable(),
        outcome: z
          .enum(['previewed', 'done', 'waiting', 'paused', 'stopped', 'decided', 'failed'])
          .nullable()
          .meta({ description: 'null = under way' }),
      })
      .nullable()
      .meta({ description: 'What was asked of it last, in the background; null = nothing, or on the command line alone' }),
  })
  .meta({ id: 'CampaignShown' });
export type CampaignShown = z.infer<typeof campaignShown>;

const person = z
  .strictObject({
    personId: z.uuid(),
    status: z.enum(['previewed', 'refused', 'begun', 'booked', 'exception']),
    trajectories: z.int(),
    lines: z.int(),
    released: z.int(),
    centsMoved: z.int(),
    cents,
    code: z.string().nullable().meta({ description: 'Why the person is left alone' }),
    problem: z.string().nullable().meta({ description: 'What to do' }),
  })
  .meta({ id: 'CampaignPerson' });
export type CampaignPersonAnswer = z.infer<typeof person>;
export const campaignPersons = z
  .strictObject({ persons: z.array(person), next: z.string().nullable() })
  .meta({ id: 'CampaignPersons' });
export type CampaignPersons = z.infer<typeof campaignPersons>;
export const campaignOutliers = z.strictObject({ persons: z.array(person) }).meta({ id: 'CampaignOutliers' });
export type CampaignOutliers = z.infer<typeof campaignOutliers>;
export const exceptionQuery = z.strictObject({ limit: pageQuery.limit, after: personId.optional() });
export type ExceptionQuery = z.infer<typeof exceptionQuery>;

const REACHED = /^(booked|begun|previewed):([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

export const campaignPaymentsQuery = z.strictObject({
  limit: pageQuery.limit.meta({ description: 'Persons in a page: 1 to 500, default 50' }),
  after: z
    .string()
    .regex(REACHED, 'give `next` of the page before')
    .transform((text): Reached => {
      const [, status, last] = REACHED.exec(text) ?? [];
      return { status: status as Reached['status'], personId: last as Reached['personId'] };
    })
    .optional()
    .meta({ description: '`next` of the page before' }),
});
export type CampaignPaymentsQuery = z.infer<typeof campaignPaymentsQuery>;

export const campaignApproval = z
  .strictObject({ digest: digest.meta({ description: 'Digest of the preview that is agreed to' }) })
  .meta({ id: 'CampaignApproval' });
/** What is asked is in the address; the body is an empty object, as every command has one. */
export const campaignAct = z.strictObject({}).meta({ id: 'CampaignAct' });
export const campaignResume = z
  .strictObject({
    from: z.enum(['waiting', 'paused', 'running'], { error: 'give the status that you saw: waiting, paused or running' }).meta({
      description: 'Status at which the campaign was looked at; `running` for one that was given up because of a fault',
    }),
  })
  .meta({ id: 'CampaignResume' });
export type CampaignResume = z.infer<typeof campaignResume>;
export const campaignEnd = z.strictObject({ remark: prose('why') }).meta({ id: 'CampaignEnd' });
