import { z } from 'zod';
import { date, diagnosis, prose } from '../http/fields';

export const diagnosisRemap = z
  .strictObject({
    from: diagnosis.meta({ description: 'The code that is left' }),
    to: diagnosis.meta({ description: 'The code under which the same trajectory goes on' }),
    effectiveDate: date,
    reason: prose('why the code is remapped'),
    absorb: z.boolean().default(false).meta({ description: 'Take up a second trajectory that has begun under the other code' }),
  })
  .meta({ id: 'DiagnosisRemap', description: 'The same trajectory goes on under another code; the count runs through.' });

export type DiagnosisRemapInput = z.infer<typeof diagnosisRemap>;
