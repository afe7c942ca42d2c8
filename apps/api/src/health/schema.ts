import { z } from 'zod';

export const liveness = z.strictObject({ status: z.literal('up') }).meta({ id: 'Liveness' });
export type Liveness = z.infer<typeof liveness>;

const part = z
  .strictObject({
    status: z.enum(['up', 'down']),
    latencyMs: z.int().optional(),
    code: z.string().optional().meta({ description: 'What the part answered with, as a code' }),
  })
  .meta({ id: 'HealthOfPart' });

export const readiness = z
  .strictObject({
    status: z.enum(['up', 'down']),
    database: part,
    eventStore: part,
    readModels: z
      .strictObject({
        status: z.enum(['current', 'behind', 'down']),
        position: z.string().nullable(),
        lagSeconds: z
          .number()
          .nullable()
          .meta({ description: 'Age of the oldest event that is not taken in; 0 when there is none' }),
        parked: z.int().nullable().meta({ description: 'Persons and streams that wait because an event could not be projected' }),
      })
      .meta({ description: 'Read models that are behind still answer; they say by Traject-Position how far they are' }),
  })
  .meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof readiness>;
