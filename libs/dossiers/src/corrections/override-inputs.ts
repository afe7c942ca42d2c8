/** The form of what sets the money of one line by hand, and of what ends it. */
import { z } from 'zod';
import { OVERRIDE_CODES } from '../override-decision/command';
import { date, practice, reference } from './fields';

const MAX_CENTS = 100_000_000;

const cents = z
  .int('give whole cents')
  .min(0, 'give cents from 0')
  .max(MAX_CENTS, `give at most ${MAX_CENTS} cents`)
  .meta({ description: 'Euro cents' });

/** The key of a claim line. */
const line = { practice, reference };

export const override = z
  .strictObject({
    ...line,
    split: z
      .strictObject({ basic: cents, supplementary: cents, insured: cents })
      .meta({ description: 'Who bears how much of the line; adds up to what was declared' }),
    code: z
      .enum(OVERRIDE_CODES, { error: 'give 0584 or 0613, or leave the code out' })
      .optional()
      .meta({ description: 'Return code of what the provider is not paid; left out: that of the decision it stands in for' }),
    endsOn: date.meta({ description: 'Last day on which it is to hold; the policy says how far ahead it may lie' }),
  })
  .meta({ id: 'Override', description: 'The money of one line set by hand, for a time. A second person must agree.' });

export const overrideEnd = z
  .strictObject(line)
  .meta({ id: 'OverrideEnd', description: 'What was set by hand for the line ends now; it is decided by its facts again.' });
