/** Fields that the inputs of several corrections have. */
import { z } from 'zod';

export const date = z.iso.date('give a date that exists, as YYYY-MM-DD');
export const diagnosis = z.string().regex(/^\d{4}$/, 'give four digits');
export const text = z.string().min(1);
export const document = z.strictObject({
  reference: text,
  digest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});
