import { z } from 'zod';
import { freshQuery, uuid } from '../http/fields';
import { STATEMENT_KINDS } from '../statements/kinds';
import { session } from './session-schema';

export const trajectoryPath = z.strictObject({
  trajectoryId: uuid('the id of the trajectory').meta({ description: 'Id of the trajectory' }),
});
export type TrajectoryPath = z.infer<typeof trajectoryPath>;

export const trajectoryQuery = z.strictObject({ ...freshQuery });

export const eventsQuery = z.strictObject({
  limit: z.coerce
    .number('give a whole number')
    .int('give a whole number')
    .min(1, 'ask for at least one')
    .max(500, 'ask for at most 500')
    .default(50)
    .meta({ description: 'Events in a page: 1 to 500, default 50' }),
  after: z.coerce
    .number('give a revision')
    .int('give a revision')
    .min(0, 'give a revision')
    .max(2_147_483_647, 'give a revision')
    .optional()
    .meta({ description: 'Revision of the last event of the page before' }),
});
export type EventsQuery = z.infer<typeof eventsQuery>;

export const history = z
  .strictObject({
    importId: z.uuid(),
    startedOn: z.string(),
    count: z.int(),
    throughDate: z.string(),
    scope: z.enum(['elsewhere', 'everything']),
    perCalendarYear: z.record(z.string(), z.int()).optional(),
    previousInsurer: z.string().optional(),
    source: z.string(),
    statedBy: z.string(),
    document: z.strictObject({ reference: z.string(), digest: z.string().optional() }),
    signedOn: z.string().optional(),
    status: z
      .enum(['asserted', 'verified'])
      .meta({ description: '`verified` once another person than its recorder has verified it' }),
    supersedes: z.uuid().optional(),
    endedBy: z.enum(['superseded', 'retracted']).nullable(),
  })
  .meta({ id: 'History', description: 'An imported history; in effect while `endedBy` is null.' });

const statement = z
  .strictObject({
    statementId: z.uuid(),
    kind: z.enum(STATEMENT_KINDS),
    statedOn: z.string(),
    source: z.string(),
    statedBy: z.string(),
    document: z.strictObject({ reference: z.string(), digest: z.string().optional() }),
    contents: z
      .record(z.string(), z.union([z.string(), z.number(), z.null()]))
      .meta({ description: 'What it states: the fields of its kind, as in the command that made it' }),
    retracted: z.boolean(),
  })
  .meta({ id: 'Statement', description: 'What was stated of a trajectory beside its lines; in effect unless retracted.' });

const override = z
  .strictObject({
    practice: z.string(),
    reference: z.string(),
    split: z.strictObject({ basic: z.int(), supplementary: z.int(), insured: z.int() }),
    code: z
      .string()
      .nullable()
      .meta({ description: 'Return code of what is not paid; null = that of the decision it stands in for' }),
    endsOn: z.string().meta({ description: 'Last day on which it is to hold' }),
    setBy: z.string(),
    approvedBy: z.string().nullable(),
    reason: z.string().nullable(),
    setAt: z.string(),
  })
  .meta({
    id: 'OverrideInEffect',
    description: 'A decision that was set by hand: the money of one line, until when, and by whom.',
  });

export const trajectorySummary = z
  .strictObject({
    trajectoryId: z.uuid(),
    personId: z.uuid(),
    regime: z.string(),
    diagnosis: z.string().meta({ description: 'Code under which it began' }),
    currentCode: z.string(),
    condition: z.string().nullable(),
    absorbedInto: z.uuid().nullable(),
    firstSession: z.string().nullable(),
    lastSession: z.string().nullable(),
    lines: z.int(),
    sessionsCounted: z.int().meta({ description: 'Sessions with a position on decided lines' }),
    lastPosition: z.int().nullable(),
    heldLines: z.int(),
    switches: z.array(z.strictObject({ switchDate: z.string(), previousInsurer: z.string().optional(), recordedBy: z.string() })),
    histories: z.array(history),
    statements: z.array(statement),
    overrides: z.array(override).meta({ description: 'Decisions set by hand that are in effect' }),
    remaps: z.array(z.strictObject({ from: z.string(), to: z.string(), effectiveDate: z.string(), reason: z.string() })),
    revision: z.int(),
  })
  .meta({ id: 'TrajectorySummary', description: 'One course of treatment: its facts, and what its lines add up to.' });

export type TrajectorySummary = z.infer<typeof trajectorySummary>;

export const trajectory = z
  .strictObject({ trajectory: trajectorySummary, sessions: z.array(session) })
  .meta({ id: 'Trajectory', description: 'A trajectory with the lines that count in it, in the order in which they count.' });

export type TrajectoryAnswer = z.infer<typeof trajectory>;

export const trajectoryEvents = z
  .strictObject({
    stream: z.string(),
    items: z.array(
      z.strictObject({
        id: z.uuid(),
        revision: z.int(),
        type: z.string(),
        data: z.looseObject({}),
        metadata: z.looseObject({ commandId: z.string(), actor: z.string() }),
        position: z.string(),
        recordedAt: z.string(),
      }),
    ),
    next: z.int().nullable().meta({ description: 'Give it as `after` for the next page; null at the end' }),
  })
  .meta({ id: 'TrajectoryEvents', description: 'The stream of a trajectory, as it is stored.' });

export type TrajectoryEventsAnswer = z.infer<typeof trajectoryEvents>;
