import { z } from 'zod';
import { commandAnswerFields } from '../commands/command-answer';
import { cents, date, identifier, insurer, practice } from '../http/fields';

/** Lines of one command; a file takes more. */
const MAX_LINES = 500;

const lineFields = {
  practice,
  reference: identifier('the reference number of the line', 20).meta({ description: 'Unique within the practice' }),
  date: date.meta({ description: 'Date of the session' }),
  declaredCents: cents,
  invoice: identifier('the invoice number', 20),
};

export const debitLine = z
  .strictObject({
    kind: z.literal('debit'),
    ...lineFields,
    startTime: z
      .string()
      .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'give a time as HH:MM')
      .optional(),
    list: z.string().regex(/^\d{3}$/, 'give the performance code list, three digits'),
    performance: identifier('the performance code', 6),
    quantity: z.int('give a whole number').min(1, 'give at least one').max(9_999),
    diagnosis: z
      .string()
      .regex(/^(\d{4})?$/, 'give the DCSPH code, four digits, or leave it empty')
      .default(''),
    csi: z
      .string()
      .regex(/^(\d{3})?$/, 'give the indication code, three digits, or leave it empty')
      .default(''),
    side: z.enum(['left', 'right', 'both']).optional(),
    tariffCents: cents,
    calculatedCents: cents.meta({ description: 'Tariff times quantity' }),
    insurer: insurer.meta({ description: 'UZOVI of the insurer the line is addressed to' }),
    therapist: z
      .string()
      .regex(/^\d{8}$/, 'give the AGB code of the therapist, eight digits')
      .optional(),
    authorisation: identifier('the authorisation', 15).optional(),
    referralDate: date.optional(),
  })
  .meta({ id: 'DebitLine', description: 'A performance that is declared.' });

export const creditLine = z
  .strictObject({
    kind: z.literal('credit'),
    ...lineFields,
    debitReference: identifier('the reference number of the line that is taken back', 20),
  })
  .meta({ id: 'CreditLine', description: 'Takes a declared line back, whole: same practice, date and amount.' });

export const claimLines = z
  .strictObject({
    lines: z
      .array(z.discriminatedUnion('kind', [debitLine, creditLine], 'a line is of kind debit or credit'))
      .min(1, 'give at least one line')
      .max(MAX_LINES, `give at most ${MAX_LINES} lines; a claim file takes more`),
  })
  .meta({
    id: 'ClaimLines',
    description: 'Lines of one person, in their order; they are accepted, decided and booked together.',
  });

export type ClaimLinesInput = z.infer<typeof claimLines>;
export type ClaimLineInput = ClaimLinesInput['lines'][number];

export const claimLinesAnswer = z
  .strictObject({
    ...commandAnswerFields,
    lines: z
      .array(
        z.strictObject({
          practice: z.string(),
          reference: z.string(),
          outcome: z.enum(['refused', 'invalid', 'held', 'decided', 'credited']),
          codes: z.array(z.string()).meta({ description: 'Return codes, four digits' }),
          grantedCents: z.int().meta({ description: 'Granted to the provider; negative on a credit' }),
        }),
      )
      .meta({ description: 'What became of each line, in the order given.' }),
  })
  .meta({ id: 'ClaimLinesAnswer' });

export type ClaimLinesAnswer = z.infer<typeof claimLinesAnswer>;
