/** Fields that many requests have. Their messages say what is expected and never repeat what was sent. */
import { z } from 'zod';
import { isValidBsn } from '#libs/claims';
import { FIELDS } from '#libs/dossiers';

/** Those that the inputs of corrections have too. */
export const { date, insurer, diagnosis, uuid, prose, evidence, identifier } = FIELDS;

export const month = z
  .string()
  .regex(/^(19|20|21)\d\d-(0[1-9]|1[0-2])$/, 'give a month as YYYY-MM')
  .meta({ description: 'Month, YYYY-MM', example: '2024-03' });

export const practice = z
  .string()
  .regex(/^\d{8}$/, 'give the AGB code of the practice, eight digits')
  .meta({ description: 'AGB code, eight digits', example: '04012345' });

export const personId = z
  .uuid('give the person id, a UUID')
  .transform((value) => value.toLowerCase())
  .meta({ description: 'Random id of a person', example: '0b7f3c5e-6f0a-4a55-8f1d-6f1d3f0c2a11' });

export const cents = z
  .int('give a whole number of cents')
  .min(0, 'give a whole number of cents, not below zero')
  .max(99_999_999, 'give at most 99999999 cents')
  .meta({ description: 'Euro cents', example: 3850 });

export const bsn = z
  .string()
  .refine(isValidBsn, 'is not a BSN: nine digits that pass the 11-test; check the number')
  .meta({ description: 'Citizen service number, nine digits' });

/** A position in the log, as an earlier answer gave it. */
export const position = z
  .string()
  .regex(/^\d{1,19}-\d{1,19}$/, 'give a position as an earlier answer gave it')
  .meta({ description: 'Position in the log: give it back as it came' });

/** Query fields of every list that comes in pages. */
export const pageQuery = {
  limit: z.coerce
    .number('give a whole number')
    .int('give a whole number')
    .min(1, 'ask for at least one')
    .max(500, 'ask for at most 500')
    .optional()
    .meta({ description: 'Items in a page: 1 to 500, default 50' }),
  after: z.string().min(1).max(500).optional().meta({ description: '`next` of the page before' }),
};

/** Query field of everything that is read from the read models. */
export const freshQuery = {
  atLeast: position.optional().meta({
    description:
      'Answer from read models that have taken in this position at least (also as header Traject-At-Least). ' +
      'Waits up to five seconds, then 503.',
  }),
};
