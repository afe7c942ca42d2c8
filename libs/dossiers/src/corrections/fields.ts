/** Fields that the inputs of corrections share. Their messages say what is expected and never repeat what was sent. */
import { z } from 'zod';
import { isValidBsn } from '#libs/claims';

const DATE = 'give a date that exists, as YYYY-MM-DD';
const MIN_DATE = '1900-01-01';
const MAX_DATE = '2199-12-31';

export const date = z.iso
  .date({ error: DATE, abort: true })
  .refine((value) => value >= MIN_DATE && value <= MAX_DATE, 'give a date between 1900 and 2199')
  .meta({ description: 'Date, YYYY-MM-DD', example: '2024-03-15' });

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
  .regex(/^\d{8}$/, 'a practice is an AGB code of eight digits')
  .meta({ description: 'AGB code of the declaring practice, eight digits', example: '04012345' });

/** The reference number of a line as messages have it: any text of their alphabet, spaces around it taken off. */
export const reference = z
  .string()
  .trim()
  .min(1, 'give the reference of the line')
  .max(20, 'a reference has at most 20 characters')
  // eslint-disable-next-line no-control-regex -- control characters are what is refused
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'use no control characters')
  .meta({ description: 'Reference number of the line' });

export const uuid = (what: string) => z.uuid(`give ${what}, a UUID`).transform((value) => value.toLowerCase());

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

export const digest = z.string().regex(/^[0-9a-f]{64}$/, 'give the SHA-256 of the document, 64 hexadecimal digits in lower case');

/** Who states something, on what: fields of a history and of every statement. */
export const evidence = {
  source: prose('where it comes from').meta({ description: 'Kind of source; names no person' }),
  statedBy: prose('by which organisation or role it was stated').meta({ description: 'Organisation or role; names no person' }),
  document: z.strictObject({
    reference: prose('which document states it').meta({ description: 'Reference of the document; names no person' }),
    digest: digest.optional(),
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
