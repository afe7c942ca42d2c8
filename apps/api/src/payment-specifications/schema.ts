import { z } from 'zod';
import { MAX_PAYMENT_LINES } from '#libs/read-models';
import { date, freshQuery, pageQuery, practice } from '../http/fields';

export const paymentsOnQuery = z.strictObject({
  on: date.meta({ description: 'Day in the Netherlands on which it was recorded', example: '2026-03-31' }),
  practice: practice.optional(),
  limit: z.coerce
    .number('give a whole number')
    .int('give a whole number')
    .min(1, 'ask for at least one')
    .max(MAX_PAYMENT_LINES, `ask for at most ${MAX_PAYMENT_LINES}`)
    .optional()
    .meta({ description: `Lines in a page: 1 to ${MAX_PAYMENT_LINES}, default 1000` }),
  after: pageQuery.after,
  ...freshQuery,
});
export type PaymentsOnQuery = z.infer<typeof paymentsOnQuery>;

const specification = z
  .strictObject({
    practice: z.string().meta({ description: 'AGB code, eight digits' }),
    cause: z.strictObject({ type: z.string(), id: z.string() }).meta({
      description:
        'What moved the grants: a command; of claim lines the file they came in; of a campaign its id; of an activated policy (`ActivatePolicy`) its digest.',
    }),
    date: z.string().meta({ description: 'Day of the specification' }),
    lines: z.array(
      z.strictObject({
        invoice: z.string().meta({ description: 'Of the original declaration, as are reference and date' }),
        reference: z.string(),
        sessionDate: z.string(),
        grantedBeforeCents: z.int(),
        grantedNowCents: z.int(),
        differenceCents: z.int(),
      }),
    ),
    totalDifferenceCents: z.int().meta({ description: 'Of these lines' }),
  })
  .meta({ id: 'PaymentSpecification', description: 'What one practice is paid otherwise by one cause.' });

export const paymentSpecificationPage = z
  .strictObject({
    specifications: z.array(specification).meta({
      description: 'One that does not end with the page comes again on the next, with the rest of its lines.',
    }),
    next: z.string().nullable().meta({ description: 'Give it as `after` for the next page; null at the end' }),
  })
  .meta({ id: 'PaymentSpecificationPage' });
export type PaymentSpecificationPage = z.infer<typeof paymentSpecificationPage>;
