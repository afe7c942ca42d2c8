/** Fields that many requests have. Their messages say what is expected and never repeat what was sent. */
import { z } from 'zod';
import { isValidBsn } from '#libs/claims';

const DATE = 'give a date that exists, as YYYY-MM-DD';
const MIN_DATE = '1900-01-01';
const MAX_DATE = '2199-12-31';

export const date = z.iso
  .date({ error: DATE, abort: true })
  .refine((value) => value >= MIN_DATE && value <= MAX_DATE, 'give a date between 1900 and 2199')
  .meta({ description: 'Date, YYYY-MM-DD', example: '2024-03-15' });

export const month = z
  .string()
  .regex(/^(19|20|21)\d\d-(0[1-9]|1[0-2])$/, 'give a month as YYYY-MM')
  .meta({ description: 'Month, YYYY-MM', example: '2024-03' });

export const insurer = z
  .string()
  .regex(/^\d{4}$/, 'an insurer is a UZOVI number of four digits')
  .meta({ description: 'UZOVI number, four digits', example: '3343' });

export const diagnosis = z
  .string()
  .regex(/^\d{4}$/, 'give the DCSPH code, four digits')
  .meta({ description: 'DCSPH code, four digits', example: '9376' });

export const practice = z
  .string()
  .regex(/^\d{8}$/, 'give the AGB code of the practice, eight digits')
  .meta({ description: 'AGB code, eight digits', example: '04012345' });

export const personId = z
  .uuid('give the person id, a UUID')
  .transform((value) => value.toLowerCase())
  .meta({ description: 'Random id of a person', example: '0b7f3c5e-6f0a-4a55-8f1d-6f1d3f0c2a11' });

export const uuid = (what: string) => z.uuid(`give ${what}, a UUID`).transform((value) => value.toLowerCase());

export const cents = z
  .int('give a whole number of cents')
  .min(0, 'give a whole number of cents, not below zero')
  .max(99_999_999, 'give at most 99999999 cents')
  .meta({ description: 'Euro cents', example: 3850 });

export const bsn = z
  .string()
  .refine(isValidBsn, 'is not a BSN: nine digits that pass the 11-test; check the number')
  .meta({ description: 'Citizen service number, nine digits' });

/** One line of prose by the sender, for people: a reason, who stated something. It goes into events, so it must name nobody. */
export const prose = (what: string, max = 200) =>
  z
    .string()
    .trim()
    .min(1, `say ${what}`)
    .max(max, `use at most ${max} characters`)
    // eslint-disable-next-line no-control-regex -- control characters are what is refused
    .regex(/^[^\u0000-\u001f\u007f]*$/, { error: 'use one line of text without control characters', abort: true })
    .refine(
      (text) => !(text.match(/(?<!\d)\d{9}(?!\d)/g) ?? []).some(isValidBsn),
      'it holds what looks like a BSN; events name nobody, leave it out',
    );

/** Who states something, on what: fields of a history and of every statement. */
export const evidence = {
  source: prose('where it comes from').meta({ description: 'Kind of source; names no person' }),
  statedBy: prose('by which organisation or role it was stated').meta({ description: 'Organisation or role; names no person' }),
  document: z.strictObject({
    reference: prose('which document states it').meta({ description: 'Reference of the document; names no person' }),
    digest: z
      .string()
      .regex(/^[0-9a-f]{64}$/, 'give the SHA-256 of the document, 64 hexadecimal digits in lower case')
      .optional(),
  }),
};

/** An identifier of the sender's: printable, at most so long, spaces around it are taken off. */
export const identifier = (what: string, max: number) =>
  z
    .string()
    .trim()
    .min(1, `give ${what}`)
    .max(max, `use at most ${max} characters`)
    .regex(/^[\x20-\x7e]*$/, 'use printable ASCII characters');

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
