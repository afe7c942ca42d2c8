import { z } from 'zod';
import { freshQuery, insurer, month } from '../http/fields';

const MAX_MONTHS = 240;

const monthNumber = (text: string): number => Number(text.slice(0, 4)) * 12 + Number(text.slice(5));

export const payerSplitQuery = z
  .strictObject({ from: month, through: month, insurer: insurer.optional(), ...freshQuery })
  .refine(({ from, through }) => from <= through, { path: ['through'], message: 'it lies before `from`' })
  .refine(({ from, through }) => monthNumber(through) - monthNumber(from) < MAX_MONTHS, {
    path: ['through'],
    message: `ask for at most ${MAX_MONTHS} months`,
  });

export type PayerSplitQuery = z.infer<typeof payerSplitQuery>;

const parts = (what: string) =>
  z
    .strictObject({ basic: z.int(), supplementary: z.int(), insured: z.int(), refused: z.int(), undecided: z.int() })
    .meta({ description: what });

const centsByPart = parts('Cents by purse, and what is refused or not decided yet; they add up to the declared amount').meta({
  id: 'SplitCents',
});

export const payerSplit = z
  .strictObject({
    from: z.string(),
    through: z.string(),
    months: z.array(
      z.strictObject({
        month: z.string(),
        insurer: z.string(),
        cents: centsByPart,
        sessions: parts('Sessions of which that part pays something').meta({ id: 'SplitSessions' }),
      }),
    ),
    total: centsByPart,
  })
  .meta({
    id: 'PayerSplit',
    description: 'By month of the session and insurer the line was addressed to; credited lines are not in it.',
  });

export type PayerSplitAnswer = z.infer<typeof payerSplit>;
