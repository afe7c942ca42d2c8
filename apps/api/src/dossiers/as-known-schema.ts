import { z } from 'zod';
import { outcome } from '../corrections/schema';
import { date } from '../http/fields';
import { dossierPeriods } from './schema';

export const asKnownQuery = z.strictObject({
  knownOn: z
    .union([date, z.iso.datetime('give a date, or a moment in UTC such as 2024-07-01T12:00:00Z')])
    .optional()
    .meta({ description: 'A date stands for its whole day in the Netherlands; or a moment in UTC. Left out: now' }),
  validOn: date.optional().meta({ description: 'Sessions up to this date; left out: all' }),
});
export type AsKnownQuery = z.infer<typeof asKnownQuery>;

const session = z
  .strictObject({
    line: z.string(),
    practice: z.string(),
    reference: z.string(),
    date: z.string(),
    diagnosis: z.string(),
    csi: z.string(),
    performance: z.string(),
    quantity: z.int(),
    declaredCents: z.int(),
    decision: outcome.nullable().meta({ description: 'null = none was recorded' }),
    flags: z.array(z.string()),
    booked: z
      .strictObject({
        basic: z.int(),
        supplementary: z.int(),
        insured: z.int(),
        paidToProvider: z.int(),
        claimFromInsured: z.int(),
      })
      .nullable(),
  })
  .meta({ id: 'SessionAsKnown' });

export const dossierAsKnown = z
  .strictObject({
    personId: z.uuid(),
    knownOn: z.string().nullable(),
    validOn: z.string().nullable(),
    decided: z
      .strictObject({
        revision: z.int(),
        recordedAt: z.string(),
        engine: z.string(),
        policy: z.strictObject({ version: z.string(), digest: z.string() }),
        cause: z.strictObject({ command: z.string(), type: z.string() }),
      })
      .nullable()
      .meta({ description: 'The decision that was the last one then; null = there was none yet, and nothing is shown' }),
    ...dossierPeriods,
    trajectories: z.array(
      z.strictObject({
        trajectoryId: z.uuid(),
        regime: z.string(),
        codes: z.array(z.string()),
        absorbed: z.array(z.uuid()),
        histories: z.array(
          z.strictObject({
            importId: z.string(),
            startedOn: z.string(),
            count: z.int(),
            throughDate: z.string(),
            scope: z.string(),
            status: z.string(),
            signedOn: z.string().nullable(),
          }),
        ),
        overrides: z
          .array(z.strictObject({ practice: z.string(), reference: z.string(), endsOn: z.string() }))
          .meta({ description: 'Lines whose decision was set by hand, and through which day' }),
        sessions: z.array(session),
      }),
    ),
  })
  .meta({ id: 'DossierAsKnown', description: 'A dossier valid on one day, as it was known on another.' });
export type DossierAsKnown = z.infer<typeof dossierAsKnown>;
